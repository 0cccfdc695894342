from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Seals (印章): whose seals and certificates count."""

    name = "mingtang.trust"
    label = "trust"
    verbose_name = "印章"
