"""The planner: what people want beside the coming dates, choosing some of it for a
session, and taking it out again."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.models import Material, SessionPage
from community.models import Message
from events import sessions
from events.models import Series, Session
from tests.factories import a_series, a_session
from tests.factories.cases import a_worker, mails_of, open_task
from tests.factories.pages import a_home, a_series_page, a_topic
from tests.factories.proposals import a_member, a_proposal, an_open_one, decided
from workflows.engine import desk
from workflows.engine.models import Case
from workflows.proposals import holding, planning, supporting
from workflows.proposals.models import Proposal

pytestmark = pytest.mark.django_db

BOARD, PLAN = "planner:index", "planner:plan"
CONFLICT, AGAIN = 409, 422


@pytest.fixture
def series() -> Series:
    cache.clear()
    made = a_series()
    a_series_page(a_home(), made)
    return made


@pytest.fixture
def office(series: Series) -> Client:
    client = Client()
    client.force_login(a_worker(series.unit))
    return client


def send(office: Client, series: Series, chosen: Iterable[Proposal], **said: Any):
    address = f"{reverse(PLAN)}?series={series.pk}"
    return office.post(address, {"proposals": [row.pk for row in chosen], **said})


def confirm(office: Client, series: Series, page: Any):
    """Press the button of the second step, with all that it carries."""
    assert page.status_code == 200, page.context and page.context.get("errors")
    sent: dict[str, list[str]] = {"confirm": ["1"]}
    for name, value in page.context["sent"]:
        sent.setdefault(name, []).append(value)
    return office.post(f"{reverse(PLAN)}?series={series.pk}", sent, follow=True)


def states(*rows: Proposal) -> list[tuple[str, int | None]]:
    for row in rows:
        row.refresh_from_db()
    return [(row.state, row.session_id) for row in rows]


def a_free_day(office: Client, series: Series) -> str:
    weeks = office.get(reverse(BOARD), {"series": series.pk}).context["weeks"]
    return next(week.usual.isoformat() for week in weeks if week.usual)


def test_several_and_a_free_week_make_a_draft_and_each_is_told_once(series, office):
    last = a_session(30, series=series, starts=timezone.now() + timedelta(days=3))
    one, other = an_open_one(series=series), an_open_one(series=series)
    decided(other, "shortlist")
    supporting.support(one, a_member(language="es"))
    before = Message.objects.count()
    day = a_free_day(office, series)

    ask = send(office, series, [one, other], target=day)
    assert ask.context["form"].initial["start_time"].hour == (
        timezone.localtime(last.starts).hour
    )
    said = {
        "title_0": "Contractes menors",
        "date": day,
        "start_time": "10:00",
        "key": str(ask.context["form"].initial["key"]),
    }
    past = send(office, series, [one, other], target=day, **said | {"date": "1/1/2020"})
    assert past.context["form"].errors["date"]
    shown = send(office, series, [one, other], target=day, **said)
    assert "3 " in shown.context["told"]
    assert shown.context["example"]["to"] == one.case.email
    assert Message.objects.count() == before
    assert Session.objects.count() == 1, "nothing happens before it is confirmed"

    for _click in range(2):
        assert confirm(office, series, shown).status_code == 200

    [made] = Session.objects.exclude(pk=last.pk)
    assert (made.state, str(made.title)) == (Session.State.DRAFT, "Contractes menors")
    assert made.capacity_online == last.capacity_online
    assert SessionPage.objects.get(session=made).live is False
    assert states(one, other) == [("planned", made.pk)] * 2
    for row in (one, other):
        assert mails_of(row.case).count("proposal_planned") == 1
        assert open_task(row.case).flow_task.name == "answer"
    # Not *shortlisted* too, on the way.
    assert "proposal_shortlisted" not in mails_of(one.case)
    assert Message.objects.filter(kind="proposal_supported").count() == 1


def test_more_is_added_to_a_draft_and_taken_out_again(series, office):
    session = a_session(series=series, state=Session.State.DRAFT)
    proposal = an_open_one(series=series)
    shown = send(office, series, [proposal], target=f"session-{session.pk}")
    for _click in range(2):
        done = confirm(office, series, shown)
    assert states(proposal) == [("planned", session.pk)]
    here = reverse("sessions:session", args=[session.pk])
    assert done.redirect_chain[-1][0] == here
    case = reverse("cases:case", args=[proposal.case.number])
    assert f'<a href="{case}">{proposal.title}</a>' in done.text, "on its screen"
    other = a_proposal(series=session.series)
    assert other.title not in done.text

    address = reverse("planner:take_out", args=[proposal.case.number])
    assert proposal.case.email == office.get(address).context["example"]["to"]
    assert states(proposal) == [("planned", session.pk)]
    for _click in range(2):
        office.post(address)

    assert states(proposal) == [("shortlisted", None)]
    assert open_task(proposal.case).flow_task.name == "plan"
    assert mails_of(proposal.case).count("proposal_replanned") == 1


def test_of_two_coordinators_one_wins_and_the_other_is_told(series, office):
    rival = a_worker(series.unit)
    proposal, free = an_open_one(series=series), an_open_one(series=series)
    mine, theirs = (a_session(series=series, state="draft") for _each in range(2))
    shown = send(office, series, [free, proposal], target=f"session-{mine.pk}")
    planning.plan([proposal], theirs, rival)

    answer = confirm(office, series, shown)

    assert answer.status_code == AGAIN
    assert "tot just" in answer.content.decode()
    assert states(proposal, free) == [("planned", theirs.pk), ("open", None)]
    with pytest.raises(ValidationError, match=proposal.case.number):
        planning.plan([free, proposal], mine, rival)
    assert states(free) == [("open", None)], "all or none"


@pytest.mark.parametrize("what", ["claimed", "announced", "cancelled", "other series"])
def test_what_cannot_be_planned_says_why_and_does_nothing(series, office, what):
    proposal = an_open_one(series=series)
    session = a_session(series=series, state="draft")
    refused = CONFLICT
    if what == "claimed":
        desk.claim(open_task(proposal.case), a_worker(series.unit))
    elif what == "cancelled":
        sessions.cancel(session)
        refused = AGAIN
    elif what == "other series":
        Session.objects.update(series=a_series())
        refused = AGAIN
    else:
        sessions.announce(session)
        refused = 200

    answer = send(office, series, [proposal], target=f"session-{session.pk}")

    assert answer.status_code == refused
    assert states(proposal) == [("open", None)]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"target": "session-9999999999999999999999"},
        {"target": "session-"},
        {"target": "2020-01-01"},
        {"target": "x" * 5000},
        {"target": "\0"},
        {"proposals": ["-1", "x", "\0", "9" * 30], "target": "2020-01-01"},
        {"target": "session-x", "confirm": "1", "key": "x"},
        {"target": "session-x", "confirm": "1", "proposals": ["9" * 30]},
    ],
    ids=str,
)
def test_what_no_screen_sends_breaks_nothing(series, office, said):
    proposal = an_open_one(series=series)

    answer = office.post(
        f"{reverse(PLAN)}?series={series.pk}", {"proposals": [proposal.pk], **said}
    )

    assert answer.status_code == AGAIN
    assert states(proposal) == [("open", None)]


def test_what_was_chosen_is_kept_when_something_is_missing(series, office):
    proposal = an_open_one(series=series)

    answer = send(office, series, [proposal])

    assert answer.status_code == AGAIN
    assert str(proposal.pk) in answer.context["chosen"]
    assert "Trieu una data" in answer.content.decode()


def test_of_another_unit_nothing_is_seen_and_nothing_planned(series):
    stranger = Client()
    stranger.force_login(a_worker(a_series().unit))
    proposal = an_open_one(series=series)
    session = a_session(series=series, state="draft")

    page = stranger.get(reverse(BOARD), {"series": series.pk})
    assert proposal.title not in page.content.decode()
    answer = send(stranger, series, [proposal], target=f"session-{session.pk}")
    assert answer.status_code == AGAIN
    address = reverse("planner:take_out", args=[proposal.case.number])
    assert stranger.post(address).status_code == 404
    assert states(proposal) == [("open", None)]


def test_what_was_passed_to_another_unit_is_that_one_s_to_plan(series, office):
    proposal = an_open_one(series=series)
    Case.objects.filter(pk=proposal.case_id).update(unit=a_series().unit)

    page = office.get(reverse(BOARD), {"series": series.pk})

    assert page.context["rows"] == []


def test_what_most_bodies_want_comes_first_and_can_be_narrowed(series, office):
    one = an_open_one(series=series, topic=a_topic(), title="Padró obert")
    other = an_open_one(series=series, title="Bústia ètica")
    an_open_one(title="D’un altre cicle")
    a_proposal(series=series, title="Per mirar")
    supporting.support(other, a_member(), shares=True)
    decided(other, "shortlist")
    week_ago = timezone.now() - timedelta(days=7)
    Proposal.objects.filter(pk=one.pk).update(published=week_ago)

    def shown(**asked: Any) -> list[tuple[str, int, int]]:
        page = office.get(reverse(BOARD), {"series": series.pk, **asked})
        return [(row.title, offers, days) for row, offers, days in page.context["rows"]]

    assert shown() == [(other.title, 1, 0), (one.title, 0, 7)]
    assert shown(order="days")[0][0] == one.title
    assert shown(state="shortlisted") == [(other.title, 1, 0)]
    assert shown(topic=one.topic_id) == [(one.title, 0, 7)]
    assert shown(words="padro") == [(one.title, 0, 7)]
    assert len(shown(state="x", topic="x", series="9" * 30, page="x")) == 2


def test_many_proposals_and_sessions_cost_as_much_as_few(series, office):
    def more(number: int) -> None:
        for n in range(number):
            starts = timezone.now() + timedelta(days=2 + 7 * n)
            session = a_session(series=series, state="draft", starts=starts)
            done, waits = an_open_one(series=series), an_open_one(series=series)
            planning.plan([done], session, a_worker(series.unit))
            supporting.support(waits, a_member(), shares=True)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = office.get(reverse(BOARD), {"series": series.pk})
        assert page.status_code == 200
        return len(queries)

    more(1)
    cost()
    few = cost()
    more(4)
    assert cost() == few


def test_a_reader_sees_it_and_can_do_nothing(series):
    reader = Client()
    reader.force_login(a_worker(series.unit, role="Readers"))
    proposal = an_open_one(series=series)

    page = reader.get(reverse(BOARD), {"series": series.pk})

    assert proposal.title in page.content.decode()
    assert 'name="target"' not in page.content.decode()
    answer = send(reader, series, [proposal], target="x")
    assert answer.url == reverse("wagtailadmin_home")


def test_a_cancelled_session_gives_its_proposals_back_and_tells_them_once(series):
    proposal = an_open_one(series=series)
    pau = a_member()
    supporting.support(proposal, pau)
    session = a_session(series=series)
    worker = a_worker(series.unit)
    planning.plan([proposal], session, worker)
    Message.objects.update(state=Message.State.DONE)
    assert holding.replan_due(10) == 0

    sessions.cancel(session)
    assert holding.replan_due(10) == 1
    assert holding.replan_due(10) == 0

    assert states(proposal) == [("shortlisted", None)]
    case = Case.objects.get(pk=proposal.case_id)
    assert mails_of(case).count("proposal_replanned") == 1
    assert open_task(case).flow_task.name == "plan"
    news = Message.objects.filter(kind="proposal_supported", recipient=pau.email)
    assert news.unsettled().count() == 1
    page = Client()
    page.force_login(worker)
    shown = page.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "s’ha anul·lat" in shown


def test_a_session_that_was_put_off_keeps_what_it_treats(series):
    proposal = an_open_one(series=series)
    session = a_session(series=series)
    planning.plan([proposal], session, a_worker(series.unit))

    sessions.postpone(session)

    assert holding.replan_due(10) == 0
    assert states(proposal) == [("planned", session.pk)]


# Once it was held ---------------------------------------------------------------------


def test_what_is_left_of_the_session_is_on_the_page_as_it_comes(series, client):
    proposal = an_open_one(series=series)
    session = a_session(series=series)
    planning.plan([proposal], session, a_worker(series.unit))
    past = timezone.now() - timedelta(hours=2)
    Session.objects.update(starts=past, ends=past + timedelta(hours=1))
    assert holding.hold_due(10) == 1
    page = reverse("proposal", args=[proposal.case.number])
    assert "tan bon punt hi siguin" in client.get(page).content.decode()

    for kind in Material.Kind:
        address = f"https://a.example/{kind}"
        session.materials.create(kind=kind, title=f"Això és {kind}", url=address)

    shown = client.get(page).content.decode()
    for kind in Material.Kind:
        assert shown.count(f"https://a.example/{kind}") == 1
    assert "tan bon punt hi siguin" not in shown
    assert holding.hold_due(10) == 0
    assert mails_of(proposal.case).count("proposal_held") == 1
    with pytest.raises(ValidationError):
        planning.take_out(proposal, a_worker(series.unit))
