from django.apps import AppConfig


class LicencesConfig(AppConfig):
    """E-licences (证照): from a decision to the holder, and their life."""

    name = "mingtang.licences"
    label = "licences"
    verbose_name = "证照"

    def ready(self) -> None:
        from mingtang.licences import access
        from mingtang.papers import access as papers

        papers.rules.append(access.may_open_paper)
        papers.addressees.append(access.is_for)
