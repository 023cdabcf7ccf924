"""Who asked for what a session treats hears of it when it is announced, and registers
before the others where the series says so."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Message
from events import registrations, sessions
from events.models import Mode, Registration, Session
from tests.factories import a_registration, a_series, a_session, an_applicant
from tests.factories.acting import a_town, acting
from tests.factories.cases import a_worker
from tests.factories.pages import a_home
from tests.factories.proposals import a_member, an_open_one, decided
from workflows.organising import post
from workflows.proposals import early, supporting
from workflows.proposals.models import Proposal

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def a_treated_one(series=None, **values) -> Proposal:
    """One that a draft session treats: registration opens in a week."""
    series = series or a_series(early=True)
    proposal = an_open_one(series=series, email=ADA, name="Ada Puig", language="ca")
    decided(proposal, "shortlist")
    values.setdefault("opens", timezone.now() + timedelta(days=7))
    draft = a_session(series=series, state=Session.State.DRAFT, **values)
    decided(proposal, "plan", session=draft.pk)
    return proposal


def announced(proposal: Proposal) -> Session:
    session = Session.objects.select_related("series").get(pk=proposal.session_id)
    sessions.announce(session)
    proposal.refresh_from_db()
    return session


def told() -> list[str]:
    rows = Message.objects.filter(kind="proposal_announced").order_by("recipient")
    return list(rows.values_list("recipient", flat=True))


def link_of(proposal: Proposal, email: str = ADA) -> str:
    return reverse("early_place", args=[early.asker_of(proposal.pk, email).token])


def words(answer) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def places() -> list[tuple[str, str]]:
    rows = Registration.objects.active().order_by("arrival")
    return list(rows.values_list("email", "state"))


def test_the_link_of_the_mail_opens_a_button_that_registers_before_the_others(
    smtp_server, work
):
    proposal = a_treated_one()
    assert told() == []
    session = announced(proposal)
    work()

    [mail] = [m for m in smtp_server.mails if "té dia" in str(m["subject"])]
    assert mail["to"] == ADA
    [link] = re.findall(
        r"https?://\S+(/e/\S+?/)\s", mail.get_body(["plain"]).get_content()
    )
    client = Client()
    shown = client.get(link)
    assert shown.status_code == 200
    assert "Ada Puig" in words(shown)
    assert ADA in words(shown)
    assert places() == [], "opening it does nothing"

    answer = client.post(link, {"mode": "online"}, follow=True)

    assert answer.redirect_chain[-1][0].endswith(f"/s/{session.code}/registered/")
    assert places() == [(ADA, "confirmed")]
    work()
    invitations = [m for m in smtp_server.mails if "invite.ics" in m.as_string()]
    assert len(invitations) == 1


def test_pressing_often_is_one_registration_and_one_mail():
    proposal = a_treated_one()
    announced(proposal)

    asker = early.asker_of(proposal.pk, ADA)

    # Two clicks at once are past the page.
    for _click in range(2):
        early.register(asker, Mode.ONLINE)
    for _click in range(2):
        Client().post(link_of(proposal), {"mode": "online"})

    assert places() == [(ADA, "confirmed")]
    kinds = Message.objects.filter(kind__startswith="registration_")
    assert list(kinds.values_list("kind", flat=True)) == ["registration_confirmed"]
    assert "Ja hi teniu una inscripció" in words(Client().get(link_of(proposal)))


def test_each_who_asked_is_told_once_whatever_they_asked_for():
    series = a_series(early=True)
    one = a_treated_one(series)
    other = an_open_one(series=series, email="eva@council.example")
    pau, silent = a_member(email="pau@council.example"), a_member()
    ada = a_member(email=ADA)
    for user in (pau, silent, ada):
        supporting.support(other, user)
    other.supports.filter(user=silent).update(told=False)
    decided(other, "shortlist")
    decided(other, "plan", session=one.session_id)

    announced(one)
    sessions.announce(one.session)

    assert told() == [ADA, "eva@council.example", pau.email]
    late = an_open_one(series=series, email=ADA)
    decided(late, "shortlist")
    decided(late, "plan", session=one.session_id)
    assert told().count(ADA) == 1


def test_who_is_planned_for_a_session_that_is_announced_gets_the_link_too():
    series = a_series(early=True)
    session = a_session(series=series, opens=timezone.now() + timedelta(days=7))
    proposal = an_open_one(series=series, email=ADA)
    decided(proposal, "shortlist")

    decided(proposal, "plan", session=session.pk)

    assert told() == [ADA]
    Client().post(link_of(proposal), {"mode": "online"})
    assert places() == [(ADA, "confirmed")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"series__early": False}, "s’obre per a tothom"),
        ({"opens": -1}, "La inscripció és oberta per a tothom"),
        ({"opens": None}, "La inscripció és oberta per a tothom"),
        ({"capacity_online": 0}, "s’obre per a tothom"),
        ({"audience": "local_bodies"}, "s’obre per a tothom"),
        ({"state": "cancelled"}, "anul·lat"),
        ({"state": "postponed"}, "ajornat"),
    ],
    ids=str,
)
def test_where_the_link_registers_nobody_it_says_why(change, said):
    proposal = a_treated_one()
    session = announced(proposal)
    if "series__early" in change:
        type(session.series).objects.update(early=False)
    else:
        if change.get("opens"):
            change = {"opens": timezone.now() - timedelta(hours=1)}
        Session.objects.update(**change)

    answer = Client().get(link_of(proposal))

    assert said in words(answer)
    assert b'name="mode"' not in answer.content
    assert Client().post(link_of(proposal), {"mode": "online"}).status_code == 302
    assert places() == []


def test_nobody_else_registers_before_it_opens_and_the_verb_says_so_too():
    series = a_series(early=True)
    opens = timezone.now() + timedelta(days=7)
    session = a_session(1, series=series, opens=opens)
    with pytest.raises(registrations.RegistrationRefused):
        a_registration(session)

    proposal = an_open_one(series=series, email=ADA)
    decided(proposal, "shortlist")
    decided(proposal, "plan", session=session.pk)
    asker = early.asker_of(proposal.pk, ADA)
    registrations.place(session, an_applicant(), early=True)
    with pytest.raises(registrations.RegistrationRefused):
        early.register(asker, Mode.ONLINE)
    assert len(places()) == 1


def test_who_asked_for_a_body_comes_for_it_and_within_its_limit():
    series = a_series(early=True)
    proposal = an_open_one(series=series, email=ADA)
    town = a_town("Vila")
    people = [acting(town).user for _each in range(2)]
    for user in people:
        supporting.support(proposal, user)
    decided(proposal, "shortlist")
    opens = timezone.now() + timedelta(days=7)
    session = a_session(5, series=series, opens=opens, body_limit=1)
    decided(proposal, "plan", session=session.pk)

    for user in people:
        Client().post(link_of(proposal, user.email), {"mode": "online"})

    rows = Registration.objects.order_by("arrival").values_list("body", "user", "state")
    assert list(rows) == [
        (town.pk, people[0].pk, "confirmed"),
        (town.pk, people[1].pk, "waiting"),
    ]


def test_of_a_hybrid_session_each_mode_has_its_button_while_it_has_places():
    proposal = a_treated_one(
        format="hybrid", place={"ca": "Sala"}, capacity_online=0, capacity_in_person=1
    )
    announced(proposal)
    page = Client().get(link_of(proposal)).content.decode()
    assert 'value="in_person"' in page
    assert 'value="online"' not in page

    Client().post(link_of(proposal), {"mode": "online"})
    assert places() == []
    Client().post(link_of(proposal), {"mode": "in_person"})
    assert places() == [(ADA, "confirmed")]


def test_the_link_holds_only_while_the_session_treats_what_was_asked_for():
    proposal = a_treated_one()
    announced(proposal)
    pau = a_member()
    link = link_of(proposal)
    token = link.split("/")[2]

    for spoilt in (token[:-1], token.swapcase(), "1-1-0", f"x{token}", "9" * 40):
        assert Client().get(f"/e/{spoilt}/").status_code == 404, spoilt
    supporting_link = early.Asker(proposal, "", pau.email, "ca", None)
    assert supporting_link.token == token, "it names rows, not people"
    decided(proposal, "replan")

    assert Client().get(link).status_code == 404
    assert Client().post(link, {"mode": "online"}).status_code == 404
    assert places() == []


def test_a_mail_that_is_not_true_any_more_does_not_leave(smtp_server, work):
    proposal = a_treated_one()
    session = announced(proposal)
    sessions.cancel(session)

    work()

    assert not [m for m in smtp_server.mails if "té dia" in str(m["subject"])]


def test_before_announcing_the_office_sees_whom_it_tells_and_one_mail_without_its_link(
    client,
):
    proposal = a_treated_one()
    supporter = a_member(language="es")
    Proposal.objects.filter(pk=proposal.pk).update(state="open")
    supporting.support(proposal, supporter)
    Proposal.objects.filter(pk=proposal.pk).update(state="planned")
    client.force_login(a_worker(proposal.series.unit))

    page = client.get(reverse("sessions:announce", args=[proposal.session_id]))

    effect = page.context["effect"]
    assert dict(effect.languages) == {"ca": 1, "es": 1}
    assert "/e/…/" in effect.mail.body
    assert link_of(proposal) not in page.content.decode()
    token = link_of(proposal).split("/")[2]
    assert token not in post.without_tokens(f"https://a.example/e/{token}/")
    assert told() == []
    sent = {**dict(page.context["sent"]), "seen": page.context["seen"], "confirm": "1"}
    address = reverse("sessions:announce", args=[proposal.session_id])
    done = client.post(address, sent, follow=True)
    assert "2 persones" in done.content.decode()
    assert len(told()) == 2
