from django.urls import path

from mingtang.trust.views import board, desk

app_name = "trust"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("public/", board.board, name="board"),
    path("new/", desk.make, name="make"),
    path("<str:key>/", desk.seal, name="seal"),
    path("<str:key>/hand-over/", desk.hand_over, name="hand_over"),
    path("<str:key>/suspend/", desk.suspend, name="suspend"),
    path("<str:key>/resume/", desk.resume, name="resume"),
    path("<str:key>/destroy/", desk.destroy, name="destroy"),
]
