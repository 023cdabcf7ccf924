"""A body to those who act for it: what comes, what it has asked, who acts for it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.choosing import Chosen
from community.acting import publicity
from community.models import Membership
from workflows.engine.kinds import kind_of, outcome_words
from workflows.engine.models import Case, CaseQuerySet

from . import attending, deciding
from .people import by_representative, of_body
from .sections import Section, found_for, page_of, register

# Of each, so many on the first page; all of them have a page of their own.
FIRST = 3
PER_PAGE = 20


class Followed(NamedTuple):
    """A case as the people of its body read of it. `url` is "" where they have no page
    of it."""

    case: Case
    label: str
    outcome: str
    url: str


@require_safe
@of_body
def my_body(request: HttpRequest, mine: Membership) -> HttpResponse:
    """The body, and of everything the first."""
    found = list(found_for(mine))
    context = {
        **page_of(mine, "my_body"),
        "sections": [each for each in found if not each.section.is_aside],
        "aside": [each for each in found if each.section.is_aside],
        "waiting": deciding.waiting_for(mine.body).count() if mine.signs else 0,
    }
    return render(request, "pages/my_body.html", context)


@require_safe
@of_body
def body_sessions(request: HttpRequest, mine: Membership) -> HttpResponse:
    """The sessions to come that its people have registered for, and those held."""
    now, body = timezone.now(), mine.body
    past = Chosen(request.GET, [], attending.held(body, now), PER_PAGE)
    context = {
        **page_of(mine, "body_sessions"),
        "coming": {"rows": attending.with_people(body, attending.to_come(body, now))},
        "past": past,
        "held": {"rows": attending.with_people(body, past.rows)},
    }
    return render(request, "pages/body_sessions.html", context)


@require_safe
@of_body
def body_cases(request: HttpRequest, mine: Membership) -> HttpResponse:
    """What was asked in its name: what goes on first, then what was settled."""
    settled = Chosen(request.GET, [], _cases(mine).settled(), PER_PAGE)
    context = {
        **page_of(mine, "body_cases"),
        "going_on": {"rows": _followed(mine, _cases(mine).active())},
        "past": settled,
        "settled": {"rows": _followed(mine, settled.rows)},
    }
    return render(request, "pages/body_cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_representative
def body_publicity(request: HttpRequest, mine: Membership) -> HttpResponse:
    """Whether everybody may read a page of the body: what it says, and a button."""
    if request.method == "POST":
        changed = publicity.show(mine.body, "show" in request.POST, by=mine.user)
        said = "public" if changed else "already"
        page = reverse("my_body", args=[mine.body.code])
        return redirect(f"{page}?{said}=1")
    now = timezone.now()
    context = {
        "body": mine.body,
        "sessions": attending.held(mine.body, now).public().count(),
    }
    return render(request, "pages/body_publicity.html", context)


def _cases(mine: Membership) -> CaseQuerySet:
    """What was asked in the name of the body. What somebody asked as herself is hers
    alone, whatever body she works for."""
    return Case.objects.of_somebody().filter(body=mine.body, on_behalf=True)


def _followed(mine: Membership, cases: CaseQuerySet) -> list[Followed]:
    return [_one_followed(mine, case) for case in cases]


def _one_followed(mine: Membership, case: Case) -> Followed:
    kind, url = kind_of(case), ""
    if kind.of_body:
        case.body = mine.body
        url = kind.of_body.page(case)
    elif case.email.lower() == mine.user.email.lower():
        url = reverse("my_case", args=[case.token])
    return Followed(case, str(kind.label), outcome_words(case), url)


def _first_sessions(mine: Membership) -> Mapping[str, Any]:
    coming = attending.to_come(mine.body, timezone.now())
    rows = attending.with_people(mine.body, coming[:FIRST])
    return {"rows": rows, "body": mine.body} if rows else {}


def _first_cases(mine: Membership) -> Mapping[str, Any]:
    rows = _followed(mine, _cases(mine).active()[:FIRST])
    return {"rows": rows} if rows else {}


def _people(mine: Membership) -> Mapping[str, Any]:
    people = Membership.objects.active().filter(body=mine.body)
    return {"people": people.select_related("user")}


SECTIONS = (
    Section(
        "sessions",
        _("Sessions"),
        "components/body_sessions.html",
        _first_sessions,
        "body_sessions",
    ),
    Section(
        "cases",
        _("Cases"),
        "components/body_cases.html",
        _first_cases,
        "body_cases",
    ),
    Section(
        "people",
        _("People"),
        "components/body_team.html",
        _people,
        "body_people",
        is_aside=True,
    ),
)


def register_sections() -> None:
    for section in SECTIONS:
        register(section)
