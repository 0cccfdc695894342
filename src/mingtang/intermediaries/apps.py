from django.apps import AppConfig


class IntermediariesConfig(AppConfig):
    """中介超市: services, the register of bodies, needs and who is chosen for them."""

    name = "mingtang.intermediaries"
    label = "intermediaries"
    verbose_name = "中介超市"
