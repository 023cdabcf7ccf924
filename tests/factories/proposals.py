"""Topic proposals to test with, as the public form makes them."""

from itertools import count
from typing import Any

from community.models import User
from tests.factories import a_series
from tests.factories.cases import a_worker, copies, do
from workflows.engine.models import Case
from workflows.proposals import commenting
from workflows.proposals.models import Comment, Proposal
from workflows.proposals.proposing import Wish, propose

_numbers = count(1)


def a_proposal(**values: Any) -> Proposal:
    """One that has just come in."""
    number = next(_numbers)
    defaults = {
        "title": f"Publicar contractes menors {number}",
        "wanted": "Cada quan s’han de publicar?",
        "why": "Ho fem tots diferent.",
        "urgency": Proposal.Urgency.SOON,
        "name": "Ada Puig",
        "email": f"ada-{number}@council.example",
        "language": "ca",
    }
    if "series" not in values:
        values["series"] = a_series()
    return propose(Wish(**{**defaults, **values})).proposal


def an_open_one(**values: Any) -> Proposal:
    """One that people can support."""
    proposal = a_proposal(**values)
    decided(proposal, "publish")
    return proposal


def decided(proposal: Proposal, decision: str, by: User | None = None, **said) -> Case:
    """Have somebody of its unit decide so in the open step."""
    case = Case.objects.get(pk=proposal.case_id)
    do(case, by or a_worker(case.unit), decision=decision, **said)
    proposal.refresh_from_db()
    proposal.case.refresh_from_db()
    return case


def a_member(**values: Any) -> User:
    """Somebody with an account who is not of the staff."""
    number = next(_numbers)
    defaults = {"email": f"member-{number}@council.example", "language": "ca"}
    return User.objects.create_user(**{**defaults, "name": "Pau", **values})


def a_comment(
    proposal: Proposal, user: User | None = None, text: str = "", **values: Any
) -> Comment:
    """What somebody has just written under `proposal`."""
    said = text or f"A nosaltres ens passa igual ({next(_numbers)})."
    values = {"language": "ca", **values}
    return commenting.write(proposal, user or a_member(), said, **values)


def many_like(proposal: Proposal, number: int, **values: Any) -> list[Proposal]:
    """So many more like `proposal`, in so few statements that thousands take seconds.
    A value that is to be called is what it returns of the number of each."""
    fields = ("series", "topic", "title", "wanted", "urgency", "state", "published")
    told = {name: getattr(proposal, name) for name in fields} | values
    rows = [
        Proposal(
            case=case,
            **{
                name: value(each) if callable(value) else value
                for name, value in told.items()
            },
        )
        for each, case in enumerate(copies(proposal.case, number))
    ]
    for row in rows:
        row.search_key = row.found_by
    return Proposal.objects.bulk_create(rows, batch_size=500)
