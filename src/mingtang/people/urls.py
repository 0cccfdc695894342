from django.urls import path, re_path

from mingtang.people.views import accounts, audit, bodies, letters, mine, phrases, posts

app_name = "people"
urlpatterns = [
    path("register/", mine.register, name="register"),
    # Before allauth's own pages at the same addresses; nothing here is done by e-mail.
    path("account/login/", mine.sign_in, name="sign_in"),
    path("account/signup/", mine.sign_up, name="sign_up"),
    re_path(
        r"^account/(?:email|confirm-email|password/reset|password/set|login/code)/",
        mine.no_email,
        name="no_email",
    ),
    path("me/", mine.home, name="home"),
    path("me/profile/", mine.profile, name="profile"),
    path("me/agents/", mine.agents, name="agents"),
    path("me/agents/<str:agent>/end/", mine.end_entrustment, name="end_entrustment"),
    path("me/organisations/", mine.organisations, name="organisations"),
    path("me/organisations/<str:code>/", mine.organisation, name="organisation"),
    path(
        "me/organisations/<str:code>/agents/<str:agent>/remove/",
        mine.remove_agent,
        name="remove_agent",
    ),
    path("me/phrases/", phrases.index, name="phrases"),
    path("me/phrases/<int:id>/drop/", phrases.drop, name="drop_phrase"),
    path("letters/", letters.index, name="letters"),
    path("letters/<str:key>/", letters.letter, name="letter"),
    path("staff/letters/", letters.granted, name="mandates"),
    path("staff/letters/new/", letters.grant, name="grant"),
    path("staff/letters/<str:key>/", letters.mandate, name="mandate"),
    path("staff/letters/<str:key>/publish/", letters.publish, name="publish"),
    path("staff/letters/<str:key>/revoke/", letters.revoke, name="revoke"),
    path("staff/posts/", posts.index, name="staff"),
    path("staff/posts/new/", posts.appoint, name="appoint"),
    path("staff/posts/<str:person>/<int:number>/", posts.end, name="end_post"),
    path("staff/bodies/", bodies.index, name="bodies"),
    path("staff/bodies/new/", bodies.register, name="register_body"),
    path("staff/bodies/offices/new/", bodies.open_office, name="open_office"),
    path("staff/bodies/offices/<str:code>/", bodies.close_office, name="close_office"),
    path("staff/accounts/", accounts.index, name="accounts"),
    path("staff/accounts/open/", accounts.open_account, name="open_account"),
    path("staff/accounts/<str:username>/<slug:act>/", accounts.act, name="account_act"),
    path("staff/audit/", audit.index, name="audit"),
]
