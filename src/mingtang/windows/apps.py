from django.apps import AppConfig


class WindowsConfig(AppConfig):
    """Windows of a hall (窗口): numbers, bookings, calling, the big screen."""

    name = "mingtang.windows"
    label = "windows"
    verbose_name = "窗口排队"
