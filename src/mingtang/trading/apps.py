from django.apps import AppConfig


class TradingConfig(AppConfig):
    """Trading (公共资源交易): kinds and procedures, projects, notices, lots."""

    name = "mingtang.trading"
    label = "trading"
    verbose_name = "公共资源交易"

    def ready(self) -> None:
        from mingtang.papers import access as papers
        from mingtang.trading import access

        papers.rules.append(access.may_open_paper)
