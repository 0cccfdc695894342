from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public pages (门户): read-only, no table of their own."""

    name = "mingtang.portal"
    label = "portal"
    verbose_name = "门户"
