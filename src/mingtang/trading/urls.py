from django.urls import path

from mingtang.trading.views import desk, notices, procedures, projectdesk, projects, records

app_name = "trading"
urlpatterns = [
    path("", procedures.home, name="home"),
    path("kinds/<slug:category>/", procedures.category, name="category"),
    path("procedures/<slug:code>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:code>/<int:version>/", procedures.procedure, name="version"),
    path("projects/", projects.projects, name="projects"),
    path("projects/<slug:key>/", projects.project, name="project"),
    path("desk/", desk.desk, name="desk"),
    path("desk/projects/", projectdesk.projects, name="project-desk"),
    path("desk/projects/new/", projectdesk.begin, name="project-begin"),
    path("desk/projects/new/<slug:kind>/", projectdesk.new, name="project-new"),
    path("desk/projects/<slug:key>/", projectdesk.project, name="project-work"),
    path("desk/projects/<slug:key>/edit/", projectdesk.edit, name="project-edit"),
    path("desk/projects/<slug:key>/change/", projectdesk.change, name="project-change"),
    path("desk/projects/<slug:key>/<slug:name>/", projectdesk.act, name="project-act"),
    path("desk/new/", desk.new, name="new"),
    path("desk/kinds/", desk.kinds, name="kinds"),
    path("desk/kinds.csv", desk.kinds_file, name="kinds-file"),
    path("desk/<slug:code>/edit/", desk.edit, name="edit"),
    path("desk/<slug:code>/withdraw/", desk.withdraw, name="withdraw"),
    path("lots/<slug:key>/record.json", records.record, name="record"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:key>/", notices.notice, name="notice"),
]
