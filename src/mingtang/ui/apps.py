from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look (界面): base pages, pieces, stylesheet. It holds no business rule and no table."""

    name = "mingtang.ui"
    label = "ui"
    verbose_name = "界面"
