from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases (办件): from an application to its decision."""

    name = "mingtang.cases"
    label = "cases"
    verbose_name = "办件"
