from django.urls import path

from mingtang.ratings.views import callbacks, department, giving, published, showing

app_name = "ratings"
urlpatterns = [
    path("", published.figures, name="figures"),
    path("ratings.csv", published.figures_csv, name="csv"),
    path("give/<slug:token>/", giving.give, name="give"),
    path("given/<slug:reply>/", giving.given, name="given"),
    path("given/<slug:reply>/answer/", giving.answer, name="answer"),
    path("case/<case:number>/", showing.of_case, name="of-case"),
    path("window/<case:number>/", showing.at_window, name="at-window"),
    path("number/<slug:page_key>/", showing.of_number, name="of-number"),
    path("number/window/<slug:window>/", showing.number_at_window, name="number-at-window"),
    path("department/", department.department, name="department"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("callbacks/<slug:key>/", callbacks.callback, name="callback"),
    path("callbacks/<slug:key>/call/", callbacks.call_back, name="call-back"),
    path("callbacks/<slug:key>/rectify/", callbacks.rectify, name="rectify"),
]
