from django.urls import path

from mingtang.portal.views import about, bundles, check, data, home, items, ledger, sharing

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("items/", items.items, name="items"),
    path("items/<slug:key>/", items.guide, name="guide"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("together/", bundles.index, name="bundles"),
    path("together/<slug:key>/", bundles.guide, name="bundle"),
    path("departments/", items.departments, name="departments"),
    path("check/", check.check, name="check"),
    path("check/<str:code>/", check.code, name="check_code"),
    path("check/digest/<str:digest>/", check.digest, name="check_digest"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/policy", ledger.policy, name="policy"),
    path("ledger/<int:index>/", ledger.entry, name="entry"),
    path("ledger/<int:index>/receipt", ledger.receipt, name="receipt"),
    path("open-data/items.json", data.items_json, name="items_json"),
    path("open-data/items.csv", data.items_csv, name="items_csv"),
    path("open-data/sharing.json", sharing.sharing_json, name="sharing_json"),
    path("about/", about.about, name="about"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("sitemap/", about.sitemap, name="sitemap"),
    path("demo/", about.demo, name="demo"),
]
