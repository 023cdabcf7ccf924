"""What people write under a proposal, and what who proposed it adds; what the team
makes of both, and what keeps robots out."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.log_actions import registry as logs

from community.messages.kinds import kind_of
from community.models import Message, User
from community.privacy import holders, register
from tests.factories import a_series, a_user
from tests.factories.acting import a_town, acting
from tests.factories.cases import a_unit, a_worker
from tests.factories.pages import a_home
from tests.factories.proposals import (
    a_comment,
    a_member,
    a_proposal,
    an_open_one,
    decided,
)
from workflows.engine import answers, cases
from workflows.proposals import commenting, spam
from workflows.proposals.models import Comment, Proposal
from workflows.registration import guard

pytestmark = pytest.mark.django_db

State = Comment.State
AGAIN, GONE = 422, 410


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def page_of(proposal: Proposal) -> str:
    return reverse("proposal", args=[proposal.case.number])


def written(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def seen(proposal: Proposal, user: User | None = None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return written(client.get(page_of(proposal)))


def send(proposal: Proposal, user: User | None, text: str, **values: Any):
    client = values.pop("client", None) or Client()
    if user:
        client.force_login(user)
    address = reverse("comment_proposal", args=[proposal.case.number])
    return client.post(address, {"text": text, "form_key": str(uuid4()), **values})


def a_known_one(**values: Any) -> User:
    """Somebody of whom the team has let something be read."""
    user = a_member(**values)
    first = a_comment(an_open_one(), user)
    commenting.show(first, a_worker(first.proposal.case.unit))
    return user


def mail_to(address: str) -> str:
    """The last mail to `address`, as it would leave now."""
    row = Message.objects.filter(recipient=address).latest("pk")
    assert kind_of(row).pointless(row) == ""
    mail = kind_of(row).render(row)
    return f"{mail.subject}\n{mail.body}"


# Writing ----------------------------------------------------------------------------


def test_the_first_of_somebody_is_read_by_nobody_until_the_team_has_looked_at_it():
    proposal, pau = an_open_one(), acting(a_town("Vila"), name="Pau Roca").user

    assert send(proposal, pau, "Ja ho fem.").status_code == 302

    [comment] = Comment.objects.all()
    assert comment.state == State.WAITING
    assert "Ja ho fem." not in seen(proposal)
    assert "Ja ho fem." in seen(proposal, pau)
    commenting.show(comment, a_worker(proposal.case.unit))
    shown = seen(proposal)
    assert "Ja ho fem." in shown
    assert "Vila" in shown
    assert "Pau Roca" not in shown
    assert pau.email not in shown
    assert send(proposal, pau, "I una cosa més.").status_code == 302
    assert "I una cosa més." in seen(proposal), "from now on at once"


@pytest.mark.parametrize(
    ("known", "person"),
    [
        (True, lambda: a_user(is_staff=True)),
        (True, lambda: a_member(email=an_open_one().case.email)),
        (False, lambda: a_member(email=a_proposal().case.email)),
        (False, a_member),
    ],
    ids=["staff", "who has proposed", "who is not published", "anybody"],
)
def test_who_is_known_is_read_at_once(known, person):
    assert commenting.is_known(person()) is known


def test_who_had_one_hidden_is_looked_at_first_again():
    pau, worker = a_known_one(), a_user(is_superuser=True)
    second = a_comment(an_open_one(), pau)
    assert second.state == State.SHOWN

    commenting.hide(second, "Anuncis", worker)

    assert a_comment(an_open_one(), pau).state == State.WAITING


def test_what_is_written_is_escaped_and_its_links_say_that_they_are_not_ours():
    proposal, pau = an_open_one(), a_known_one()
    text = "<script>alert(1)</script> https://a.example/x\n\n<b>fort</b>"
    send(proposal, pau, text)

    page = Client().get(page_of(proposal)).content.decode()

    assert "<script>alert" not in page
    assert "<b>fort" not in page
    assert 'href="https://a.example/x" rel="nofollow"' in page


def test_the_same_form_sent_twice_is_one_comment():
    proposal, pau, key = an_open_one(), a_member(), str(uuid4())

    for _click in range(3):
        assert send(proposal, pau, "Una.", form_key=key).status_code == 302

    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"text": " "},
        {"text": "x" * 2_001},
        {"text": "a\0b"},
        {"text": "www.a.example " * 4},
        {"form_key": "res"},
        {"website": "http://spam.example"},
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_what_was_typed_is_there(values):
    answer = send(an_open_one(), a_member(), **{"text": "Bona idea.", **values})

    assert answer.status_code == AGAIN
    assert 'role="alert"' in answer.content.decode()
    assert values.get("text", "Bona idea.").strip("\0 ")[:9] in answer.content.decode()
    assert not Comment.objects.exists()


def test_what_is_quick_or_from_another_site_is_given_back_with_what_was_typed(settings):
    proposal, pau = an_open_one(), a_member()
    strict = Client(enforce_csrf_checks=True)

    answer = send(proposal, pau, "Bona idea.", client=strict)
    assert (answer.status_code, Comment.objects.count()) == (AGAIN, 0)
    assert "Bona idea." in answer.content.decode()

    settings.FORM_SECONDS = 60
    client = Client()
    client.force_login(pau)
    stamp = client.get(page_of(proposal)).context["form"]["shown"].value()
    quick = send(proposal, pau, "Bona idea.", shown=stamp)
    assert (quick.status_code, Comment.objects.count()) == (AGAIN, 0)
    assert "Bona idea." in quick.content.decode()


def test_whose_session_has_run_out_finds_what_was_typed_after_signing_in():
    proposal, pau, client = an_open_one(), a_member(), Client()

    answer = send(proposal, None, "Una cosa llarga.", client=client)

    assert answer.url.startswith(reverse("account_login"))
    assert not Comment.objects.exists()
    kept = dict(client.session)
    client.force_login(pau)
    session = client.session
    session.update(kept)
    session.save()
    assert "Una cosa llarga." in written(client.get(page_of(proposal)))
    assert "Una cosa llarga." not in written(client.get(page_of(proposal))), "once"


def test_nobody_who_is_not_signed_in_keeps_anything_from_another_site():
    client = Client(enforce_csrf_checks=True)

    answer = send(an_open_one(), None, "Un parany.", client=client)

    assert answer.status_code == AGAIN
    assert not client.session.keys()


@pytest.mark.parametrize(
    ("end", "status", "told"),
    [
        ("decline", AGAIN, "It is closed"),
        ("withdraw", GONE, "This proposal was withdrawn"),
        ("close", GONE, "The team has closed this proposal"),
    ],
)
def test_nothing_is_written_under_what_is_over_and_nothing_typed_is_lost(
    end, status, told
):
    proposal, pau = an_open_one(), a_member(language="en")
    client = Client()
    send(proposal, None, "Escrita sense sessió.", client=client)
    if end == "decline":
        decided(proposal, "decline", text="No")
    elif end == "withdraw":
        answers.withdraw(proposal.case)
    else:
        cases.cancel(proposal.case, reason="Repetida")

    with override("en"):
        answer = send(proposal, pau, "Massa tard. <b>Molt.</b>")
        page = page_of(proposal)

    assert answer.status_code == status
    assert not Comment.objects.exists()
    assert told in written(answer)
    assert "Massa tard. &lt;b&gt;Molt." in answer.content.decode()
    assert answer.headers["Cache-Control"].count("no-store") == 1
    client.force_login(pau)
    assert "Escrita sense sessió." in written(client.get(page)), "signed in by now"
    if status == GONE:
        assert proposal.title not in written(answer)
        assert Client().get(page).status_code == 404


def test_who_takes_back_a_comment_of_what_was_withdrawn_meanwhile_has_it_erased():
    proposal, pau, client = an_open_one(), a_member(), Client()
    comment = a_comment(proposal, pau)
    client.force_login(pau)
    answers.withdraw(proposal.case)

    at = reverse("remove_comment", args=[proposal.case.number, comment.pk])
    answer = client.post(at)

    assert answer.status_code == GONE
    assert not Comment.objects.exists()


def test_who_writes_without_end_or_the_same_everywhere_is_told_so():
    proposal, pau = an_open_one(), a_known_one()
    a_comment(proposal, pau, "Compreu aquí.")
    with pytest.raises(ValidationError, match="altres paraules"):
        a_comment(an_open_one(), pau, "Compreu aquí.")
    while Comment.objects.filter(user=pau).count() < spam.MOST_AN_HOUR:
        a_comment(proposal, pau)

    with pytest.raises(ValidationError, match="una hora"):
        a_comment(proposal, pau)
    Comment.objects.update(created=timezone.now() - timedelta(minutes=61))
    assert a_comment(proposal, pau)


def test_one_takes_back_what_one_wrote_and_nothing_else():
    proposal, pau, eva = an_open_one(), a_known_one(), a_known_one()
    hers, his = a_comment(proposal, eva), a_comment(proposal, pau)
    client = Client()
    client.force_login(pau)

    for pk in (hers.pk, his.pk, his.pk, 10**30):
        address = reverse("remove_comment", args=[proposal.case.number, pk])
        assert client.post(address).status_code == 302
        assert client.get(address).status_code == 405

    assert list(proposal.comments.all()) == [hers]
    commenting.hide(hers, "Anuncis", a_user(is_superuser=True))
    assert not commenting.remove(hers, eva), "the team remembers what it has hidden"


def test_a_page_of_many_comments_costs_as_much_as_one_of_few(
    client, django_assert_max_num_queries
):
    proposal, pau = an_open_one(), a_member()
    bodies = [a_town() for _each in range(3)]
    Comment.objects.bulk_create(
        Comment(
            proposal=proposal,
            user=pau,
            body=bodies[n % 3],
            text=f"Comentari {n}",
            language="ca",
            state=State.SHOWN,
        )
        for n in range(300)
    )
    client.get(page_of(proposal))

    with django_assert_max_num_queries(12):
        page = client.get(page_of(proposal))
    assert len(page.context["comments"].rows) == 20
    assert client.get(page_of(proposal), {"page": "99x"}).status_code == 200


# What the team does -----------------------------------------------------------------


def test_the_team_hides_one_for_a_reason_which_who_wrote_it_reads_in_her_language():
    proposal, eva = an_open_one(), a_known_one(language="es")
    comment, worker = a_comment(proposal, eva), a_worker(proposal.case.unit)
    Message.objects.all().delete()

    assert commenting.hide(comment, "Dades personals", worker)
    assert not commenting.hide(comment, "Dades personals", worker)

    assert comment.text not in seen(proposal)
    own = seen(proposal, eva)
    assert comment.text in own
    assert "Dades personals" in own
    [mail] = Message.objects.filter(kind="proposal_comment")
    assert (mail.recipient, mail.language) == (eva.email, "es")
    assert "Hemos ocultado" in mail_to(eva.email)
    [entry] = logs.get_logs_for_instance(proposal.case).filter(action=commenting.HIDDEN)
    assert (entry.user, entry.data["reason"]) == (worker, "Dades personals")
    assert commenting.show(comment, worker)
    assert comment.text in seen(proposal)


def test_who_does_not_look_after_the_series_shows_and_hides_nothing():
    comment = a_comment(an_open_one())
    stranger = a_worker(a_unit())

    for act in (commenting.show, lambda one, by: commenting.hide(one, "No", by)):
        with pytest.raises(PermissionDenied):
            act(comment, stranger)

    comment.refresh_from_db()
    assert comment.state == State.WAITING


def test_the_screen_shows_the_mail_before_anything_is_hidden(client):
    proposal = an_open_one()
    comment = a_comment(proposal)
    worker = a_worker(proposal.case.unit)
    client.force_login(worker)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    index = reverse("proposal_comments:index")
    assert index in home
    assert comment.text in unescape(client.get(index).content.decode())
    case = client.get(reverse("cases:case", args=[proposal.case.number]))
    address = reverse(
        "proposal_comments:comment", args=[proposal.case.number, comment.pk]
    )
    assert address in case.content.decode()
    assert client.get(address).status_code == 200

    assert client.post(address, {"hide": "1", "reason": ""}).status_code == AGAIN
    asked = {"hide": "1", "reason": "Anuncis"}
    shown = client.post(address, asked)

    assert [each.mail.to for each in shown.context["mails"]] == [[comment.user.email]]
    assert "Anuncis" in shown.context["mails"][0].html
    comment.refresh_from_db()
    assert comment.state == State.WAITING
    assert not Message.objects.filter(kind="proposal_comment").exists()
    assert client.post(address, {**asked, "confirm": "1"}).url == index
    comment.refresh_from_db()
    assert comment.state == State.HIDDEN
    told = client.get(reverse("cases:case", args=[proposal.case.number]))
    assert "Anuncis" in told.content.decode()


# What who proposed it adds ----------------------------------------------------------


def add(proposal: Proposal, text: str, client: Client | None = None):
    address = reverse("add_to_proposal", args=[proposal.case.token])
    sent = {"text": text, "form_key": str(uuid4())}
    return (client or Client()).post(address, sent)


def test_what_is_added_is_read_at_once_under_words_that_stay_as_they_were():
    proposal = an_open_one()
    words = proposal.title, proposal.wanted, proposal.why
    own = Client().get(reverse("my_case", args=[proposal.case.token])).content.decode()
    assert reverse("add_to_proposal", args=[proposal.case.token]) in own

    assert add(proposal, "També per als consells comarcals.").status_code == 302

    proposal.refresh_from_db()
    assert (proposal.title, proposal.wanted, proposal.why) == words
    shown = seen(proposal)
    assert "També per als consells comarcals." in shown
    assert proposal.case.name not in shown
    last = proposal.case.entries.latest("pk")
    assert last.text == "També per als consells comarcals.", "the case has it too"


def test_so_many_notes_are_added_and_no_more_and_nothing_typed_is_lost():
    proposal = an_open_one()
    for number in range(commenting.MOST_ADDITIONS):
        assert add(proposal, f"Nota {number}").status_code == 302

    answer = add(proposal, "Encara una altra.")

    assert answer.status_code == AGAIN
    assert "Encara una altra." in answer.content.decode()
    strict = add(proposal, "D’un altre lloc.", Client(enforce_csrf_checks=True))
    assert "D’un altre lloc." in strict.content.decode()
    assert proposal.comments.additions().count() == commenting.MOST_ADDITIONS


@pytest.mark.parametrize("state", ["received", "withdrawn", "declined"])
def test_nothing_is_added_to_what_is_not_open(state):
    proposal = a_proposal() if state == "received" else an_open_one()
    if state == "declined":
        decided(proposal, "decline", text="No")
    if state == "withdrawn":
        answers.withdraw(proposal.case)

    answer = add(proposal, "Una nota")
    expected = {"declined": AGAIN, "withdrawn": GONE, "received": 404}
    assert answer.status_code == expected[state]
    assert ("Una nota" in written(answer)) == (state != "received")

    assert not Comment.objects.exists()


def test_who_added_what_is_hidden_reads_why_and_the_proposal_stays():
    proposal = an_open_one(email="ada@council.example")
    add(proposal, "Truqueu-me al 600.")
    note = Comment.objects.get()

    commenting.hide(note, "Un telèfon", a_worker(proposal.case.unit))

    assert "600" not in seen(proposal)
    assert "Un telèfon" in mail_to("ada@council.example")


# What is held of people -------------------------------------------------------------


def test_what_one_wrote_is_shown_to_one_and_goes_with_one():
    proposal, pau = an_open_one(), a_known_one()
    comment = a_comment(proposal, pau, "Ho vam fer el 2024.")
    parts = {part.name: part for part in holders.all_of(pau.email)}
    facts = [fact.value for r in parts["proposal_comments"].records for fact in r.facts]
    assert comment.text in facts

    for holder in holders.holders():
        holder.give_up(pau.email)

    assert not Comment.objects.filter(user=pau).exists()
    assert comment.text not in seen(proposal)


def test_what_was_hidden_is_forgotten_after_a_year_and_what_is_read_stays():
    proposal, pau = an_open_one(), a_known_one()
    shown, hidden = a_comment(proposal, pau), a_comment(proposal, pau)
    commenting.hide(hidden, "Anuncis", a_worker(proposal.case.unit))
    [entry] = [e for e in register.entries() if e.name == "proposal_hidden_comments"]
    now = timezone.now()
    assert entry.end_some(now + timedelta(days=364), 10) == 0

    assert entry.end_some(now + timedelta(days=366), 10) == 1

    assert shown in proposal.comments.all()
    assert hidden not in proposal.comments.all()


def test_what_was_written_under_what_is_forgotten_goes_with_it():
    proposal = an_open_one(email="ada@council.example")
    add(proposal, "Una nota")
    a_comment(proposal)
    answers.withdraw(proposal.case)

    for holder in holders.holders():
        holder.erase("ada@council.example", timezone.now())

    assert not Comment.objects.exists()


# What is proposed -------------------------------------------------------------------


def propose(series: Any, **values: Any) -> HttpResponse:
    said = {
        "title": "Publicar els contractes menors",
        "wanted": "Cada quan?",
        "urgency": "soon",
        "name": "Ada Puig",
        "email": f"{uuid4()}@council.example",
        "language": "ca",
        "form_key": str(uuid4()),
        "seen": "1",
        **values,
    }
    return Client().post(reverse("propose", args=[series.code]), said)


def test_what_is_proposed_with_many_links_is_given_back_to_be_mended():
    series = a_series()
    links = "https://a.example/1 www.a.example/2"

    answer = propose(series, wanted=links, why=links)

    assert answer.status_code == AGAIN
    assert "enllaços" in answer.content.decode()
    assert "www.a.example/2" in answer.content.decode()
    assert propose(series, wanted=links).status_code == 302


def test_one_network_sends_no_more_than_a_town_hall_would(monkeypatch):
    monkeypatch.setattr(guard, "PER_NETWORK", 3)
    series = a_series()

    answers = [propose(series).status_code for _each in range(5)]

    assert answers == [302] * 3 + [AGAIN] * 2
    assert Proposal.objects.count() == 3
