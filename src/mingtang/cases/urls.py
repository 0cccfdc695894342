from django.urls import path, register_converter
from django.urls.converters import StringConverter

from mingtang.cases.views import (
    apply,
    batch,
    batchwork,
    beside,
    comparing,
    counter,
    counterjoint,
    delegating,
    desk,
    documents,
    efficiency,
    following,
    foreign,
    hand,
    handovers,
    hearings,
    joint,
    jointapply,
    jointlist,
    legs,
    mine,
    onthespot,
    opinions,
    overview,
    phones,
    shell,
    special,
    tasks,
    teamwork,
    track,
    workbench,
)


class CaseNumber(StringConverter):
    """办件编号 as it is printed."""

    regex = "MT-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


class BatchNumber(StringConverter):
    """批次编号 as it is printed."""

    regex = "B-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


class JointNumber(StringConverter):
    """联办编号 as it is printed."""

    regex = "J-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


register_converter(JointNumber, "joint")
register_converter(CaseNumber, "case")
register_converter(BatchNumber, "batch")
# 掌上审批 has addresses of its own, so that its service worker controls these and no others.
in_the_hand = [
    path("", hand.queue, name="tasks"),
    path("me/", hand.myself, name="me"),
    path("me/phones/", phones.keep, name="phone-keep"),
    path("me/phones/<slug:digest>/drop/", phones.drop, name="phone-drop"),
    path("count/", shell.count, name="count"),
    path("offline/", shell.offline, name="offline"),
    path("app.webmanifest", shell.manifest, name="manifest"),
    path("worker.js", shell.worker, name="worker"),
    path("<case:number>/decision/decide/", hand.decide, name="decide"),
    path("<case:number>/<slug:key>/", hand.detail, name="task"),
    path("<case:number>/<slug:key>/complete/", hand.complete, name="complete"),
]
app_name = "cases"
urlpatterns = [
    path("efficiency/", efficiency.efficiency, name="efficiency"),
    path("efficiency/efficiency.csv", efficiency.efficiency_csv, name="efficiency-csv"),
    path(
        "efficiency/<str:month>/<str:department>/<slug:item>/",
        efficiency.behind,
        name="efficiency-behind",
    ),
    path(
        "efficiency/<str:month>/<str:department>/<slug:item>/first-review/",
        efficiency.behind_first_reviews,
        name="efficiency-first-reviews",
    ),
    path("apply/<slug:item>/", apply.start, name="apply"),
    path("apply/<slug:item>/draft/", apply.save, name="apply-draft"),
    path("apply/<slug:item>/renew/", apply.renew, name="apply-renew"),
    path("apply/<slug:item>/discard/", apply.discard, name="apply-discard"),
    path("apply/<slug:item>/template.xlsx", batch.template, name="batch-template"),
    path("apply/<slug:item>/<slug:step>/", apply.step, name="apply-step"),
    path("together/<slug:bundle>/", jointapply.start, name="joint-apply"),
    path("together/<slug:bundle>/draft/", jointapply.save, name="joint-apply-draft"),
    path("together/<slug:bundle>/renew/", jointapply.renew, name="joint-apply-renew"),
    path("together/<slug:bundle>/discard/", jointapply.discard, name="joint-apply-discard"),
    path("together/<slug:bundle>/<slug:step>/", jointapply.step, name="joint-apply-step"),
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
    path("desk/together/<slug:bundle>/", counterjoint.identify, name="counter-joint-person"),
    path(
        "desk/together/<slug:bundle>/<slug:person>/", counterjoint.start, name="counter-joint-start"
    ),
    path(
        "desk/together/<slug:bundle>/<slug:person>/draft/",
        counterjoint.save,
        name="counter-joint-draft",
    ),
    path(
        "desk/together/<slug:bundle>/<slug:person>/renew/",
        counterjoint.renew,
        name="counter-joint-renew",
    ),
    path(
        "desk/together/<slug:bundle>/<slug:person>/discard/",
        counterjoint.discard,
        name="counter-joint-discard",
    ),
    path(
        "desk/together/<slug:bundle>/<slug:person>/<slug:step>/",
        counterjoint.step,
        name="counter-joint-step",
    ),
    path("desk/handovers/", handovers.index, name="handovers"),
    path("desk/handovers/new/", handovers.new, name="handover-new"),
    path("desk/handovers/<slug:key>/", handovers.detail, name="handover"),
    path("desk/handovers/<slug:key>/<slug:act>/", handovers.settle, name="handover-settle"),
    path("desk/<case:number>/", desk.detail, name="desk-case"),
    path("desk/<case:number>/accept/", desk.accept, name="desk-accept"),
    path("desk/<case:number>/settle/", onthespot.settle, name="desk-settle"),
    path("desk/<case:number>/settled/", onthespot.settled, name="desk-settled"),
    path("desk/<case:number>/hand-over/", onthespot.hand_over, name="desk-hand-over"),
    path("desk/<case:number>/notify/", desk.notify, name="desk-notify"),
    path("desk/<case:number>/refuse/", desk.refuse, name="desk-refuse"),
    path("desk/<batch:number>/", batchwork.desk, name="batch-desk"),
    path("desk/<batch:number>/accept/", batchwork.accept, name="batch-accept"),
    path("work/", workbench.workbench, name="workbench"),
    path("work/delegations/", delegating.delegations, name="delegations"),
    path("work/delegations/give/", delegating.give, name="delegate"),
    path("work/delegations/<slug:key>/end/", delegating.end, name="end-delegation"),
    path("tasks/", tasks.queue, name="tasks"),
    path("tasks/<case:number>/decision/decide/", tasks.decide, name="task-decide"),
    path("tasks/<case:number>/<slug:key>/", tasks.detail, name="task"),
    path("tasks/<case:number>/<slug:key>/complete/", tasks.complete, name="task-complete"),
    path("tasks/<case:number>/<slug:key>/team/", teamwork.team, name="team"),
    path("tasks/<case:number>/<slug:key>/team/<slug:act>/", teamwork.act, name="team-act"),
    path("tasks/<batch:number>/decision/decide/", batchwork.decide, name="batch-decide"),
    path("tasks/<batch:number>/<slug:key>/", batchwork.task, name="batch-task"),
    path("tasks/<batch:number>/<slug:key>/complete/", batchwork.complete, name="batch-complete"),
    path("all/", overview.overview, name="all"),
    path("foreign/", foreign.foreign_cases, name="foreign"),
    path("foreign/figures/", foreign.figures, name="foreign-figures"),
    path("foreign/<slug:key>/", foreign.foreign_case, name="foreign-case"),
    path("legs/", legs.legs, name="legs"),
    path("opinions/", opinions.queue, name="opinions"),
    path("opinions/<case:number>/<int:request_no>/", opinions.detail, name="opinion"),
    path("opinions/<case:number>/<int:request_no>/give/", opinions.give, name="opinion-give"),
    path(
        "opinions/<case:number>/<int:request_no>/decline/",
        opinions.decline,
        name="opinion-decline",
    ),
    path("hearings/", hearings.coming, name="hearings"),
    path("<case:number>/hearing/", hearings.of_case, name="hearing"),
    path("<case:number>/hearing/<int:hearing>/record/", documents.record, name="hearing-record"),
    path("<case:number>/hearing/<slug:act>/", hearings.act, name="hearing-act"),
    path("<case:number>/legs/", legs.of_case, name="case-legs"),
    path("<case:number>/legs/refer/", legs.refer, name="refer"),
    path("<case:number>/legs/<int:leg>/hand-over/", legs.hand_over, name="leg-hand-over"),
    path("<case:number>/legs/<int:leg>/urge/", legs.urge, name="leg-urge"),
    path("<case:number>/legs/<int:leg>/answer/", legs.answer, name="leg-answer"),
    path("<case:number>/legs/<int:leg>/recall/", legs.recall, name="leg-recall"),
    path("<case:number>/legs/<int:leg>/letter/", documents.letter, name="leg-letter"),
    path("<case:number>/opinions/", opinions.of_case, name="case-opinions"),
    path("<case:number>/opinions/ask/", opinions.ask, name="opinion-ask"),
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
    path("<case:number>/remind/", teamwork.remind, name="remind"),
    path("<case:number>/compare/", comparing.compare, name="compare"),
    path("<case:number>/compare/<int:place>/", comparing.text, name="compare-text"),
    path("<case:number>/filed/", apply.filed, name="filed"),
    path("<case:number>/correct/", mine.correct, name="correct"),
    path("<case:number>/withdraw/", mine.withdraw, name="withdraw"),
    path("<case:number>/receipts/<int:index>.receipt.json", mine.receipt, name="receipt"),
    path("<case:number>/documents/<slug:id>", documents.document, name="document"),
    path("<case:number>/licences/<slug:key>", documents.licence, name="licence"),
    path("joint/", jointlist.joint_list, name="joint-list"),
    path("<joint:number>/", joint.progress, name="joint"),
    path("<joint:number>/accept/", joint.accept, name="joint-accept"),
    path("<joint:number>/ask/", joint.ask, name="joint-ask"),
    path("<joint:number>/answer/<int:consultation>/", joint.answer, name="joint-answer"),
    path("<joint:number>/extension/", joint.extend, name="joint-extend"),
    path("<joint:number>/extension/answer/", joint.approve, name="joint-approve"),
    path("<joint:number>/conclude/", joint.conclude, name="joint-conclude"),
    path("<joint:number>/withdraw/", joint.withdraw, name="joint-withdraw"),
    path("<joint:number>/receipts/<int:index>.receipt.json", joint.receipt, name="joint-receipt"),
    path("<batch:number>/", batch.progress, name="batch"),
    path("<batch:number>/results.xlsx", batch.results, name="batch-results"),
    path("<batch:number>/receipts/<int:index>.receipt.json", batch.receipt, name="batch-receipt"),
]
