from django.urls import path

from mingtang.trading.views import desk, notices, procedures

app_name = "trading"
urlpatterns = [
    path("", procedures.home, name="home"),
    path("kinds/<slug:category>/", procedures.category, name="category"),
    path("procedures/<slug:code>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:code>/<int:version>/", procedures.procedure, name="version"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", desk.new, name="new"),
    path("desk/kinds/", desk.kinds, name="kinds"),
    path("desk/kinds.csv", desk.kinds_file, name="kinds-file"),
    path("desk/<slug:code>/edit/", desk.edit, name="edit"),
    path("desk/<slug:code>/withdraw/", desk.withdraw, name="withdraw"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:key>/", notices.notice, name="notice"),
]
