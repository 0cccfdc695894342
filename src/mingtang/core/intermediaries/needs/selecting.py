"""From the notice to the choice: publishing, signing up, opening, scoring."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mingtang.core.decider import Refused, require
from mingtang.core.intermediaries.choosing import (
    NONCE,
    Entrant,
    Way,
    choose,
    seed_digest,
    sign_up_digest,
)
from mingtang.core.intermediaries.needs.commands import (
    ChooseBest,
    OpenNeed,
    PublishNeed,
    ScoreBody,
    SignUp,
    WithdrawSignUp,
)
from mingtang.core.intermediaries.needs.events import (
    Event,
    NeedChosen,
    NeedFailed,
    NeedOpened,
    NeedPublished,
    NeedScored,
    NeedSignedUp,
    NeedSignUpWithdrawn,
)
from mingtang.core.intermediaries.needs.state import State, terms_of
from mingtang.core.intermediaries.needs.terms import (
    LONGEST_TITLE,
    MOST_POINTS,
    Candidate,
    NeedContent,
    NeedTerms,
    Stage,
)
from mingtang.core.intermediaries.services import ServiceContent
from mingtang.core.wire import Sealed


def publish(need: State, command: PublishNeed) -> Sequence[Event]:
    """Refusals, each with `need.` before it: known, not-publisher, service-unknown,
    title-missing, title-too-long (limit), ceiling-missing, days-wrong (limit), case-not-yours,
    deadline-past, best-departments-only, criteria-wrong, direct-not-allowed, direct-too-much
    (limit_fen), body-missing, and for the body that is named not-listed, suspended, not-qualified,
    own-interest."""
    content, publisher = command.content, command.publisher
    require(need.stage is Stage.NONE, "need.known")
    require(command.own, "need.not-publisher")
    if command.service is None:
        raise Refused("need.service-unknown")
    _require_sensible(content, command.service)
    require(command.case_own or not command.case, "need.case-not-yours")
    published = NeedPublished(
        terms=NeedTerms(
            key=command.need,
            content=content,
            service=command.service,
            seed_digest=seed_digest(command.need, command.seed),
        ),
        publisher_kind=publisher.kind,
        publisher=Sealed(publisher.id),
        publisher_name=Sealed(publisher.name),
        case=Sealed(command.case),
        seed=Sealed(command.seed),
        by=Sealed(command.by),
        at=command.at,
    )
    if content.way is not Way.DIRECT:
        require(content.sign_up_until > command.at, "need.deadline-past")
        return [published]
    body = _require_may_serve(command.invited)
    chosen = NeedChosen(
        body=body.body, body_name=body.name, price_fen=0, by=Sealed(command.by), at=command.at
    )
    return [published, chosen]


def _require_sensible(content: NeedContent, service: ServiceContent) -> None:
    require(content.title.strip() != "", "need.title-missing")
    require(len(content.title) <= LONGEST_TITLE, "need.title-too-long", limit=LONGEST_TITLE)
    require(content.ceiling_fen > 0, "need.ceiling-missing")
    longest = service.longest_days
    require(0 < content.days <= longest, "need.days-wrong", limit=longest)
    if content.way is Way.DIRECT:
        most = service.direct_most_fen
        require(most > 0, "need.direct-not-allowed")
        require(content.ceiling_fen <= most, "need.direct-too-much", limit_fen=most)
    if content.way is Way.BEST:
        require(content.organ != "", "need.best-departments-only")
        keys = {criterion.key for criterion in content.criteria}
        whole = all(one.name.strip() and 0 < one.most <= MOST_POINTS for one in content.criteria)
        distinct = len(keys) == len(content.criteria) > 0
        require(distinct and whole and content.scorers > 0, "need.criteria-wrong")
    else:
        require(content.criteria == () and content.scorers == 0, "need.criteria-wrong")


def _require_may_serve(candidate: Candidate | None) -> Candidate:
    if candidate is None:
        raise Refused("need.body-missing")
    require(not candidate.suspended, "need.suspended")
    require(candidate.listed, "need.not-listed")
    require(candidate.qualified, "need.not-qualified")
    require(not candidate.own_interest, "need.own-interest")
    return candidate


def sign_up(need: State, command: SignUp) -> Sequence[NeedSignedUp]:
    """Refusals, each with `need.` before it: unknown, sign-up-over, not-its-agent, not-listed,
    suspended, not-qualified, own-interest, signed-up-already, nonce-wrong, price-missing,
    price-surplus, over-ceiling (limit_fen)."""
    terms = terms_of(need)
    content = terms.content
    in_time = need.stage is Stage.OPEN and command.at < content.sign_up_until
    require(in_time, "need.sign-up-over")
    require(command.represents, "need.not-its-agent")
    candidate = _require_may_serve(command.candidate)
    known = {one.body for one in need.entrants}
    require(candidate.body not in known, "need.signed-up-already")
    require(NONCE.fullmatch(command.nonce) is not None, "need.nonce-wrong")
    _require_price(content, command.price_fen)
    digest = sign_up_digest(
        terms.key, body=candidate.body, price_fen=command.price_fen, nonce=command.nonce
    )
    return [
        NeedSignedUp(
            no=need.signed_up + 1,
            digest=digest,
            body=Sealed(candidate.body),
            body_name=Sealed(candidate.name),
            price_fen=Sealed(str(command.price_fen)),
            nonce=Sealed(command.nonce),
            by=Sealed(command.by),
            at=command.at,
        )
    ]


def withdraw(need: State, command: WithdrawSignUp) -> Sequence[NeedSignUpWithdrawn]:
    """Seed and other nonces are not known before the opening: whoever withdraws cannot steer the
    draw by it. They may sign up anew, under another number.

    Refusals: need.unknown, need.sign-up-over, need.not-its-agent, need.not-signed-up."""
    content = terms_of(need).content
    in_time = need.stage is Stage.OPEN and command.at < content.sign_up_until
    require(in_time, "need.sign-up-over")
    require(command.represents, "need.not-its-agent")
    for one in need.entrants:
        if one.body == command.body:
            return [NeedSignUpWithdrawn(no=one.no, by=Sealed(command.by), at=command.at)]
    raise Refused("need.not-signed-up")


def _require_price(content: NeedContent, price_fen: int) -> None:
    if content.way is not Way.QUOTE:
        require(price_fen == 0, "need.price-surplus")
        return
    require(price_fen > 0, "need.price-missing")
    limit = content.ceiling_fen
    require(price_fen <= limit, "need.over-ceiling", limit_fen=limit)


def open_need(need: State, command: OpenNeed) -> Sequence[Event]:
    """Everything that was sealed is published; drawn or lowest, the body is chosen at once.

    Refusals: need.unknown, need.not-open, need.sign-up-running."""
    terms = terms_of(need)
    way = terms.content.way
    require(need.stage is Stage.OPEN, "need.not-open")
    require(command.at >= terms.content.sign_up_until, "need.sign-up-running")
    barred = dict(command.barred)
    entrants = tuple(replace(one, barred=barred.get(one.body, "")) for one in need.entrants)
    opened = NeedOpened(seed=need.seed, entrants=entrants, at=command.at)
    eligible = [one for one in entrants if not one.barred]
    if not eligible:
        return [opened, NeedFailed(at=command.at)]
    if way is Way.BEST:
        return [opened]
    chosen = choose(way, terms.key, need.seed, entrants)
    assert chosen is not None
    return [opened, _chosen(chosen, by="", command=command)]


def _chosen(entrant: Entrant, *, by: str, command: OpenNeed | ChooseBest) -> NeedChosen:
    return NeedChosen(
        body=entrant.body,
        body_name=entrant.name,
        price_fen=entrant.price_fen,
        by=Sealed(by),
        at=command.at,
    )


def score(need: State, command: ScoreBody) -> Sequence[NeedScored]:
    """Refusals, each with `need.` before it: unknown, not-scoring, not-a-scorer, not-an-entrant,
    scored-already, marks-incomplete, marks-wrong (limit), mark-reason-missing."""
    criteria = {one.key: one for one in terms_of(need).content.criteria}
    require(need.stage is Stage.SCORING, "need.not-scoring")
    require(command.may, "need.not-a-scorer")
    eligible = {one.body for one in need.entrants if not one.barred}
    require(command.body in eligible, "need.not-an-entrant")
    before = {(one.scorer.person, one.body) for one in need.scores}
    require((command.scorer.person, command.body) not in before, "need.scored-already")
    marked = [mark.criterion for mark in command.marks]
    require(sorted(marked) == sorted(criteria), "need.marks-incomplete")
    for mark in command.marks:
        most = criteria[mark.criterion].most
        require(0 <= mark.points <= most, "need.marks-wrong", limit=most)
        require(mark.reason.strip() != "", "need.mark-reason-missing")
    return [
        NeedScored(body=command.body, marks=command.marks, scorer=command.scorer, at=command.at)
    ]


def choose_best(need: State, command: ChooseBest) -> Sequence[NeedChosen]:
    """Refusals: need.unknown, need.not-scoring, need.not-publisher, need.scores-missing (least).

    Every body is scored by the same people: otherwise a sum would say who was scored more often.
    """
    terms = terms_of(need)
    require(need.stage is Stage.SCORING, "need.not-scoring")
    require(command.own, "need.not-publisher")
    least = terms.content.scorers
    by_body = {
        one.body: {score.scorer.person for score in need.scores if score.body == one.body}
        for one in need.entrants
        if not one.barred
    }
    scorers = set().union(*by_body.values())
    alike = all(found == scorers for found in by_body.values())
    require(alike and len(scorers) >= least, "need.scores-missing", least=least)
    chosen = choose(Way.BEST, terms.key, need.seed, need.entrants, totals(need))
    assert chosen is not None
    return [_chosen(chosen, by=command.by, command=command)]


def totals(need: State) -> Mapping[str, int]:
    """Return the sum of all marks of each body."""
    sums: Counter[str] = Counter()
    for one in need.scores:
        sums[one.body] += sum(mark.points for mark in one.marks)
    return sums
