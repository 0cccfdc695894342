from django.urls import path

from . import views

app_name = "ui"

urlpatterns = [
    path("components/", views.components, name="components"),
    path("preference/", views.set_preference, name="preference"),
]
