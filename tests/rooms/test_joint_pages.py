"""The pages of bundles and joint cases: who sees what, who finds which form, what a form does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingtang.cases import queries
from mingtang.cases.actions import joint
from mingtang.cases.models import CaseRow, JointRow
from mingtang.cases.reactions import REACTIONS
from mingtang.catalogue import queries as catalogue
from mingtang.core.people import Role
from mingtang.ledger import reactions
from mingtang.vault.models import DocumentRow
from tests.core.bundle_examples import FIRE, LICENCE, SIGN
from tests.core.case_examples import MONDAY
from tests.rooms import case_town, joint_town
from tests.rooms.case_town import ONCE, official, page, signed_in, upload
from tests.rooms.joint_town import ANSWERS, FORM, KEY, KEYS, accept, branch, decided, file

pytestmark = pytest.mark.django_db
[ORDERING] = [reaction for reaction in REACTIONS if reaction.reader == queries.PAPERS_READER]


@pytest.fixture(autouse=True)
def now(monkeypatch, log_home):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(hours=1))


@pytest.fixture
def there():
    return joint_town.build()


def text_of(answer, code=200):
    assert answer.status_code == code
    return answer.content.decode()


def row(number):
    return JointRow.objects.get(pk=number)


# ── The public guide ────────────────────────────────────────────────────────


def test_the_guide_lists_every_material_once_and_who_handles(there):
    listed = text_of(Client().get(reverse("portal:bundles")))
    assert "开办餐馆" in listed
    guide = text_of(Client().get(reverse("portal:bundle", args=[KEY])))
    assert guide.count('<th scope="row">平面图') == 1
    assert "房屋平面布置图" not in guide  # declared the same
    for said in ("食品经营许可、店招设置、消防安全检查", "45 个工作日", "演示省人民政府"):
        assert said in guide
    assert reverse("cases:joint-apply", args=[KEY]) in guide
    assert "开办餐馆" in text_of(Client().get(reverse("portal:guide", args=[KEYS[SIGN]])))
    assert Client().get(reverse("portal:bundle", args=["nothing"])).status_code == 404


def test_what_cannot_be_applied_for_says_so(there):
    joint_town.catalogue.withdraw_item(key=KEYS[FIRE], reason="取消", by="t", at=MONDAY)
    guide = text_of(Client().get(reverse("portal:bundle", args=[KEY])))
    assert "暂时不能一次申请" in guide
    citizen = signed_in(there.town.citizen)
    said = text_of(citizen.get(reverse("cases:joint-apply", args=[KEY])), 409)
    assert "消防安全检查" in said


# ── Writing a bundle ────────────────────────────────────────────────────────


def written(**changed):
    codes = "\n".join(joint_town.CONTENTS[item].code for item in (LICENCE, SIGN, FIRE))
    return {
        "once_key": ONCE,
        "key": "diner",
        "name": "开办小餐馆",
        "lead": "market",
        "government": "province",
        "promised_days": "45",
        "items": codes,
        "same": "DEMO-001/m2 DEMO-003/m1",
        **changed,
    }


def test_the_centre_writes_and_publishes_a_bundle(there):
    centre = signed_in(official(61, Role.CENTRE_MANAGER, "centre"))
    new, edit = reverse("catalogue:bundle-new"), reverse("catalogue:bundle", args=["diner"])
    assert "声明为同一份" in text_of(centre.get(new))
    assert centre.post(new, written()).url == edit
    shown = text_of(centre.get(edit))
    assert "DEMO-001/m2" in shown
    centre.post(reverse("catalogue:bundle-publish", args=["diner"]), {"seen": "1"})
    assert catalogue.bundle_in_force("diner").content.name == "开办小餐馆"
    assert centre.post(edit, written(name="开办餐饮店", seen="1", once_key=f"{ONCE}1")).url == edit
    assert "同事改过" in text_of(
        centre.post(edit, written(name="开饭馆", seen="1", once_key=f"{ONCE}2")), 422
    )
    withdraw = reverse("catalogue:bundle-withdraw", args=["diner"])
    centre.post(withdraw, {"reason": "并入开办餐馆"})
    assert catalogue.bundle("diner") is None
    assert "开办餐饮店" in text_of(centre.get(reverse("catalogue:bundles")))


def test_a_bundle_with_an_item_that_is_not_published_is_not_published(there):
    centre = signed_in(official(61, Role.CENTRE_MANAGER, "centre"))
    items = "DEMO-001\nDEMO-002\nDEMO-999"
    centre.post(reverse("catalogue:bundle-new"), written(items=items, same=""))
    publish = reverse("catalogue:bundle-publish", args=["diner"])
    said = text_of(centre.post(publish, {"seen": "1"}, follow=True))
    assert "没有发布" in said
    assert catalogue.bundle("diner") is None


def test_a_department_writes_only_what_it_leads_and_publishes_nothing(there):
    manager = signed_in(there.town.manager)
    new = reverse("catalogue:bundle-new")
    assert manager.post(new, written()).status_code == 302
    assert manager.post(new, written(key="other", lead="fire")).status_code == 422
    publish = reverse("catalogue:bundle-publish", args=["diner"])
    assert manager.post(publish, {"seen": "1"}).status_code == 403
    other = signed_in(official(62, Role.DEPARTMENT_MANAGER, "education"))
    assert other.get(reverse("catalogue:bundle", args=[KEY])).status_code == 403


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "new"}, "请换一个"),
        ({"same": "看不懂"}, "事项编码/材料键"),
        ({"items": "DEMO-001"}, "至少包含两个"),
        ({"name": ""}, "必填"),
        ({"promised_days": "46"}, "45"),
    ],
)
def test_what_is_wrong_in_a_bundle_is_said_beside_it(there, changed, said):
    centre = signed_in(official(61, Role.CENTRE_MANAGER, "centre"))
    assert said in text_of(centre.post(reverse("catalogue:bundle-new"), written(**changed)), 422)


def test_a_shorter_promise_stands_on_the_guide_and_on_the_clock(there):
    content = replace(joint_town.CONTENT, promised_days=15)
    joint_town.catalogue.draft_bundle(key=KEY, content=content, seen=1, by="t", at=MONDAY)
    joint_town.catalogue.publish_bundle(key=KEY, draft=2, by="t", at=MONDAY)
    guide = text_of(Client().get(reverse("portal:bundle", args=[KEY])))
    for said in ("联办承诺", "法定最长 45 个工作日", "我们承诺 15 个工作日内办结"):
        assert said in guide
    number = file(there).key
    accept(there, number)
    found = row(number)
    assert (found.promised_days, str(found.promised_due), str(found.due)) == (
        15,
        "2026-03-23",
        "2026-05-08",
    )
    shown = text_of(signed_in(there.town.citizen).get(page("joint", number)))
    for said in ("承诺次日起算 15 个工作日", "在承诺时限内", "2026-03-23", "法定最迟 2026-05-08"):
        assert said in shown
    assert "2026-03-23" in text_of(signed_in(there.lead.person).get(page("joint-list")))


# ── Applying ────────────────────────────────────────────────────────────────


def step(name):
    return reverse("cases:joint-apply-step", args=[KEY, name])


def through_the_steps(citizen):
    citizen.get(reverse("cases:joint-apply", args=[KEY]))
    citizen.post(step("situation"), ANSWERS)
    shown = text_of(citizen.get(step("materials")))
    assert "用于：食品经营许可、店招设置、消防安全检查" in shown
    contents = {KEYS[name]: one for name, one in joint_town.CONTENTS.items()}
    for one in joint_town.bundles.materials(joint_town.CONTENT, contents, ANSWERS):
        given = {"do": "add", "material": one.material.key, "upload": upload()}
        assert citizen.post(step("materials"), given).status_code == 302
    assert citizen.post(step("materials"), {"do": "next"}).url == step("form")
    typed = {f"form-{name}": value for name, value in FORM.items()}
    assert citizen.post(step("form"), typed).url == step("confirm")


def test_one_form_makes_a_joint_case_with_its_branches(there):
    citizen = signed_in(there.town.citizen)
    through_the_steps(citizen)
    assert "一次" in text_of(citizen.get(step("confirm")))
    assert "开办餐馆" in text_of(citizen.get(page("mine"), {"tab": "drafts"}))
    answer = citizen.post(step("confirm"), {"once_key": ONCE})
    [filed] = JointRow.objects.all()
    assert answer.url == page("joint", filed.number)
    assert CaseRow.objects.filter(joint=filed.number).count() == 3
    assert DocumentRow.objects.count() == 4
    again = citizen.post(step("confirm"), {"once_key": ONCE})
    assert again.url == answer.url
    shown = text_of(citizen.get(answer.url))
    for said in ("食品经营许可", "店招设置", "消防安全检查", "谁在办", "待受理"):
        assert said in shown
    assert filed.number in text_of(citizen.get(page("mine"), {"tab": "open"}))


def test_a_draft_is_kept_renewed_and_thrown_away(there):
    citizen = signed_in(there.town.citizen)
    save = reverse("cases:joint-apply-draft", args=[KEY])
    assert citizen.post(save, {f"form-{KEYS[SIGN]}_size": "3"}).status_code == 204
    assert Client().post(save).status_code == 401
    assert citizen.post(reverse("cases:joint-apply-renew", args=[KEY])).status_code == 302
    discard = reverse("cases:joint-apply-discard", args=[KEY])
    assert citizen.post(discard, {"then": "mine"}).url.endswith("?tab=drafts")
    assert citizen.post(discard).url == reverse("cases:joint-apply", args=[KEY])
    assert citizen.get(step("form")).url == step("situation")
    assert citizen.post(step("confirm"), {"once_key": ONCE}).status_code == 302


# ── Seeing and acting ───────────────────────────────────────────────────────


def test_those_it_concerns_see_it_and_nobody_else(there):
    number = file(there).key
    seen = {
        "citizen": there.town.citizen,
        "clerk": there.town.clerk,
        "chief": there.town.chief,
        "governor": there.governor.person,
        "overseer": there.town.overseer,
    }
    for who, person in seen.items():
        shown = text_of(signed_in(person).get(page("joint", number)))
        assert ("演示甲" in shown) is (who != "overseer"), who
    for person in (there.town.neighbour, there.town.stranger, there.reviewers["fire"].person):
        assert signed_in(person).get(page("joint", number)).status_code == 404
    accept(there, number)
    firemen = signed_in(there.reviewers["fire"].person)
    assert "谁在办" in text_of(firemen.get(page("joint", number)))


def test_the_window_accepts_all_branches_from_the_view(there):
    number = file(there).key
    clerk = signed_in(there.town.clerk)
    assert "待受理" in text_of(clerk.get(page("joint-list")))
    assert "全部受理" in text_of(clerk.get(page("joint", number)))
    answer = clerk.post(page("joint-accept", number), {"once_key": ONCE})
    assert answer.status_code == 302
    shown = text_of(signed_in(there.town.citizen).get(page("joint", number)))
    assert "2026-05-08" in shown
    assert "为什么是这一天" in shown
    assert "在 <b>演示fire</b>" in shown
    said = text_of(clerk.post(page("joint-accept", number), {"once_key": f"{ONCE}2"}), 409)
    assert "joint.not-awaiting-acceptance" in said


def test_departments_consult_and_the_applicant_does_not_read_it(there):
    number = file(there).key
    accept(there, number)
    lead, fire = signed_in(there.lead.person), signed_in(there.reviewers["fire"].person)
    asked = {"once_key": ONCE, "question": "通道是否够宽？", "departments": ["fire"]}
    assert lead.post(page("joint-ask", number), asked).status_code == 302
    assert lead.post(page("joint-ask", number), {"question": ""}).status_code == 422
    assert "等您部门答复" in text_of(fire.get(page("joint-list")))
    assert "通道是否够宽" in text_of(fire.get(page("joint", number)))
    answered = {"once_key": ONCE, "answer": "够宽"}
    assert fire.post(page("joint-answer", number, 1), answered).status_code == 302
    assert fire.post(page("joint-answer", number, 1), answered).status_code == 404
    assert "够宽" in text_of(lead.get(page("joint", number)))
    shown = text_of(signed_in(there.town.citizen).get(page("joint", number)))
    assert "发起会商" in shown
    assert "够宽" not in shown


def test_the_lead_asks_for_more_time_and_the_government_answers(there):
    reactions.begin(ORDERING)
    number = file(there).key
    accept(there, number)
    lead, governor = signed_in(there.lead.person), signed_in(there.governor.person)
    asked = {"once_key": ONCE, "days": "15", "extension_reason": "联合勘验"}
    assert lead.post(page("joint-extend", number), asked).status_code == 302
    assert lead.post(page("joint-extend", number), {"days": "16"}).status_code == 422
    assert "待批准延期" in text_of(governor.get(page("joint-list")))
    assert governor.get(reverse("people:home")).status_code == 200
    refusal = {"once_key": ONCE, "approved": "no", "approval_opinion": ""}
    assert "理由" in text_of(governor.post(page("joint-approve", number), refusal), 409)
    approval = {"once_key": ONCE, "approved": "yes"}
    assert governor.post(page("joint-approve", number), approval).status_code == 302
    assert row(number).extended_days == 15
    citizen = signed_in(there.town.citizen)
    shown = text_of(citizen.get(page("joint", number)))
    assert "联合勘验" in shown
    assert "文书正在制作" in shown
    reactions.run(ORDERING)
    assert "延期通知书" in text_of(citizen.get(page("joint", number)))


def test_the_lead_gives_the_result_and_the_applicant_reads_it(there):
    number = file(there).key
    decided(there, number, sign=False)
    lead = signed_in(there.lead.person)
    assert "待出具结果" in text_of(lead.get(page("joint-list")))
    without = lead.post(page("joint-conclude", number), {"once_key": ONCE, "statement": ""})
    assert "joint.statement-missing" in text_of(without, 409)
    given = {"once_key": ONCE, "statement": "店招设置未准，可改后再报"}
    assert lead.post(page("joint-conclude", number), given).status_code == 302
    shown = text_of(signed_in(there.town.citizen).get(page("joint", number)))
    assert "联办结果：部分准予" in shown
    assert "店招设置未准" in shown
    assert number in text_of(lead.get(page("joint-list"), {"tab": "closed"}))
    assert number in text_of(signed_in(there.town.citizen).get(page("mine"), {"tab": "closed"}))


def test_whoever_does_not_lead_does_not_act_for_the_lead(there):
    number = file(there).key
    accept(there, number)
    fire = signed_in(there.reviewers["fire"].person)
    for act in ("joint-ask", "joint-extend", "joint-conclude"):
        assert fire.post(page(act, number), {"once_key": ONCE}).status_code == 404
    assert fire.post(page("joint-answer", number, 1), {"answer": "x"}).status_code == 404
    elsewhere = case_town.officer(official(64, Role.WINDOW_CLERK, "fire"), "N-064", "fire")
    assert signed_in(elsewhere.person).post(page("joint-accept", number)).status_code == 404


def test_a_branch_leads_to_its_joint_case(there):
    number = file(there).key
    case = branch(number, SIGN)
    assert number in text_of(signed_in(there.town.citizen).get(page("progress", case)))
    assert number in text_of(signed_in(there.town.clerk).get(page("desk-case", case)))


def test_a_receipt_is_handed_out_to_those_who_see_the_joint_case(there):
    number = file(there).key
    index = queries.joint_file(row(number)).history[0].index
    address = page("joint-receipt", number, index)
    assert signed_in(there.town.citizen).get(address).status_code in (200, 202)
    assert signed_in(there.town.neighbour).get(address).status_code == 404
    wrong = page("joint-receipt", number, 999_999)
    assert signed_in(there.town.citizen).get(wrong).status_code == 404


def test_the_view_says_when_a_branch_stands_still(there):
    number = file(there).key
    accept(there, number)
    case_town.actions.withdraw(
        number=branch(number, SIGN), person=there.town.citizen, reason="", at=MONDAY
    )
    joint_town.special_begun(there, number)
    shown = text_of(signed_in(there.town.citizen).get(page("joint", number)))
    assert "有分项在进行特别程序" in shown
    assert "分项办结：店招设置，已撤回" in shown
    assert joint.standings(number)


# ── Following without signing in ────────────────────────────────────────────


def tracking(number, tail="0001"):
    visitor = Client()
    return visitor, visitor.post(page("track"), {"number": number, "tail": tail})


def test_whoever_knows_number_and_phone_follows_a_joint_case(there):
    number = file(there).key
    accept(there, number)
    visitor, answer = tracking(number.lower().replace("-", " "))
    assert answer.url == page("joint", number)
    shown = text_of(visitor.get(answer.url))
    for said in ("食品经营许可", "在 <b>演示fire</b>", "2026-05-08", "查进度"):
        assert said in shown
    for hidden in ("演示甲", "房屋平面布置图", "全部撤回", "发起会商"):
        assert hidden not in shown
    case = branch(number, SIGN)
    part = text_of(visitor.get(page("progress", case)))
    assert "店招设置" in part
    assert page("joint", number) in part
    index = queries.joint_file(row(number)).history[0].index
    assert visitor.get(page("joint-receipt", number, index)).status_code in (200, 202)


def test_a_wrong_tail_and_an_unknown_joint_number_get_the_same_answer(there):
    number = file(there).key
    for tried in (number, "J-0000-0000"):
        visitor, answer = tracking(tried, "9999")
        assert "没有查到" in text_of(answer, 422)
        assert visitor.get(page("joint", tried)).url == f"{page('track')}?number={tried}"
    assert "联办编号是 J" in text_of(tracking("J-1")[1], 422)
    case = branch(number, SIGN)
    visitor, _answer = tracking(case)
    assert page("joint", number) not in text_of(visitor.get(page("progress", case)))
    assert visitor.get(page("joint", number)).status_code == 302


# ── Withdrawing all of it ───────────────────────────────────────────────────


def test_the_applicant_takes_all_back_and_is_told_what_stands(there):
    number = file(there).key
    accept(there, number)
    joint_town.review(there, number, LICENCE)
    joint_town.decide(there, number, LICENCE)
    citizen = signed_in(there.town.citizen)
    assert "已经办结、不能撤回：食品经营许可。" in text_of(citizen.get(page("joint", number)))
    neighbour = signed_in(there.town.neighbour)
    assert neighbour.post(page("joint-withdraw", number), {"once_key": ONCE}).status_code == 404
    clerk = signed_in(there.reviewers["market"].person)
    assert clerk.post(page("joint-withdraw", number), {"once_key": ONCE}).status_code == 404
    given = {"once_key": ONCE, "reason": "不开了"}
    assert citizen.post(page("joint-withdraw", number), given).status_code == 302
    shown = text_of(citizen.get(page("joint", number)))
    assert "整体撤回：店招设置、消防安全检查" in shown
    assert "没有撤回：食品经营许可；不开了" in shown
    assert "全部撤回" not in shown
    late = citizen.post(page("joint-withdraw", number), {**given, "once_key": f"{ONCE}2"})
    assert "joint.nothing-to-withdraw" in text_of(late, 409)


# ── At the counter ──────────────────────────────────────────────────────────


def at_the_counter(name, there):
    return reverse(f"cases:counter-joint-{name}", args=[KEY, there.town.citizen])


def test_a_clerk_files_a_bundle_for_whoever_stands_before_them(there):
    clerk = signed_in(there.town.clerk)
    found = text_of(clerk.get(page("counter"), {"q": "餐馆"}))
    who = reverse("cases:counter-joint-person", args=[KEY])
    assert who in found
    assert "来人身份" in text_of(clerk.get(who))
    identity = {"name": "演示甲", "id_kind": "resident", "id_number": "E00000001"}
    assert clerk.post(who, {**identity, "id_number": ""}).status_code == 422

    def step(name):
        return reverse("cases:counter-joint-step", args=[KEY, there.town.citizen, name])

    assert clerk.get(at_the_counter("start", there)).url == step("situation")
    clerk.post(step("situation"), ANSWERS)
    assert "窗口代收：演示甲" in text_of(clerk.get(step("materials")))
    typed = {f"form-{name}": value for name, value in FORM.items()}
    assert clerk.post(at_the_counter("draft", there), typed).status_code == 204
    assert "开办餐馆" in text_of(clerk.get(page("counter")))  # begun, not filed
    contents = {KEYS[name]: one for name, one in joint_town.CONTENTS.items()}
    for one in joint_town.bundles.materials(joint_town.CONTENT, contents, ANSWERS):
        given = {"do": "add", "material": one.material.key, "upload": upload()}
        assert clerk.post(step("materials"), given).status_code == 302
    clerk.post(step("materials"), {"do": "next"})
    assert clerk.post(step("form"), typed).url == step("confirm")
    answer = clerk.post(step("confirm"), {"once_key": ONCE})
    [filed] = JointRow.objects.all()
    assert answer.url == page("joint", filed.number)
    assert (filed.channel, filed.applicant) == ("window", there.town.citizen)
    again = clerk.post(step("confirm"), {"once_key": ONCE})
    assert again.url == answer.url
    assert "全部受理" in text_of(clerk.get(answer.url))
    clerk.post(page("joint-accept", filed.number), {"once_key": ONCE})
    assert text_of(clerk.get(answer.url))  # took it in: still sees how far it is
    owners = set(DocumentRow.objects.values_list("owner", flat=True))
    assert owners == {there.town.citizen}


def test_a_bundle_is_taken_in_by_the_leads_window_or_the_centres(there):
    elsewhere = signed_in(official(64, Role.WINDOW_CLERK, "fire"))
    assert "开办餐馆" not in text_of(elsewhere.get(page("counter"), {"q": "餐馆"}))
    assert elsewhere.get(at_the_counter("start", there)).status_code == 404
    who = reverse("cases:counter-joint-person", args=[KEY])
    assert elsewhere.get(who).status_code == 404
    clerk = signed_in(there.town.clerk)
    assert clerk.get(reverse("cases:counter-joint-person", args=["none"])).status_code == 404
    nobody = reverse("cases:counter-joint-start", args=[KEY, "P-nobody"])
    assert clerk.get(nobody).status_code == 404
    assert clerk.post(at_the_counter("renew", there)).status_code == 302
    assert clerk.post(at_the_counter("discard", there)).url == page("counter")
