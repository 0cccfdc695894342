from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mingtang.people"
    label = "people"
