from django.urls import path

from mingtang.trading.views import notices

app_name = "trading"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:key>/", notices.notice, name="notice"),
]
