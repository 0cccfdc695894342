"""A trading procedure (交易规程): its life, and which parameters do not fit together."""

from dataclasses import replace

import pytest

from mingtang.core.trading import procedures
from mingtang.core.trading.parameters import (
    AfterCeiling,
    Again,
    Allocation,
    AllocationRow,
    Award,
    BidStep,
    Ceiling,
    Clock,
    Direction,
    Entry,
    Extension,
    Payee,
    Payout,
    Period,
    Priority,
    PriorityRight,
    Procedure,
    Reserve,
    Secrecy,
    Source,
    StepRow,
    Sureness,
    TimedStart,
    Unit,
)
from mingtang.core.trading.phases import Phase, stages
from mingtang.core.wire import Wire
from tests.core.trading_examples import (
    AUCTION,
    DUTCH,
    LISTING,
    MONDAY,
    MULTI_UNIT,
    RULE,
    SEALED,
    WAYS,
    sourced,
)
from tests.words import refused

PUBLISH = procedures.PublishProcedure(
    procedure=sourced(**LISTING), publisher_manages=True, by="P-centre", at=MONDAY
)
OTHER = replace(PUBLISH, procedure=sourced(**{**LISTING, "countdown_seconds": 300}))
WITHDRAW = procedures.WithdrawProcedure(
    reason="改用新规程", publisher_manages=True, usual_for=(), by="P-centre", at=MONDAY
)


def after(*commands: procedures.Command) -> procedures.State:
    """Given these commands were carried out."""
    state = procedures.State()
    for command in commands:
        for event in procedures.decide(state, command):
            state = procedures.evolve(state, event)
    return state


def then(state: procedures.State, command: procedures.Command) -> procedures.Event:
    [event] = procedures.decide(state, command)
    return event


def publish(way: dict, **changed: object) -> procedures.PublishProcedure:
    return replace(PUBLISH, procedure=sourced(**{**way, **changed}))


# ── Its life ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["code"])
def test_each_way_of_bidding_can_be_published(way):
    assert then(after(), publish(way)) == procedures.ProcedurePublished(
        version=1, content=sourced(**way), by="P-centre", at=MONDAY
    )


def test_published_anew_it_is_the_next_version():
    assert then(after(PUBLISH), OTHER).version == 2
    assert after(PUBLISH, OTHER) == procedures.State(version=2, procedure=OTHER.procedure)


def test_withdrawn_it_is_in_use_no_more_and_can_come_back_as_the_next_version():
    assert then(after(PUBLISH), WITHDRAW) == procedures.ProcedureWithdrawn(
        reason="改用新规程", by="P-centre", at=MONDAY
    )
    assert after(PUBLISH, WITHDRAW) == procedures.State(version=1)
    assert after(PUBLISH, WITHDRAW, PUBLISH).version == 2


def test_the_same_is_not_published_twice():
    with refused("trade-procedure.unchanged"):
        then(after(PUBLISH), PUBLISH)


def test_whoever_does_not_manage_the_centre_publishes_nothing():
    with refused("trade-procedure.publisher-not-manager"):
        then(after(), replace(PUBLISH, publisher_manages=False))


@pytest.mark.parametrize(
    ("before", "changed", "code"),
    [
        ([PUBLISH], {"publisher_manages": False}, "trade-procedure.publisher-not-manager"),
        ([PUBLISH], {"reason": " "}, "trade-procedure.reason-missing"),
        ([PUBLISH], {"reason": "长" * 501}, "trade-procedure.too-long"),
        ([PUBLISH], {"usual_for": ("演示用地",)}, "trade-procedure.still-usual"),
        ([], {}, "trade-procedure.not-in-use"),
        ([PUBLISH, WITHDRAW], {}, "trade-procedure.not-in-use"),
    ],
)
def test_a_procedure_is_not_withdrawn(before, changed, code):
    with refused(code):
        then(after(*before), replace(WITHDRAW, **changed))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way["code"])
def test_every_event_survives_the_wire(way):
    wire = Wire(procedures.EVENTS)
    for event in (then(after(), publish(way)), then(after(PUBLISH), WITHDRAW)):
        assert wire.decode(wire.encode(event)[0]) == event


# ── What does not fit together ──────────────────────────────────────────────

DAY = Period(number=1, unit=Unit.CALENDAR_DAYS)
HOUR = Period(number=1, unit=Unit.HOURS)
ONE_SHOT = Ceiling(then=AfterCeiling.ONE_SHOT, quoting_seconds=600)
LOT = Ceiling(then=AfterCeiling.LOT, least_bidders=2)
PRIORITY = Priority(right=PriorityRight.SAME_PRICE, ranked=True)
TO_COURT = Payout(to=Payee.COURT, at_end=True, within=HOUR)
AGAIN = Again(within=DAY, notice=DAY, fall_permille=200)
MOVES = Extension(window_seconds=240, by_seconds=240)


@pytest.mark.parametrize(
    ("way", "changed", "code"),
    [
        (LISTING, {"code": ""}, "code-wrong"),
        (LISTING, {"code": "Land"}, "code-wrong"),
        (LISTING, {"code": "-land"}, "code-wrong"),
        (LISTING, {"code": "land-"}, "code-wrong"),
        (LISTING, {"name": " "}, "name-missing"),
        (LISTING, {"name_en": ""}, "name-missing"),
        (LISTING, {"name": "长" * 61}, "too-long"),
        (LISTING, {"code": "l" * 41}, "too-long"),
        (LISTING, {"notice": replace(DAY, number=0)}, "days-wrong"),
        (LISTING, {"refund": replace(DAY, number=401)}, "days-wrong"),
        (LISTING, {"blackout_seconds": -1}, "seconds-wrong"),
        (LISTING, {"countdown_seconds": 86_401}, "seconds-wrong"),
        (LISTING, {"extension": replace(MOVES, by_seconds=86_401)}, "seconds-wrong"),
        (DUTCH, {"clock": Clock(every_seconds=-1, fall_permille=1)}, "seconds-wrong"),
        (LISTING, {"least_bidders": 0}, "bidders-wrong"),
        (LISTING, {"most_bids": -1}, "bidders-wrong"),
        # the way of bidding
        (LISTING, {"direction": Direction.DESCENDING}, "direction-unfit"),
        (DUTCH, {"direction": Direction.ASCENDING}, "direction-unfit"),
        (AUCTION, {"award": Award.EVALUATION}, "evaluation-not-sealed"),
        # the free part
        (LISTING, {"free": None}, "free-missing"),
        (AUCTION, {"free": None}, "free-missing"),
        (LISTING, {"free": HOUR}, "blackout-too-long"),
        (SEALED, {"blackout_seconds": 1}, "blackout-too-long"),
        # the timed part
        (LISTING, {"countdown_seconds": 0}, "countdown-missing"),
        (AUCTION, {"countdown_seconds": 240}, "countdown-unfit"),
        (LISTING, {"entry": None}, "entry-missing"),
        (LISTING, {"timed_start": None}, "entry-missing"),
        (AUCTION, {"entry": Entry.ALL}, "entry-unfit"),
        (AUCTION, {"timed_start": TimedStart.NEXT}, "entry-unfit"),
        (LISTING, {"asking_seconds": 0}, "asking-unfit"),
        (LISTING, {"entry": Entry.ALL}, "asking-unfit"),
        (AUCTION, {"asking_seconds": 300}, "asking-unfit"),
        # extension
        (LISTING, {"extension": None}, "extension-missing"),
        (SEALED, {"extension": MOVES}, "extension-unfit"),
        (LISTING, {"extension": replace(MOVES, window_seconds=0)}, "extension-wrong"),
        (LISTING, {"extension": replace(MOVES, by_seconds=0)}, "extension-wrong"),
        (LISTING, {"extension": replace(MOVES, most=-1)}, "extension-wrong"),
        (LISTING, {"extension": replace(MOVES, window_seconds=241)}, "extension-outside-countdown"),
        # the step
        (LISTING, {"step": None}, "step-missing"),
        (MULTI_UNIT, {"step": None}, "step-missing"),
        (DUTCH, {"step": BidStep()}, "step-unfit"),
        (LISTING, {"step": BidStep(least_fen=-1)}, "step-wrong"),
        (LISTING, {"step": BidStep(most_at_once=-1)}, "step-wrong"),
        (LISTING, {"step": BidStep(least_fen=2, most_fen=1)}, "step-wrong"),
        (LISTING, {"step": BidStep(most_fen=-1)}, "step-wrong"),
        (LISTING, {"step": BidStep(table=(StepRow(from_fen=1, step_fen=1),))}, "step-table-wrong"),
        (LISTING, {"step": BidStep(table=(StepRow(from_fen=0, step_fen=0),))}, "step-table-wrong"),
        (
            LISTING,
            {"step": BidStep(table=(StepRow(from_fen=0, step_fen=1),) * 2)},
            "step-table-wrong",
        ),
        (
            LISTING,
            {"step": BidStep(least_fen=1, table=(StepRow(from_fen=0, step_fen=1),))},
            "step-said-twice",
        ),
        # the falling price
        (DUTCH, {"clock": None}, "clock-unfit"),
        (AUCTION, {"clock": DUTCH["clock"]}, "clock-unfit"),
        (DUTCH, {"clock": Clock(every_seconds=0, fall_permille=10)}, "clock-wrong"),
        (DUTCH, {"clock": Clock(every_seconds=60, fall_permille=0)}, "clock-wrong"),
        (DUTCH, {"clock": Clock(every_seconds=60, fall_permille=1_000)}, "clock-wrong"),
        # the reserve
        (DUTCH, {"reserve": Reserve(secrecy=Secrecy.SEALED, of_start_permille=1_001)},
         "reserve-above-start"),
        (SEALED, {"reserve": Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=1_001)},
         "reserve-above-start"),
        (AUCTION, {"reserve": Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=999)},
         "reserve-below-start"),
        (AUCTION, {"reserve": Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=-1)},
         "reserve-wrong"),
        (AUCTION, {"reserve": Reserve(secrecy=Secrecy.PUBLIC, least_of_appraisal_permille=1_001)},
         "reserve-wrong"),
        (AUCTION, {"reserve": Reserve(secrecy=Secrecy.PUBLIC, entered_within_seconds=1)},
         "reserve-public-late"),
        # the ceiling
        (SEALED, {"ceiling": ONE_SHOT}, "ceiling-unfit"),
        (AUCTION, {"direction": Direction.REVERSE, "ceiling": ONE_SHOT}, "ceiling-unfit"),
        (LISTING, {"ceiling": replace(ONE_SHOT, quoting_seconds=0)}, "ceiling-quotation-unfit"),
        (LISTING, {"ceiling": replace(LOT, quoting_seconds=60)}, "ceiling-quotation-unfit"),
        (LISTING, {"ceiling": replace(ONE_SHOT, least_bidders=0)}, "ceiling-too-few"),
        (LISTING, {"ceiling": replace(LOT, least_bidders=1)}, "ceiling-too-few"),
        # priority, allocation, deposit
        (SEALED, {"priority": PRIORITY}, "priority-unfit"),
        (AUCTION, {"direction": Direction.REVERSE, "priority": PRIORITY}, "priority-unfit"),
        (MULTI_UNIT, {"allocation": None}, "allocation-unfit"),
        (AUCTION, {"allocation": MULTI_UNIT["allocation"]}, "allocation-unfit"),
        (LISTING, {"deposit": replace(LISTING["deposit"], least_permille=-1)}, "deposit-wrong"),
        (LISTING, {"deposit": replace(LISTING["deposit"], most_permille=199)}, "deposit-wrong"),
        (LISTING, {"deposit": replace(LISTING["deposit"], most_permille=1_001)}, "deposit-wrong"),
        (
            LISTING,
            {"deposit": replace(LISTING["deposit"], least_permille=0, most_permille=0)},
            "deposit-wrong",
        ),
        (LISTING, {"deposit": None}, "refund-without-deposit"),
        # after the end
        (AUCTION, {"payout": TO_COURT}, "refund-without-deposit"),
        (LISTING, {"payout": replace(TO_COURT, within=replace(DAY, number=0))}, "days-wrong"),
        (AUCTION, {"again": replace(AGAIN, within=replace(DAY, number=0))}, "days-wrong"),
        (AUCTION, {"again": replace(AGAIN, notice=replace(DAY, number=401))}, "days-wrong"),
        (AUCTION, {"again": replace(AGAIN, fall_permille=1_000)}, "again-wrong"),
        (AUCTION, {"again": replace(AGAIN, fall_permille=-1)}, "again-wrong"),
        (SEALED, {"again": AGAIN}, "again-not-rising"),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_are_refused(way, changed, code):
    with refused(f"trade-procedure.{code}"):
        then(after(), publish(way, **changed))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(2, 1_000)],
        [(1, 1_000), (1, 700)],
        [(1, 0)],
        [(1, 1_001)],
        [(n, 1) for n in range(1, 32)],
    ],
    ids=["none", "not from one", "not rising", "nobody", "more than all", "too many"],
)  # fmt: skip
def test_a_table_of_allocation_says_for_every_number_of_bidders_how_many_win(rows):
    table = tuple(AllocationRow(from_bidders=n, winners_permille=share) for n, share in rows)
    with refused("trade-procedure.allocation-table-wrong"):
        then(after(), publish(MULTI_UNIT, allocation=Allocation(table=table, partly=False)))


@pytest.mark.parametrize(
    ("way", "changed"),
    [
        (LISTING, {"payout": TO_COURT, "again": AGAIN}),
        (LISTING, {"ceiling": ONE_SHOT}),
        (LISTING, {"ceiling": LOT}),
        (LISTING, {"priority": PRIORITY}),
        (LISTING, {"asking_seconds": 0, "entry": Entry.ALL}),
        (LISTING, {"extension": replace(MOVES, window_seconds=60, most=10)}),
        (LISTING, {"step": BidStep(least_fen=1, most_fen=1)}),
        (LISTING, {"step": BidStep(most_fen=1)}),
        (
            LISTING,
            {
                "step": BidStep(
                    table=(StepRow(from_fen=0, step_fen=1), StepRow(from_fen=5, step_fen=2))
                )
            },
        ),
        (AUCTION, {"direction": Direction.REVERSE}),
        (AUCTION, {"extension": None}),
        (AUCTION, {"reserve": Reserve(secrecy=Secrecy.PUBLIC, of_start_permille=1_000)}),
        (DUTCH, {"reserve": Reserve(secrecy=Secrecy.SEALED, of_start_permille=1_000)}),
        (SEALED, {"award": Award.EVALUATION, "least_bidders": 3, "most_bids": 1}),
        (SEALED, {"direction": Direction.ASCENDING}),
    ],
)
def test_what_fits_is_published(way, changed):
    assert then(after(), publish(way, **changed)).version == 1


# ── Sources ─────────────────────────────────────────────────────────────────


def with_sources(*sources: Source) -> procedures.PublishProcedure:
    return replace(PUBLISH, procedure=Procedure(**SEALED, sources=sources))


ALL = Source(
    parameters=("bidding", "direction", "award", "least_bidders"), rule=RULE, sure=Sureness.A
)


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        ((), "source-missing"),
        ((replace(ALL, parameters=ALL.parameters[1:]),), "source-missing"),
        ((replace(ALL, parameters=(*ALL.parameters, "free")),), "source-of-nothing"),
        ((replace(ALL, parameters=(*ALL.parameters, "name")),), "source-of-nothing"),
        ((replace(ALL, rule=" "),), "rule-missing"),
        ((ALL, replace(ALL, parameters=())), "rule-missing"),
        ((replace(ALL, rule="条" * 201),), "too-long"),
        ((replace(ALL, rule_en="a" * 201),), "too-long"),
        ((replace(ALL, note="注" * 301),), "too-long"),
        ((replace(ALL, note_en="n" * 301),), "too-long"),
        ((replace(ALL, sure=Sureness.C),), "note-missing"),
        ((ALL,) * 31, "too-many-sources"),
    ],
)
def test_everything_it_says_has_a_source_and_a_doubtful_one_says_so(sources, code):
    with refused(f"trade-procedure.{code}"):
        then(after(), with_sources(*sources))


def test_a_parameter_without_a_source_is_named():
    with refused("trade-procedure.source-missing") as caught:
        then(after(), with_sources(replace(ALL, parameters=ALL.parameters[:-1])))
    assert caught.value.facts == {"parameter": "least_bidders"}


def test_a_parameter_may_have_several_sources_and_a_doubtful_one_a_note():
    doubtful = replace(ALL, sure=Sureness.C, note="采用前须核对。")
    assert then(after(), with_sources(ALL, doubtful)).version == 1


# ── Phases ──────────────────────────────────────────────────────────────────


def phases(**said_so) -> list[Phase]:
    return [stage.phase for stage in stages(sourced(**said_so))]


def test_the_phases_of_a_listing():
    assert phases(**LISTING, ceiling=LOT) == [
        Phase.NOTICE, Phase.SIGN_UP, Phase.FREE, Phase.BLACKOUT, Phase.ASKING, Phase.TIMED,
        Phase.LOT, Phase.CONFIRMATION, Phase.REFUND,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "between"),
    [
        (AUCTION, [Phase.OPEN]),
        (DUTCH, [Phase.FALLING]),
        ({**SEALED, "award": Award.EVALUATION}, [Phase.SEALED, Phase.EVALUATION]),
        (MULTI_UNIT, [Phase.SEALED, Phase.ALLOCATION]),
    ],
)
def test_the_phases_of_the_other_ways(way, between):
    assert phases(**way) == [Phase.NOTICE, Phase.SIGN_UP, *between, Phase.CONFIRMATION]


def test_a_phase_says_how_long_it_lasts_and_what_moves_its_end():
    found = {stage.phase: stage for stage in stages(sourced(**LISTING, ceiling=ONE_SHOT))}
    assert found[Phase.FREE].period == LISTING["free"]
    assert found[Phase.FREE].extension is None
    assert (found[Phase.BLACKOUT].seconds, found[Phase.ASKING].seconds) == (3_600, 300)
    assert (found[Phase.TIMED].seconds, found[Phase.TIMED].extension) == (240, MOVES)
    assert (found[Phase.ONE_SHOT].seconds, found[Phase.ONE_SHOT].only_if_reached) == (600, True)
    assert [stage.extension for stage in stages(sourced(**AUCTION)) if stage.extension] == [
        Extension(window_seconds=300, by_seconds=300)
    ]
