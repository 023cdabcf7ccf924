"""Who is told what becomes of a proposal, once and in their language, and how one is
told no more; offers to tell the others; and the daily mail to those who moderate."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from viewflow.workflow.models import Task

from cms.models import HomePage
from community.cover import today
from community.messages.kinds import kind_of
from community.models import Message
from tests.factories import a_session
from tests.factories.cases import a_unit, a_worker, mails_of, open_task
from tests.factories.pages import a_home, a_series_page
from tests.factories.proposals import (
    a_comment,
    a_member,
    a_proposal,
    an_open_one,
    decided,
)
from workflows.engine import answers, desk
from workflows.engine.models import Case
from workflows.proposals import commenting, moderating, supporting
from workflows.proposals.models import Proposal, Support

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def news(proposal: Proposal) -> list[Message]:
    rows = Message.objects.filter(kind="proposal_supported", about=proposal.pk)
    return list(rows.order_by("pk"))


def read(row: Message) -> EmailMultiAlternatives:
    """The mail as it would leave now."""
    assert kind_of(row).pointless(row) == ""
    return kind_of(row).render(row)


def dropped(row: Message) -> bool:
    return kind_of(row).pointless(row) != ""


# Supporters -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (lambda case, by: answers.withdraw(case), "ha retirada"),
        (lambda case, by: desk.cancel(case, "Una cosa privada", by), "Hem tancat"),
    ],
    ids=["withdrawn", "closed"],
)
def test_who_supports_what_is_withdrawn_or_closed_is_told_once(end, told):
    proposal, pau = an_open_one(), a_member(language="ca")
    supporting.support(proposal, pau)

    for _click in range(2):
        end(proposal.case, a_worker(proposal.case.unit))

    [row] = news(proposal)
    mail = read(row)
    assert told in mail.body
    assert proposal.title in mail.body
    assert "privada" not in mail.body, "the reason is for who proposed it"
    assert Client().get(reverse("proposals")).status_code == 200
    assert reverse("proposals") in mail.body


def test_who_hears_of_a_proposal_is_seen_by_those_who_look_after_it_alone():
    proposal, pau = an_open_one(), a_member(language="ca")
    supporting.support(proposal, pau)
    commented = a_comment(proposal, a_member())
    moderator = a_worker(proposal.case.unit)
    commenting.hide(commented, "Anomena persones", moderator)
    answers.withdraw(proposal.case)
    rows = Message.objects.filter(kind__in=["proposal_supported", "proposal_comment"])
    assert {row.kind for row in rows} == {"proposal_supported", "proposal_comment"}

    def seen_by(person) -> set[int]:
        client = Client()
        client.force_login(person)
        paths = {row.pk: reverse("messages:message", args=[row.pk]) for row in rows}
        return {pk for pk, path in paths.items() if client.get(path).status_code == 200}

    assert seen_by(moderator) == {row.pk for row in rows}
    assert seen_by(a_worker(a_unit("Un altre"))) == set()
    assert seen_by(a_worker(role="Administrators")) == set()


def test_what_was_never_published_is_told_to_nobody_else():
    proposal = a_proposal()

    answers.withdraw(proposal.case)

    assert not news(proposal)


def test_both_sides_of_a_merger_are_told_and_offers_go_along():
    one, other = an_open_one(), an_open_one()
    pau, eva = a_member(), a_member()
    supporting.support(one, pau, shares=True, experience="Ho fem des del 2020")
    supporting.support(other, pau)
    supporting.support(one, eva, shares=True, experience="Nosaltres també")

    decided(one, "merge", into=other.case.number)

    assert "proposal_merged" in mails_of(one.case)
    assert mails_of(other.case).count("proposal_joined") == 1
    assert {row.recipient for row in news(one)} == {pau.email, eva.email}
    assert not news(other)
    assert other.title in read(news(one)[0]).body or other.case.number in str(
        read(news(one)[0]).body
    )
    offers = other.supports.filter(shares=True).values_list("experience", flat=True)
    assert set(offers) == {"Ho fem des del 2020", "Nosaltres també"}


@pytest.mark.parametrize("how", ["page", "mail program"])
def test_who_wants_to_hear_no_more_says_so_by_a_button_and_supports_it_still(how):
    proposal, pau = an_open_one(), a_member()
    supporting.support(proposal, pau)
    decided(proposal, "shortlist")
    [row] = news(proposal)
    mail = read(row)
    link = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.body
    address = re.sub(r"^https?://[^/]+", "", link)
    client = Client(enforce_csrf_checks=True)
    assert client.get(address).status_code == 200
    assert Support.objects.get().told, "opening it does nothing"

    said = {"List-Unsubscribe": "One-Click"} if how == "mail program" else {"leave": 1}
    answer = client.post(address, said)

    # RFC 8058, 3.1: it may not lead on.
    assert answer.status_code == 200
    assert not Support.objects.get().told
    assert dropped(row), "nor does what waits leave"
    Message.objects.update(state="done")
    decided(proposal, "plan", session=a_session(series=proposal.series).pk)
    assert len(news(proposal)) == 1
    assert client.post(address, {"tell": "1"}).status_code == 200
    assert Support.objects.get().told


@pytest.mark.parametrize("token", ["x", "x" * 300, "0"])
def test_a_link_that_is_nobodys_is_not_found(token):
    address = reverse("mute_proposal", args=[token])

    assert Client().get(address).status_code == 404
    assert Client().post(address).status_code == 404


def test_who_has_left_meanwhile_gets_nothing_that_still_waits():
    proposal, pau = an_open_one(), a_member()
    supporting.support(proposal, pau)
    decided(proposal, "shortlist")
    [row] = news(proposal)

    supporting.leave(proposal, pau)

    assert dropped(row)


# Offers -----------------------------------------------------------------------------


def test_who_supports_it_offers_to_tell_the_others_and_withdraws_it():
    proposal, pau, client = an_open_one(), a_member(name="Pau Roca"), Client()
    client.force_login(pau)
    address = reverse("support_proposal", args=[proposal.case.number])
    worker = Client()
    worker.force_login(a_worker(proposal.case.unit))

    def office() -> str:
        page = worker.get(reverse("cases:case", args=[proposal.case.number]))
        return page.content.decode()

    client.post(address, {"offer": "1", "experience": "Massa d’hora"})
    assert not Support.objects.exists(), "who does not support it offers nothing"
    client.post(address)
    client.post(address, {"offer": "1", "experience": "Un <b>cercador</b>"})
    assert escape("Un <b>cercador</b>") in office()
    own = client.get(proposal.get_absolute_url()).content.decode()
    assert 'name="withdraw"' in own
    assert "cercador" not in Client().get(proposal.get_absolute_url()).content.decode()

    client.post(address, {"withdraw": "1"})

    mine = Support.objects.get()
    assert (mine.shares, mine.experience) == (False, "")
    assert "cercador" not in office()


def test_what_is_too_long_or_too_late_is_said():
    proposal, pau, client = an_open_one(), a_member(), Client()
    supporting.support(proposal, pau)
    client.force_login(pau)
    address = reverse("support_proposal", args=[proposal.case.number])
    too_long = client.post(address, {"offer": "1", "experience": "x" * 301})
    assert too_long.status_code == 409
    decided(proposal, "decline", text="No")

    assert client.post(address, {"offer": "1"}).status_code == 409
    with pytest.raises(ValidationError):
        supporting.offer(proposal, pau, "")
    assert not Support.objects.get().shares


# Those who moderate -----------------------------------------------------------------


def summaries() -> list[Message]:
    rows = Message.objects.filter(kind="proposals_to_moderate")
    return list(rows.order_by("pk"))


@pytest.fixture
def clock(monkeypatch: Any) -> Any:
    """Sets the hour of a working day."""

    def at(hour: int, days: int = 0) -> datetime:
        # A Tuesday that is no holiday.
        day = datetime(
            2027, 3, 2 + days, hour, 1, tzinfo=timezone.get_default_timezone()
        )
        monkeypatch.setattr("django.utils.timezone.now", lambda: day)
        return day

    return at


def waiting_since_yesterday(clock: Any, **values: Any) -> Proposal:
    clock(12, days=-1)
    proposal = a_proposal(**values)
    clock(9)
    return proposal


def test_who_moderates_gets_one_mail_a_day_with_what_waits_in_her_language(clock):
    proposal = waiting_since_yesterday(clock)
    ona = a_worker(proposal.case.unit, language="es")
    comment = a_comment(an_open_one(series=proposal.series))
    type(comment).objects.update(created=clock(12, days=-1))
    clock(7)
    assert moderating.tell_due(10) == 0, "not before eight"
    clock(9)

    assert moderating.tell_due(10) == len(summaries())
    assert moderating.tell_due(10) == 0, "and not twice"

    [row] = [one for one in summaries() if one.recipient == ona.email]
    assert row.language == "es"
    text = read(row).body
    assert proposal.title in text
    assert comment.proposal.title in text
    task = open_task(proposal.case)
    assert reverse("cases:step", args=[proposal.case.number, task.pk]) in text
    clock(9, days=1)
    Message.objects.filter(pk=row.pk).update(state="done")
    assert moderating.tell_due(10) >= 1, "the next day again"


def test_who_has_nothing_waiting_gets_nothing(clock):
    proposal = waiting_since_yesterday(clock)
    ona, pere = a_worker(proposal.case.unit), a_worker(proposal.case.unit)
    desk.claim(open_task(proposal.case), ona)

    moderating.tell_due(10)

    assert [row.recipient for row in summaries()] == [ona.email]
    [row] = summaries()
    decided(proposal, "publish", ona)
    assert dropped(row), "it was done before the mail left"
    assert pere.email not in [one.recipient for one in summaries()]


def test_nothing_is_written_on_a_day_off_nor_of_what_came_this_morning(clock):
    proposal = waiting_since_yesterday(clock)
    a_worker(proposal.case.unit)
    clock(9, days=4)
    assert moderating.tell_due(10) == 0, "a Saturday"

    clock(9)
    decided(proposal, "publish")
    a_worker(a_proposal().case.unit)
    # Viewflow has a clock of its own.
    Task.objects.update(created=clock(9))
    assert moderating.tell_due(10) == 0


@pytest.mark.parametrize(
    ("days", "subject"),
    [(-1, "ha passat del termini"), (1, "demà"), (3, "Què espera")],
)
def test_the_nudge_is_in_the_subject_before_and_after_the_term(clock, days, subject):
    proposal = waiting_since_yesterday(clock)
    a_worker(proposal.case.unit)
    Case.objects.update(due=today() + timedelta(days=days))

    moderating.tell_due(10)

    assert subject in read(summaries()[0]).subject


def test_who_sees_all_units_is_told_where_nobody_works_for_one(clock):
    proposal = waiting_since_yesterday(clock)
    boss = a_worker(role="Coordinators")
    moderating.tell_due(10)
    assert [row.recipient for row in summaries()] == [boss.email]
    Message.objects.all().delete()

    ona = a_worker(proposal.case.unit)
    moderating.tell_due(10)

    assert [row.recipient for row in summaries()] == [ona.email]


# A series that takes none -----------------------------------------------------------


def test_a_series_that_takes_no_proposals_has_no_form_and_keeps_those_it_had(client):
    proposal = an_open_one()
    series = proposal.series
    page = a_series_page(HomePage.objects.get(), proposal.series)
    asked = reverse("propose", args=[proposal.series.code])
    assert asked in client.get(page.url).content.decode()

    type(series).objects.update(takes_proposals=False)

    cache.clear()
    assert client.get(asked).status_code == 404
    assert client.post(asked, {"title": "Una"}).status_code == 404
    assert asked not in client.get(page.url).content.decode()
    assert asked not in client.get(reverse("proposals")).content.decode()
    assert client.get(proposal.get_absolute_url()).status_code == 200
