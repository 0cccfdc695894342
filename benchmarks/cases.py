"""Case steps a second through actions: accept, review, decide; each durable, with its entry.

Aim: 1,000 steps/s in one process on SQLite FULL, at most 6 SQL statements a step.
"""

from installation import installation, plain_commits, rate, show

COUNT = 600


def main() -> None:
    with installation():
        measure()


def measure() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from mingtang.cases import actions
    from mingtang.config.demo import inhabitants, reading
    from mingtang.core import cases
    from mingtang.core.catalogue import key_of
    from mingtang.core.people import Role

    at = timezone.localtime()
    inhabitants.register_institutions(at)
    staff = inhabitants.appoint_staff(at)
    party = inhabitants.register_applicants(at)[0]
    item = next(i for i in reading.items() if i.name == "食品经营许可")
    from mingtang.catalogue import actions as catalogue

    catalogue.import_items([item], by="benchmark", at=at)
    catalogue.publish_items([key_of(item.code)], by="benchmark", at=at)
    clerk = staff[Role.WINDOW_CLERK, "mingzhou-general-1"]
    chief = staff[Role.CHIEF_REPRESENTATIVE, item.department]
    applicant = cases.Applicant(
        kind=party.kind,
        id=party.id,
        name=party.name,
        id_number=party.id_number,
        phone=party.phone,
    )
    answers = {one.key: one.options[0].value for one in item.situations}
    wanted = cases.materials_for(item, answers)
    documents = [
        cases.Document(id="d", material=m.key, sha256="0" * 64, sm3="0" * 64, size=1)
        for m in wanted
    ]
    numbers = []

    def file() -> None:
        for _ in range(COUNT):
            receipt = actions.file_case(
                item=key_of(item.code),
                applicant=applicant,
                answers=answers,
                form={},
                documents=documents,
                at=at,
            )
            numbers.append(receipt.key)

    def accept() -> None:
        for number in numbers:
            actions.accept(number=number, officer=clerk, at=at)

    def review(step: object) -> None:
        reviewer = staff[Role.REVIEWER, step.department or item.department]
        for number in numbers:
            actions.complete_step(
                number=number,
                step=step.key,
                finding=cases.Finding.MEETS,
                opinion="符合",
                officer=reviewer,
                at=at,
            )

    def decide() -> None:
        for number in numbers:
            actions.decide(number=number, granted=True, reason="", officer=chief, at=at)

    commits = plain_commits()
    show("plain one-row commits", commits, "commits/s", connection.vendor)
    acts = [("file", file), ("accept", accept)]
    acts += [(f"review {step.key}", lambda s=step: review(s)) for step in item.steps]
    acts += [("decide", decide)]
    for name, act in acts:
        done = rate(COUNT, act)
        show(name, done, "steps/s", f"{done / commits:.2f} of plain commits")
    numbers.clear()
    globals()["COUNT"] = 1
    for name, act in acts:
        with CaptureQueriesContext(connection) as queries:
            act()
        verbs = [query["sql"].split()[0] for query in queries]
        show(f"{name}: SQL statements", len(verbs), "", " ".join(verbs))


if __name__ == "__main__":
    main()
