from django.urls import path, register_converter
from django.urls.converters import StringConverter

from mingtang.cases.views import (
    apply,
    batch,
    batchwork,
    beside,
    counter,
    desk,
    documents,
    following,
    foreign,
    mine,
    onthespot,
    overview,
    special,
    tasks,
    track,
)


class CaseNumber(StringConverter):
    """办件编号 as it is printed."""

    regex = "MT-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


class BatchNumber(StringConverter):
    """批次编号 as it is printed."""

    regex = "B-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


register_converter(CaseNumber, "case")
register_converter(BatchNumber, "batch")
app_name = "cases"
urlpatterns = [
    path("apply/<slug:item>/", apply.start, name="apply"),
    path("apply/<slug:item>/draft/", apply.save, name="apply-draft"),
    path("apply/<slug:item>/renew/", apply.renew, name="apply-renew"),
    path("apply/<slug:item>/discard/", apply.discard, name="apply-discard"),
    path("apply/<slug:item>/template.xlsx", batch.template, name="batch-template"),
    path("apply/<slug:item>/<slug:step>/", apply.step, name="apply-step"),
    path("mine/", mine.mine, name="mine"),
    path("track/", track.track, name="track"),
    path("files/<slug:id>", documents.own, name="own-document"),
    path("desk/", desk.queue, name="desk"),
    path("desk/new/", counter.choose, name="counter"),
    path("desk/new/<slug:item>/", counter.identify, name="counter-person"),
    path("desk/new/<slug:item>/<slug:person>/", counter.start, name="counter-start"),
    path("desk/new/<slug:item>/<slug:person>/draft/", counter.save, name="counter-draft"),
    path("desk/new/<slug:item>/<slug:person>/renew/", counter.renew, name="counter-renew"),
    path("desk/new/<slug:item>/<slug:person>/discard/", counter.discard, name="counter-discard"),
    path("desk/new/<slug:item>/<slug:person>/<slug:step>/", counter.step, name="counter-step"),
    path("desk/<case:number>/", desk.detail, name="desk-case"),
    path("desk/<case:number>/accept/", desk.accept, name="desk-accept"),
    path("desk/<case:number>/settle/", onthespot.settle, name="desk-settle"),
    path("desk/<case:number>/settled/", onthespot.settled, name="desk-settled"),
    path("desk/<case:number>/hand-over/", onthespot.hand_over, name="desk-hand-over"),
    path("desk/<case:number>/notify/", desk.notify, name="desk-notify"),
    path("desk/<case:number>/refuse/", desk.refuse, name="desk-refuse"),
    path("desk/<batch:number>/", batchwork.desk, name="batch-desk"),
    path("desk/<batch:number>/accept/", batchwork.accept, name="batch-accept"),
    path("tasks/", tasks.queue, name="tasks"),
    path("tasks/<case:number>/decision/decide/", tasks.decide, name="task-decide"),
    path("tasks/<case:number>/<slug:key>/", tasks.detail, name="task"),
    path("tasks/<case:number>/<slug:key>/complete/", tasks.complete, name="task-complete"),
    path("tasks/<batch:number>/decision/decide/", batchwork.decide, name="batch-decide"),
    path("tasks/<batch:number>/<slug:key>/", batchwork.task, name="batch-task"),
    path("tasks/<batch:number>/<slug:key>/complete/", batchwork.complete, name="batch-complete"),
    path("all/", overview.overview, name="all"),
    path("foreign/", foreign.foreign_cases, name="foreign"),
    path("foreign/figures/", foreign.figures, name="foreign-figures"),
    path("foreign/<slug:key>/", foreign.foreign_case, name="foreign-case"),
    path("beside/", beside.listing, name="beside"),
    path("<case:number>/follow/", following.follow, name="follow"),
    path("<case:number>/change/", following.change, name="change"),
    path("<case:number>/check/", beside.check, name="check"),
    path("<case:number>/site-check/", beside.site_check, name="site-check"),
    path("<case:number>/dates/change/", beside.rule, name="rule-on-change"),
    path("<case:number>/dates/", special.dates, name="dates"),
    path("<case:number>/dates/extend/", special.extend, name="extend"),
    path("<case:number>/dates/special/begin/", special.begin, name="begin-special"),
    path("<case:number>/dates/special/end/", special.end, name="end-special"),
    path("<case:number>/", mine.progress, name="progress"),
    path("<case:number>/filed/", apply.filed, name="filed"),
    path("<case:number>/correct/", mine.correct, name="correct"),
    path("<case:number>/withdraw/", mine.withdraw, name="withdraw"),
    path("<case:number>/receipts/<int:index>.receipt.json", mine.receipt, name="receipt"),
    path("<case:number>/documents/<slug:id>", documents.document, name="document"),
    path("<case:number>/licences/<slug:key>", documents.licence, name="licence"),
    path("<batch:number>/", batch.progress, name="batch"),
    path("<batch:number>/results.xlsx", batch.results, name="batch-results"),
    path("<batch:number>/receipts/<int:index>.receipt.json", batch.receipt, name="batch-receipt"),
]
