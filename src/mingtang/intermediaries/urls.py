from django.urls import path

from mingtang.intermediaries.views import desk, mine, needs, public

app_name = "intermediaries"
urlpatterns = [
    path("", public.home, name="home"),
    path("services/", public.services, name="services"),
    path("register/", public.register, name="register"),
    path("register/<slug:code>/", public.body, name="body"),
    path("figures/", public.figures, name="figures"),
    path("how/", public.how, name="how"),
    path("mine/", mine.mine, name="mine"),
    path("join/<slug:code>/", mine.join, name="join"),
    path("publish/", mine.publish, name="publish"),
    path("desk/", desk.desk, name="desk"),
    path("desk/services/", desk.service, name="new-service"),
    path("desk/services/<slug:code>/", desk.service, name="service"),
    path("desk/services/<slug:code>/withdraw/", desk.withdraw, name="withdraw-service"),
    path("desk/bodies/<slug:code>/", desk.body, name="review"),
    path("desk/bodies/<slug:code>/files/<slug:id>/", desk.file, name="qualification-file"),
    path("desk/bodies/<slug:code>/<slug:act>/", desk.act, name="body-act"),
    path("needs/<slug:key>/", needs.need, name="need"),
    path("needs/<slug:key>/files/<slug:id>/", needs.file, name="result-file"),
    path("needs/<slug:key>/<slug:act>/", needs.act, name="need-act"),
]
