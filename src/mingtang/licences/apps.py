from django.apps import AppConfig


class LicencesConfig(AppConfig):
    """E-licences (证照): from a decision to the holder, and their life."""

    name = "mingtang.licences"
    label = "licences"
    verbose_name = "证照"
