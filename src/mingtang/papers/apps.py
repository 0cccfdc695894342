from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Papers (文书): made, sealed, served and checked."""

    name = "mingtang.papers"
    label = "papers"
    verbose_name = "文书"
