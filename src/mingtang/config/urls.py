"""Which room answers which path."""

from django.urls import include, path

from mingtang.cases.urls import in_the_hand

urlpatterns = [
    path("", include("mingtang.portal.urls")),
    path("", include("mingtang.people.urls")),
    path("account/", include("allauth.urls")),
    path("catalogue/", include("mingtang.catalogue.urls")),
    path("cases/", include("mingtang.cases.urls")),
    path("hand/", include((in_the_hand, "hand"))),
    path("licences/", include("mingtang.licences.urls")),
    path("papers/", include("mingtang.papers.urls")),
    path("ratings/", include("mingtang.ratings.urls")),
    path("seals/", include("mingtang.trust.urls")),
    path("trading/", include("mingtang.trading.urls")),
    path("windows/", include("mingtang.windows.urls")),
    path("intermediaries/", include("mingtang.intermediaries.urls")),
    path("ui/", include("mingtang.ui.urls")),
    path("log/", include("mingtang.ledger.urls")),
]
handler403 = "mingtang.ui.views.forbidden"
handler404 = "mingtang.ui.views.not_found"
handler500 = "mingtang.ui.views.broken"
