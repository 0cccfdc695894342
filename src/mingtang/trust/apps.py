from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "mingtang.trust"
    label = "trust"
