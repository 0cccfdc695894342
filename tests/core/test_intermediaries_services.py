"""A kind of service is published only with all the law wants public."""

from dataclasses import replace

import pytest

from mingtang.core.cases.special import SpecialKind
from mingtang.core.catalogue import LegalBasis
from mingtang.core.intermediaries import services
from mingtang.core.intermediaries.services import (
    IntermediaryServicePublished,
    IntermediaryServiceWithdrawn,
    PublishService,
    WithdrawService,
)
from tests.core.need_examples import SERVICE, day
from tests.words import refused

PUBLISH = PublishService(content=SERVICE, manages=True, by="P-centre", at=day(3, 2))
WITHDRAW = WithdrawService(reason="依据已废止", manages=True, by="P-centre", at=day(3, 3))


def decide(command, *before):
    state = services.State()
    for earlier in before:
        for event in services.decide(state, earlier):
            state = services.evolve(state, event)
    return list(services.decide(state, command))


def test_a_service_is_published_and_published_anew():
    assert decide(PUBLISH) == [
        IntermediaryServicePublished(content=SERVICE, by="P-centre", at=day(3, 2))
    ]
    anew = replace(PUBLISH, content=replace(SERVICE, longest_days=5))
    [event] = decide(anew, PUBLISH)
    assert event.content.longest_days == 5


def test_a_service_is_withdrawn_and_may_come_back():
    assert decide(WITHDRAW, PUBLISH) == [
        IntermediaryServiceWithdrawn(reason="依据已废止", by="P-centre", at=day(3, 3))
    ]
    assert len(decide(PUBLISH, PUBLISH, WITHDRAW)) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": " "}, "code-missing"),
        ({"name": ""}, "name-missing"),
        ({"bases": ()}, "no-basis"),
        ({"bases": (LegalBasis(title=" "),)}, "no-basis"),
        ({"conditions": ""}, "elements-missing"),
        ({"flow": ""}, "elements-missing"),
        ({"fee_rule": ""}, "elements-missing"),
        ({"qualification": ""}, "elements-missing"),
        ({"longest_days": 0}, "days-wrong"),
        ({"procedure": SpecialKind.HEARING}, "not-a-procedure"),
        ({"procedure": SpecialKind.AUCTION}, "not-a-procedure"),
        ({"direct_note": ""}, "direct-note-missing"),
        ({"direct_most_fen": -1}, "direct-note-missing"),
    ],
)
def test_a_service_that_lacks_something_is_not_published(changed, code):
    with refused(f"intermediary-service.{code}"):
        decide(replace(PUBLISH, content=replace(SERVICE, **changed)))


def test_what_may_not_be_done_to_a_service():
    with refused("intermediary-service.not-its-manager"):
        decide(replace(PUBLISH, manages=False))
    with refused("intermediary-service.unchanged"):
        decide(PUBLISH, PUBLISH)
    with refused("intermediary-service.not-in-force"):
        decide(WITHDRAW)
    with refused("intermediary-service.reason-missing"):
        decide(replace(WITHDRAW, reason=" "), PUBLISH)
    with refused("intermediary-service.not-its-manager"):
        decide(replace(WITHDRAW, manages=False), PUBLISH)


def test_a_service_of_no_procedure_may_be_published():
    [event] = decide(replace(PUBLISH, content=replace(SERVICE, procedure=None)))
    assert event.content.procedure is None
