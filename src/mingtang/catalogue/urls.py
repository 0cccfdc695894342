from django.urls import path

from mingtang.catalogue.views import (
    adoptions,
    bundles,
    calendar,
    desk,
    downloads,
    editing,
    resources,
)

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("new/", editing.new, name="new"),
    path("adoptions/", adoptions.adoptions, name="adoptions"),
    path("adoptions/<str:organ>/<slug:key>/", adoptions.adopt, name="adopt"),
    path(
        "adoptions/<str:organ>/<slug:key>/withdraw/", adoptions.withdraw, name="adoption-withdraw"
    ),
    path("bundles/", bundles.index, name="bundles"),
    path("bundles/new/", bundles.new, name="bundle-new"),
    path("bundles/<slug:key>/", bundles.edit, name="bundle"),
    path("bundles/<slug:key>/publish/", bundles.publish, name="bundle-publish"),
    path("bundles/<slug:key>/withdraw/", bundles.withdraw, name="bundle-withdraw"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.year, name="year"),
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", resources.new, name="resource-new"),
    path("resources/<slug:code>/", resources.edit, name="resource-edit"),
    path("resources/<slug:code>/withdraw/", resources.withdraw, name="resource-withdraw"),
    path("<slug:key>/", editing.item, name="item"),
    path("<slug:key>/edit/", editing.edit, name="edit"),
    path("<slug:key>/preview/", editing.preview, name="preview"),
    path("<slug:key>/compare/", editing.compare, name="compare"),
    path("<slug:key>/publish/", editing.publish, name="publish"),
    path("<slug:key>/withdraw/", editing.withdraw, name="withdraw"),
    path("<slug:key>/flow.bpmn", downloads.bpmn, name="bpmn"),
    path("<slug:key>/flow.svg", downloads.svg, name="svg"),
    path("<slug:key>/form.schema.json", downloads.schema, name="schema"),
]
