"""What an applicant may do: file, hand in corrections, withdraw. Then what the case remembers."""

from dataclasses import replace
from datetime import date

import pytest

from mingtang.core import cases
from mingtang.core.cases import Stage
from mingtang.core.catalogue import Material
from mingtang.core.wire import ERASED, Sealed, Wire
from tests.core.case_examples import (
    ACCEPTED,
    AGENT,
    APPLICANT,
    CORRECT,
    CORRECTED,
    DRAWING,
    FILE,
    FORM,
    GRANTED,
    MONDAY,
    NOT_ACCEPTED,
    NOTIFIED,
    REVIEWED,
    WITHDRAW,
    WITHDRAWN,
    accepted,
    after,
    completed,
    day,
    deemed,
    document,
    filed,
    terms,
    when,
)
from tests.core.item_examples import COMPLETE
from tests.core.work_calendars import KNOWN
from tests.words import refused


def test_filing_promises_an_answer_within_five_working_days():
    assert when(command=FILE) == [filed()]


def test_an_application_on_the_last_day_before_a_long_holiday_waits_for_the_working_days():
    # Off until the 7th, Saturday the 10th worked instead: the 30th, the 8th, 9th, 10th, 12th.
    [event] = when(command=replace(FILE, at=day(9, 29, 23)))
    assert event.intake_due == date(2026, 10, 12)


def test_a_date_counted_into_a_year_nobody_has_announced_is_provisional():
    [event] = when(command=replace(FILE, at=day(12, 29)))
    assert (event.intake_due, event.provisional) == (date(2027, 1, 5), True)


def test_filing_late_at_night_counts_from_that_civil_day_in_china():
    late = MONDAY.replace(hour=23, minute=59)
    [event] = when(command=replace(FILE, at=late))
    assert event.intake_due == date(2026, 3, 9)


def test_an_agent_files_in_the_name_of_an_organisation():
    [event] = when(command=replace(FILE, applicant=AGENT))
    assert (event.applicant_kind, event.applicant, event.agent) == ("organisation", "shop", "P-li")
    assert after(event).agent == "P-li"


def test_an_application_without_a_required_material_is_not_filed():
    with refused("case.material-missing") as refusal:
        when(command=replace(FILE, documents=(DRAWING,)))
    assert refusal.value.facts == {"materials": ["m2"]}


def test_nothing_is_filed_twice_under_one_number():
    with refused("case.already-filed"):
        when(filed(), command=FILE)


def test_nothing_of_the_applicant_is_in_the_public_face():
    body, opened = Wire(cases.EVENTS).encode(filed(), iter([f"salt-{n}" for n in range(9)]))
    text = body.decode()
    for private in (APPLICANT.name, APPLICANT.id_number, APPLICANT.phone, APPLICANT.id, FILE.form):
        assert private not in text
    assert [d.name for d in opened] == [
        "applicant",
        "applicant_name",
        "applicant_id_number",
        "phone",
        "agent",
        "form",
    ]
    assert Wire(cases.EVENTS).decode(body).applicant_name == ERASED


# ── Corrections ─────────────────────────────────────────────────────────────


def test_corrections_start_the_five_days_anew_and_replace_only_what_they_name():
    assert when(filed(), NOTIFIED, command=CORRECT) == [CORRECTED]
    case = after(filed(), NOTIFIED, CORRECTED)
    assert case.stage is Stage.FILED
    assert case.received_date == date(2026, 3, 20)
    assert case.documents == (FORM, document("m1", "d-new"))


def test_only_the_form_may_need_correcting():
    [event] = when(filed(), NOTIFIED, command=replace(CORRECT, documents=(), form="{}"))
    assert (event.documents, event.form) == ((), Sealed("{}"))


@pytest.mark.parametrize("person", ["P-li", "P-clerk", ""])
def test_a_stranger_cannot_correct_somebody_elses_application(person):
    with refused("case.not-yours"):
        when(filed(), NOTIFIED, command=replace(CORRECT, person=person))


def test_an_enterprise_keeps_its_case_when_the_agent_who_filed_it_leaves():
    successor = replace(CORRECT, person="P-new", represents=frozenset({after(filed()).applicant}))
    assert when(filed(), NOTIFIED, command=successor) == [CORRECTED]
    elsewhere = replace(CORRECT, person="P-new", represents=frozenset({"another"}))
    with refused("case.not-yours"):
        when(filed(), NOTIFIED, command=elsewhere)


def test_corrections_wait_to_be_asked_for_and_are_handed_in_once():
    for history in ([filed()], [filed(), NOTIFIED, CORRECTED], [filed(), ACCEPTED]):
        with refused("case.not-awaiting-corrections"):
            when(*history, command=CORRECT)
    with refused("case.unknown"):
        when(command=CORRECT)


def test_an_empty_correction_is_refused():
    with refused("case.nothing-corrected"):
        when(filed(), NOTIFIED, command=replace(CORRECT, documents=()))


# ── Withdrawal ──────────────────────────────────────────────────────────────

OPEN = {
    "filed": (filed(),),
    "waiting for corrections": (filed(), NOTIFIED),
    "corrected": (filed(), NOTIFIED, CORRECTED),
    "under review": (filed(), ACCEPTED),
    "half reviewed": (filed(), ACCEPTED, completed("papers")),
    "waiting for its decision": (filed(), ACCEPTED, *REVIEWED),
    "accepted by law": (filed(), deemed("papers", "site")),
}
ENDED = {
    "granted": (filed(), ACCEPTED, *REVIEWED, GRANTED),
    "not accepted": (filed(), NOT_ACCEPTED),
    "withdrawn": (filed(), WITHDRAWN),
}


@pytest.mark.parametrize("history", OPEN.values(), ids=OPEN)
def test_an_applicant_may_withdraw_until_the_decision(history):
    assert when(*history, command=WITHDRAW) == [WITHDRAWN]
    case = after(*history, WITHDRAWN)
    assert (case.stage, case.closed_date) == (Stage.WITHDRAWN, date(2026, 3, 10))
    assert all(task.done_at is not None for task in case.tasks)


@pytest.mark.parametrize("history", ENDED.values(), ids=ENDED)
def test_what_has_ended_cannot_be_withdrawn(history):
    with refused("case.closed"):
        when(*history, command=WITHDRAW)


def test_only_the_applicant_or_their_agent_withdraws():
    agent = replace(WITHDRAW, person="P-li")
    assert when(filed(applicant=AGENT), command=agent) == [WITHDRAWN]
    for person in ("P-li", "P-chief"):
        with refused("case.not-yours"):
            when(filed(), command=replace(WITHDRAW, person=person))
    with refused("case.unknown"):
        when(command=WITHDRAW)


# ── What an item asks of this applicant ─────────────────────────────────────


def test_a_situation_decides_which_materials_are_asked_for():
    def asked(**answers):
        return [material.key for material in cases.materials_for(COMPLETE, answers)]

    assert asked(s1="yes") == ["m1", "m2"]
    assert asked(s1="no") == ["m1"]
    assert asked() == ["m1"]
    assert asked(s1="forged") == ["m1"]


def test_only_required_materials_are_required():
    rows = [
        Material(key=key, name=key, needed=needed)
        for key, needed in (("a", "required"), ("b", "optional"), ("c", "deferrable"))
    ]
    assert cases.required_of(rows) == ("a",)


def test_a_case_keeps_the_terms_of_the_version_it_began_under():
    kept = cases.terms_of("item-key", 3, COMPLETE)
    assert (kept.version, kept.statutory_days, kept.promised_days) == (3, 20, 5)
    assert kept.steps == COMPLETE.steps
    assert not kept.on_the_spot
    assert terms(promised_days=0).on_the_spot


def test_acceptance_on_the_spot_is_due_the_same_day():
    same_day = accepted(promised_due=date(2026, 3, 4))
    history = [filed(terms(promised_days=0))]
    command = cases.AcceptCase(officer=same_day.officer, at=day(3, 4), calendar=KNOWN)
    assert when(*history, command=command) == [same_day]
    assert after(*history, same_day).stage is Stage.DECIDING


# ── What need not be handed in (免提交) ─────────────────────────────────────

SOUGHT = cases.SharedMaterial(
    material="m9",
    resource="business-licence",
    supplier="market",
    outcome=cases.SharedOutcome.FOUND,
)
FOUND = cases.Sharing((SOUGHT,), {"m9": "MT-0000-0001-L1"})


def sharing(outcome):
    return cases.Sharing((replace(SOUGHT, outcome=outcome),), {})


def test_what_was_found_in_the_directory_is_not_asked_for():
    required = (*FILE.required, "m9")
    filing, shared = when(command=replace(FILE, required=required, sharing=FOUND))
    assert filing == filed()
    assert shared == cases.MaterialsShared(
        shared=(SOUGHT,), papers=Sealed('{"m9":"MT-0000-0001-L1"}'), at=MONDAY
    )


@pytest.mark.parametrize("outcome", [o for o in cases.SharedOutcome if o != "found"])
def test_what_was_not_found_is_handed_in_and_the_record_says_why(outcome):
    required = (*FILE.required, "m9")
    with refused("case.material-missing"):
        when(command=replace(FILE, required=required, sharing=sharing(outcome)))
    given = (*FILE.documents, document("m9"))
    command = replace(FILE, required=required, documents=given, sharing=sharing(outcome))
    [filing, shared] = when(command=command)
    assert filing.documents == given
    assert shared.shared == (replace(SOUGHT, outcome=outcome),)


def test_the_public_face_does_not_say_which_licence_it_was():
    [_filed, shared] = when(command=replace(FILE, sharing=FOUND))
    face, opened = Wire(cases.EVENTS).encode(shared, ["salt"])
    assert "MT-0000-0001" not in face.decode()
    assert [one.name for one in opened] == ["papers"]


def test_a_case_goes_on_as_if_it_had_been_handed_in():
    shared = cases.MaterialsShared(shared=(SOUGHT,), papers=Sealed("{}"), at=MONDAY)
    assert after(filed(), shared) == after(filed())
