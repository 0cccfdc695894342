from django.urls import path

from mingtang.licences.views import acts, batches, desk, mine, types

app_name = "licences"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("desk/", desk.desk, name="desk"),
    path("desk/again/", desk.again, name="again"),
    path("desk/<slug:key>/", desk.licence, name="desk-licence"),
    path("desk/<slug:key>/hand-over/", acts.hand_over, name="hand-over"),
    path("desk/<slug:key>/<slug:name>/", acts.act, name="act"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<slug:number>/", batches.batch, name="batch"),
    path("batches/<slug:number>/print-<int:part>.pdf", batches.printed, name="batch-print"),
    path("batches/<slug:number>/list/", batches.listing, name="batch-list"),
    path("batches/<slug:number>/list.xlsx", batches.workbook, name="batch-workbook"),
    path("batches/<slug:number>/hand-over/", batches.hand_over, name="batch-hand-over"),
    path("types/", types.types, name="types"),
    path("types/new/", types.new, name="type-new"),
    path("types/<slug:key>/", types.licence_type, name="type"),
    path("types/<slug:key>/edit/", types.edit, name="type-edit"),
    path("types/<slug:key>/check/", types.check, name="type-check"),
    path("types/<slug:key>/draft.pdf", types.draft_specimen, name="type-draft-specimen"),
    path("types/<slug:key>/<int:version>.pdf", types.specimen_of, name="type-specimen"),
    path("types/<slug:key>/withdraw/", types.withdraw, name="type-withdraw"),
    path("readings/", mine.readings, name="readings"),
    path("<slug:key>/", mine.licence, name="licence"),
    path("<slug:key>/answer/", mine.answer, name="answer"),
    path("<slug:key>/receipt/<int:index>/", mine.receipt, name="receipt"),
]
