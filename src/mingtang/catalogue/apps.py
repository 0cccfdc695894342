from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Service items (事项) and the working-day calendar (工作日历)."""

    name = "mingtang.catalogue"
    label = "catalogue"
    verbose_name = "事项"
