from django.urls import path

from mingtang.papers.views import making, paper, uses

app_name = "papers"
urlpatterns = [
    path("waiting/", making.waiting, name="waiting"),
    path("waiting/again/", making.again, name="again"),
    path("batch/<str:batch>/progress/", making.progress, name="progress"),
    path("uses/<str:seal>/", uses.uses, name="uses"),
    path("<str:key>.pdf", paper.pdf, name="pdf"),
    path("<str:key>/", paper.paper, name="paper"),
    path("<str:key>/serve/", paper.serve, name="serve"),
]
