from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Ratings (好差评): one for each finished service, counted in public, bad ones answered."""

    name = "mingtang.ratings"
    label = "ratings"
    verbose_name = "好差评"
