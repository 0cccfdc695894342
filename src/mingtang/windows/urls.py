from django.urls import path

from mingtang.windows.views import desk, halls, panel, tickets

app_name = "windows"
urlpatterns = [
    path("", halls.halls, name="halls"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<slug:hall>/", desk.arrange, name="arrange"),
    path("desk/<slug:hall>/<slug:window>/", desk.serving, name="serving"),
    path("panel/", panel.choose, name="panel"),
    path("panel/<slug:window>/", panel.panel, name="at-window"),
    path("panel/<slug:window>/line/", panel.line, name="line"),
    path("panel/<slug:window>/take/", panel.take, name="take-at-window"),
    path("panel/<slug:window>/slip/", panel.slip, name="slip"),
    path("panel/<slug:window>/again/", panel.again, name="again"),
    path("panel/<slug:window>/transfer/", panel.transfer, name="transfer"),
    path("panel/<slug:window>/<slug:name>/", panel.act, name="act"),
    path("tickets/<slug:page_key>/", tickets.ticket, name="ticket"),
    path("tickets/<slug:page_key>/now/", tickets.now, name="ticket-now"),
    path("tickets/<slug:page_key>/cancel/", tickets.cancel, name="cancel"),
    path("<slug:hall>/", halls.hall, name="hall"),
    path("<slug:hall>/screen/", halls.screen, name="screen"),
    path("<slug:hall>/screen/now/", halls.screen_now, name="screen-now"),
    path("<slug:hall>/waiting/", halls.waiting, name="waiting"),
    path("<slug:hall>/take/", tickets.take, name="take"),
    path("<slug:hall>/book/", tickets.book, name="book"),
]
