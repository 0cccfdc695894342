"""What concerns oneself: registering, where to go, my data, for whom I file."""

from collections.abc import Iterable
from typing import Any

from allauth.account.views import LoginView
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from mingtang.core.people import IdKind, Power
from mingtang.people import actions, queries
from mingtang.people.access import Actor, account_id, actor_of, public, signed_in
from mingtang.people.actions import Identity
from mingtang.people.forms import (
    ID_KINDS,
    AgentForm,
    ContactForm,
    ReasonForm,
    SignUpForm,
    UnitForm,
    role_names,
)
from mingtang.people.views.filling import carried_out, filled, once
from mingtang.ui.context import address

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# What somebody with one of these powers finds on their first page: label, what it is for, view.
WORK = (
    (
        {Power.CASE_INTAKE},
        gettext_lazy("窗口工作台"),
        gettext_lazy("接件、告知补正、受理"),
        "cases:desk",
    ),
    (
        {Power.CASE_INTAKE},
        gettext_lazy("叫号"),
        gettext_lazy("叫号、重呼、过号、转窗"),
        "windows:panel",
    ),
    (
        {Power.CASE_REVIEW, Power.CASE_DECIDE},
        gettext_lazy("待办"),
        gettext_lazy("审查和决定"),
        "cases:tasks",
    ),
    (
        {Power.CASE_REVIEW, Power.CASE_DECIDE},
        gettext_lazy("掌上审批"),
        gettext_lazy("在手机上看件、审查、决定、用印"),
        "hand:tasks",
    ),
    (
        {Power.CASE_REVIEW, Power.CASE_DECIDE},
        gettext_lazy("委托代办"),
        gettext_lazy("外出的日子里请同事代办，看自己今天代谁办"),
        "cases:delegations",
    ),
    (
        {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.MANDATE_GRANT},
        gettext_lazy("常用语"),
        gettext_lazy("意见和补正理由，点一下就填好"),
        "people:phrases",
    ),
    (
        {Power.CASE_REFER, Power.CASE_OVERSEE},
        gettext_lazy("转报"),
        gettext_lazy("送到系统外机关的办件，到哪一步、谁逾期"),
        "cases:legs",
    ),
    (
        {Power.CASE_COUNSEL},
        gettext_lazy("法律意见"),
        gettext_lazy("请您出具法律意见的办件"),
        "cases:opinions",
    ),
    (
        {Power.CASE_INTAKE, Power.CASE_REVIEW, Power.CASE_DECIDE, Power.JOINT_EXTEND},
        gettext_lazy("并联审批"),
        gettext_lazy("几个部门一起办的件：受理、会商、延期、出结果"),
        "cases:joint-list",
    ),
    (
        {Power.CASE_OVERSEE},
        gettext_lazy("办件总览"),
        gettext_lazy("进度、期限和超期"),
        "cases:all",
    ),
    (
        {Power.CATALOGUE_DRAFT, Power.CATALOGUE_PUBLISH},
        gettext_lazy("事项管理"),
        gettext_lazy("起草、核对和发布事项"),
        "catalogue:desk",
    ),
    (
        {Power.TRADE_ENTER, Power.TRADE_REVIEW},
        gettext_lazy("交易项目管理"),
        gettext_lazy("录入、审核、公告、变更、中止"),
        "trading:project-desk",
    ),
    (
        {Power.DEPOSIT_MANAGE},
        gettext_lazy("保证金管理"),
        gettext_lazy("子账号、来款、退款、对账"),
        "trading:deposits",
    ),
    (
        {Power.TRADE_QUALIFY},
        gettext_lazy("竞买资格审查"),
        gettext_lazy("谁报了名，准予或者不予参加"),
        "trading:applications",
    ),
    (
        {Power.TRADE_HOST},
        gettext_lazy("竞价主持"),
        gettext_lazy("录入底价，中止、恢复、终止竞价"),
        "trading:hosting",
    ),
    (
        {Power.INSPECTION_READ},
        gettext_lazy("交易监察"),
        gettext_lazy("同一账户为几位竞买人付保证金的标的"),
        "trading:inspection",
    ),
    (
        {Power.RATING_ANSWER},
        gettext_lazy("差评回访"),
        gettext_lazy("回访不满意的评价，督促整改"),
        "ratings:callbacks",
    ),
    (
        {Power.CASE_OVERSEE},
        gettext_lazy("评价情况"),
        gettext_lazy("按事项、按月看评价和意见"),
        "ratings:department",
    ),
    (
        {Power.CALENDAR_PUBLISH},
        gettext_lazy("工作日历"),
        gettext_lazy("登记国务院公布的放假安排"),
        "catalogue:calendar",
    ),
    (
        {Power.MANDATE_GRANT},
        gettext_lazy("授权书管理"),
        gettext_lazy("签发授权书、公示、撤销"),
        "people:mandates",
    ),
    (
        {Power.ORGANISATION_MANAGE},
        gettext_lazy("单位与窗口"),
        gettext_lazy("登记部门和中心，设立窗口"),
        "people:bodies",
    ),
    (
        {Power.ORGANISATION_MANAGE},
        gettext_lazy("排队规则"),
        gettext_lazy("哪些窗口叫号、何时取号、预约多少"),
        "windows:desk",
    ),
    (
        {Power.PERSON_APPOINT},
        gettext_lazy("人员任命"),
        gettext_lazy("任命和免职，查看在岗人员"),
        "people:staff",
    ),
    (
        {Power.ACCOUNT_MANAGE},
        gettext_lazy("账号管理"),
        gettext_lazy("开通、停用、重置账号"),
        "people:accounts",
    ),
    (
        {Power.AUDIT_READ},
        gettext_lazy("审计"),
        gettext_lazy("登录、账号、任命和授权的记录"),
        "people:audit",
    ),
    (
        {Power.MANDATE_GRANT, Power.CASE_DECIDE, Power.TRADE_ENTER},
        gettext_lazy("印章管理"),
        gettext_lazy("制作、移交、停用、销毁"),
        "trust:desk",
    ),
    (
        {Power.MANDATE_GRANT, Power.CASE_DECIDE, Power.CASE_OVERSEE, Power.TRADE_ENTER},
        gettext_lazy("待制文书"),
        gettext_lazy("还没有做出来的文书，以及为什么"),
        "papers:waiting",
    ),
    (
        {Power.CASE_DECIDE, Power.CASE_INTAKE, Power.CASE_OVERSEE},
        gettext_lazy("证照管理"),
        gettext_lazy("制证、发证、暂停、撤销、补发"),
        "licences:desk",
    ),
    (
        {Power.CATALOGUE_PUBLISH, Power.CATALOGUE_DRAFT},
        gettext_lazy("证照类型"),
        gettext_lazy("印什么、怎么排、有效多久"),
        "licences:types",
    ),
    (
        {Power.CATALOGUE_PUBLISH},
        gettext_lazy("交易规程管理"),
        gettext_lazy("发布、修改、停用交易规程"),
        "trading:desk",
    ),
    (
        {Power.INTERMEDIARY_MANAGE},
        gettext_lazy("中介超市管理"),
        gettext_lazy("发布服务事项，审核机构，处理投诉"),
        "intermediaries:desk",
    ),
)
OWN = (
    (gettext_lazy("我的办件"), gettext_lazy("查看进度、补正、领取回执"), "cases:mine"),
    (gettext_lazy("我的证照"), gettext_lazy("电子证照、谁看过、申请延续"), "licences:mine"),
    (
        gettext_lazy("谁看过我的证照"),
        gettext_lazy("哪个部门、为哪一件、什么时候"),
        "licences:readings",
    ),
    (gettext_lazy("我的竞买"), gettext_lazy("报名、号牌、保证金、进入竞价大厅"), "trading:mine"),
    (gettext_lazy("办事"), gettext_lazy("按事项、部门查找并申请"), "portal:items"),
    (gettext_lazy("取号和预约"), gettext_lazy("网上取号、预约时段、前面还有几人"), "windows:halls"),
    (
        gettext_lazy("我的中介服务"),
        gettext_lazy("发布采购公告，机构入驻、报名、交付"),
        "intermediaries:mine",
    ),
    (gettext_lazy("我的单位"), gettext_lazy("代单位申请，指定代理人"), "people:organisations"),
    (gettext_lazy("我的代理人"), gettext_lazy("委托他人代我申请"), "people:agents"),
    (gettext_lazy("我的资料"), gettext_lazy("身份、联系方式、登录安全"), "people:profile"),
)


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """allauth's page without its `site`, which would hide the name of ours."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site")
        return context


sign_in = public("whoever has an account signs in here")(SignIn.as_view())
sign_up = public("leads to where one registers")(
    RedirectView.as_view(pattern_name="people:register", query_string=True)
)


@public("whoever wants to apply registers here")
def register(request: HttpRequest) -> HttpResponse:
    """Registering oneself (注册): a person and an account."""
    if request.user.is_authenticated:
        return redirect("people:home")
    form = filled(SignUpForm, request)
    if request.method == "POST":
        stopped: HttpResponse | None = ratelimit.consume_or_429(request, action="signup")
        if stopped:
            return stopped
        if carried_out(form, lambda: _sign_up(request, form)):
            return redirect(_way_back(request))
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(request, "people/register.html", context)


def _sign_up(request: HttpRequest, form: SignUpForm) -> None:
    account = actions.sign_up(
        identity=form.identity(),
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        at=timezone.localtime(),
    )
    login(request, account, backend=BACKEND)


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    stays = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return target if stays else "people:home"


@public("says how a forgotten password is replaced without e-mail")
def no_email(request: HttpRequest) -> HttpResponse:
    """Instead of every page of allauth that would send a letter (忘记密码)."""
    return render(request, "people/no_email.html")


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in (我的): what is mine and what is my work."""
    actor = actor_of(request)
    context = {
        "actor": actor,
        "posts": _posts(actor),
        "work": _cards(entry[1:] for entry in WORK if entry[0] & actor.powers),
        "own": _cards(OWN),
    }
    return render(request, "people/home.html", context)


def _cards(entries: Iterable[tuple[Any, Any, str]]) -> list[dict[str, Any]]:
    """Cards for the pages this installation has."""
    return [
        {"label": label, "note": note, "url": url}
        for label, note, name in entries
        if (url := address(name))
    ]


def _posts(actor: Actor) -> list[dict[str, str]]:
    roles = role_names()
    return [
        {
            "role": roles[post.role],
            "organisation": queries.organisation_name(post.organisation),
            "staff_no": post.staff_no,
            "title": post.title,
        }
        for post in actor.appointments
    ]


@never_cache
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """My data (我的资料): masked until I ask to see it; only the phone is mine to change."""
    actor = actor_of(request)
    row = queries.person(actor.person)
    if row is None:
        raise Http404
    changing = request.method == "POST" and "phone" in request.POST
    form = ContactForm(request.POST if changing else None, label_suffix="", initial={"phone": ""})
    if changing and carried_out(form, lambda: _new_phone(row, form.cleaned_data["phone"])):
        messages.success(request, _("联系电话已更新。"))
        return redirect("people:profile")
    context = {
        "row": row,
        "form": form,
        "shown": request.method == "POST" and "show" in request.POST,
        "posts": _posts(actor),
        "id_kind": dict(ID_KINDS)[IdKind(row.id_kind)],
        "second_factor": queries.has_second_factor(account_id(request)),
    }
    return render(request, "people/profile.html", context)


def _new_phone(row: queries.PersonRow, phone: str) -> None:
    identity = Identity(
        name=row.name, id_kind=IdKind(row.id_kind), id_number=row.id_number, phone=phone
    )
    actions.amend_person(person=row.id, identity=identity, by=row.id, at=timezone.localtime())


@signed_in
def agents(request: HttpRequest) -> HttpResponse:
    """Whom I have entrusted (我的代理人)."""
    person = actor_of(request).person
    form = filled(AgentForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.entrust(
            person=person,
            agent=form.cleaned_data["person"],
            scope=form.cleaned_data["scope"],
            at=timezone.localtime(),
        ),
    ):
        messages.success(request, _("已委托。"))
        return redirect("people:agents")
    context = {
        "form": form,
        "entrusted": queries.entrusted_by(person),
        "entrusting": queries.names(sorted(actor_of(request).principals)),
        "person": person,
    }
    return render(request, "people/agents.html", context)


@require_POST
@signed_in
def end_entrustment(request: HttpRequest, agent: str) -> HttpResponse:
    """End what I entrusted (解除委托)."""
    person = actor_of(request).person
    actions.end_entrustment(
        person=person, agent=agent, reason="", by=person, at=timezone.localtime()
    )
    messages.success(request, _("委托已解除。"))
    return redirect("people:agents")


@signed_in
def organisations(request: HttpRequest) -> HttpResponse:
    """The units I file for (我的单位)."""
    person = actor_of(request).person
    form = filled(UnitForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.register_organisation(
            body=form.body(),
            by=person,
            by_staff=False,
            at=timezone.localtime(),
            once=once(request),
        ),
    ):
        messages.success(request, _("单位已登记，您是它的代理人。"))
        return redirect("people:organisations")
    context = {"form": form, "organisations": queries.organisations_of(person)}
    return render(request, "people/organisations.html", context)


@signed_in
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One unit and its agents (单位与代理人), for its agents."""
    person = _agent_of(request, code)
    form = filled(AgentForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.name_agent(
            organisation=code,
            person=form.cleaned_data["person"],
            scope=form.cleaned_data["scope"],
            by=person,
            by_staff=False,
            at=timezone.localtime(),
        ),
    ):
        messages.success(request, _("代理人已指定。"))
        return redirect("people:organisation", code)
    context = {
        "form": form,
        "organisation": queries.organisation(code),
        "agents": queries.agents_of(code),
    }
    return render(request, "people/organisation.html", context)


@signed_in
def remove_agent(request: HttpRequest, code: str, agent: str) -> HttpResponse:
    """End an agency (取消代理人), for a reason."""
    person = _agent_of(request, code)
    form = filled(ReasonForm, request)
    if request.method == "POST" and carried_out(
        form,
        lambda: actions.remove_agent(
            organisation=code,
            person=agent,
            reason=form.cleaned_data["reason"],
            by=person,
            by_staff=False,
            at=timezone.localtime(),
        ),
    ):
        messages.success(request, _("代理人已取消。"))
        return redirect("people:organisations")
    context = {
        "form": form,
        "title": _("取消代理人 %(name)s") % {"name": queries.names([agent]).get(agent, agent)},
        "button": _("取消代理人"),
    }
    return render(request, "people/reason.html", context)


def _agent_of(request: HttpRequest, code: str) -> str:
    """Return who asks, if they file for this unit; to others it does not exist."""
    actor = actor_of(request)
    if code not in actor.represents:
        raise Http404
    return actor.person
