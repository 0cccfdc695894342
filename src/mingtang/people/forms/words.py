"""What kinds and roles are called on a form (名称)."""

from django.utils.translation import gettext_lazy as _

from mingtang.core.mandates import MandatePower
from mingtang.core.organisations import OfficeKind, OrganisationKind
from mingtang.core.people import IdKind, Role

ID_KINDS = [
    (IdKind.RESIDENT, _("居民身份证")),
    (IdKind.PASSPORT, _("护照")),
    (IdKind.HK_MACAO_PERMIT, _("港澳居民来往内地通行证")),
    (IdKind.TAIWAN_PERMIT, _("台湾居民来往大陆通行证")),
    (IdKind.PERMANENT_RESIDENT, _("外国人永久居留身份证")),
    (IdKind.OTHER, _("其他证件")),
]
ROLES = [
    (Role.WINDOW_CLERK, _("窗口工作人员")),
    (Role.REVIEWER, _("审查人员")),
    (Role.CHIEF_REPRESENTATIVE, _("首席代表")),
    (Role.DEPARTMENT_MANAGER, _("部门负责人")),
    (Role.CENTRE_MANAGER, _("中心管理人员")),
    (Role.GOVERNMENT_HEAD, _("政府负责人")),
    (Role.INSPECTOR, _("监察人员")),
    (Role.COUNSEL, _("法律顾问")),
    (Role.TRADE_OFFICER, _("交易经办人员")),
    (Role.TRADE_HOST, _("竞价主持人")),
    (Role.TREASURER, _("保证金会计")),
    (Role.SYSTEM_ADMIN, _("系统管理员")),
    (Role.SECURITY_ADMIN, _("安全管理员")),
    (Role.AUDIT_ADMIN, _("审计管理员")),
]
ORGANISATION_KINDS = [
    (OrganisationKind.DEPARTMENT, _("部门")),
    (OrganisationKind.CENTRE, _("公共服务中心")),
    (OrganisationKind.GOVERNMENT, _("人民政府")),
    (OrganisationKind.ENTERPRISE, _("企业")),
    (OrganisationKind.PUBLIC_INSTITUTION, _("事业单位")),
    (OrganisationKind.SOCIAL_ORGANISATION, _("社会组织")),
    (OrganisationKind.OTHER, _("其他组织")),
]
OFFICE_KINDS = [(OfficeKind.WINDOW, _("窗口")), (OfficeKind.DEPARTMENT_OFFICE, _("部门办公室"))]
MANDATE_POWERS = [
    (MandatePower.ACCEPT, _("受理")),
    (MandatePower.DECIDE, _("决定")),
    (MandatePower.SEAL, _("用印")),
]


def role_names() -> dict[str, str]:
    """Return what each role is called, in the reader's language."""
    return {role.value: str(name) for role, name in ROLES}
