from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases (办件): from an application to its decision."""

    name = "mingtang.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from mingtang.cases import access
        from mingtang.papers import access as papers

        papers.rules.append(access.may_open_paper)
        papers.addressees.append(access.is_for)
