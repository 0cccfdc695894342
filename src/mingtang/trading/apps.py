from django.apps import AppConfig


class TradingConfig(AppConfig):
    """Trading (公共资源交易): kinds and procedures, projects, notices."""

    name = "mingtang.trading"
    label = "trading"
    verbose_name = "公共资源交易"
