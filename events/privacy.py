"""What `events` holds of an address: places, needs, and the news it asked for."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from community.privacy.addresses import of_address
from community.privacy.holders import Fact, Holder, Part, Record

from . import links, personal_feed, registrations, retention, substitutions
from .models import (
    AccessibilityNeeds,
    Answer,
    Follower,
    Guest,
    Offer,
    PersonalFeed,
    Registration,
    Session,
    Substitution,
)
from .wording import short_date

# The reading and taking out of what people wrote; `workflows.organising` logs it.
DISCLOSURES = (
    "events.list_people",
    "events.export_people",
    "events.open_person",
    "events.read_mail",
)


def show(address: str) -> list[Part]:
    found = list(
        Registration.objects.of_address(address)
        .select_related("session__series", "body", "needs")
        .prefetch_related("invitations", "offers__registration__session")
        .order_by("-session__starts", "-pk")
    )
    following = of_address(Follower.objects.select_related("series"), address)
    feed = personal_feed.feed_of(address)
    return [
        Part("registrations", _("Your registrations"), [_place(row) for row in found]),
        Part(
            "offers",
            _("Places offered to you"),
            [_offer(offer) for row in found for offer in row.offers.all()],
        ),
        Part(
            "substitutions",
            _("Going instead of a colleague"),
            [_substitution(row, address) for row in _substitutions(address, found)],
        ),
        Part(
            "answers",
            _("What calendars answered for you, or from your address"),
            [_answer(answer) for answer in _answers(address, found)],
        ),
        Part(
            "appointments",
            _("Appointments you are invited to"),
            [_guest(row) for row in _guests(address)],
        ),
        Part("news", _("The news you asked for"), [_follower(f) for f in following]),
        Part("calendar", _("Your personal calendar"), [_feed(feed)] if feed else []),
        Part(
            "disclosures",
            _("When the organisers read or took out lists you are in"),
            [_disclosure(entry) for entry in _disclosures(found)],
        ),
    ]


def _place(row: Registration) -> Record:
    session = row.session
    answers = [i.rsvp for i in row.invitations.all() if i.rsvp]
    joined = next((i.joined for i in row.invitations.all() if i.joined), None)
    facts = [
        Fact("session", _("Session"), session.code, str(session.title)),
        Fact("series", _("Series"), session.series.code, str(session.series.title)),
        Fact("starts", _("When"), session.starts),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("reason", _("Reason"), row.reason, row.get_reason_display()),
        Fact("refusal", _("What we told you about it"), row.refusal),
        Fact("name", _("Name"), row.name),
        Fact("email", _("E-mail address"), row.email),
        Fact("body", _("Local body"), row.body_name),
        Fact("position", _("Position or work"), row.position),
        Fact("mode", _("Mode"), row.mode, row.get_mode_display()),
        Fact("question", _("Your question"), row.question),
        Fact("language", _("Language"), row.language, row.get_language_display()),
        Fact("registered", _("Registered"), row.created),
        Fact("arrival", _("Arrival"), row.arrival),
        Fact("notice", _("Version of the privacy notice"), row.notice_version),
        Fact("answer", _("What your calendar answered"), answers),
        Fact("joined", _("You went into the online meeting"), joined),
        *_needs(row),
    ]
    own_page = (_("Look at it"), reverse("my_registration", args=[row.token]))
    over = links.have_run_out(session)
    title = f"{session.title}, {short_date(session.starts)}"
    return Record(facts, title=title, links=[] if over else [own_page])


def _offer(row: Offer) -> Record:
    session = row.registration.session
    facts = [
        Fact("session", _("Session"), session.code, str(session.title)),
        Fact("offered", _("Offered"), row.created),
        Fact("until", _("To be answered by"), row.expires),
        Fact("outcome", _("What came of it"), row.outcome, row.get_outcome_display()),
        Fact("ended", _("Ended"), row.ended),
    ]
    return Record(facts, title=f"{session.title}, {short_date(session.starts)}")


def _substitutions(address: str, found: list[Registration]) -> list[Substitution]:
    """Those in which the address was asked, asks, or went."""
    asked = of_address(Substitution.objects.all(), address)
    mine = Q(pk__in=asked) | Q(registration__in=found) | Q(successor__in=found)
    related = ("registration__session", "successor")
    return list(Substitution.objects.filter(mine).select_related(*related))


def _substitution(row: Substitution, address: str) -> Record:
    session = row.registration.session
    was_asked = row.email.lower() == address.lower()
    colleague = row.successor or row
    facts = [
        Fact("session", _("Session"), session.code, str(session.title)),
        Fact("starts", _("When"), session.starts),
        Fact("asked_by", _("Who asked"), row.registration.name),
        Fact("colleague", _("Who was asked"), colleague.name),
        Fact("language", _("Language"), row.language, row.get_language_display()),
        Fact("asked", _("Asked"), row.created),
        Fact("until", _("To be answered by"), row.expires),
        Fact("outcome", _("What came of it"), row.outcome, row.get_outcome_display()),
    ]
    if was_asked:
        facts.append(Fact("email", _("E-mail address"), row.email))
    own_page = (_("Look at it"), reverse("substitution", args=[row.token]))
    shows = was_asked and not links.have_run_out(session)
    title = f"{session.title}, {short_date(session.starts)}"
    return Record(facts, title=title, links=[own_page] if shows else [])


def _guests(address: str) -> QuerySet[Guest]:
    mine = of_address(Guest.objects.all(), address, field="user__email")
    return mine.select_related("appointment").order_by("-appointment__starts", "-pk")


def _guest(row: Guest) -> Record:
    met = row.appointment
    facts = [
        Fact("title", _("What for"), str(met.title)),
        Fact("starts", _("When"), met.starts),
        Fact("place", _("Place"), str(met.place)),
        Fact("state", _("State"), met.state, met.get_state_display()),
        Fact("expected", _("You are expected"), row.stands),
        Fact("answer", _("What your calendar answered"), row.rsvp),
        Fact("since", _("Since"), row.created),
    ]
    door = (_("Look at it"), reverse("join", args=[row.join_token]))
    is_ahead = row.stands and met.ends > timezone.now()
    title = f"{met.title}, {short_date(met.starts)}"
    return Record(facts, title=title, links=[door] if is_ahead else [])


def _answers(address: str, found: list[Registration]) -> list[Answer]:
    mine = Q(invitation__registration__in=found) | Q(guest__in=_guests(address))
    mine |= Q(pk__in=_answers_from(address))
    related = ("invitation__registration__session", "guest__appointment")
    return list(Answer.objects.filter(mine).select_related(*related))


def _answers_from(address: str) -> QuerySet[Answer]:
    """Those that came for an invitation of somebody else's."""
    return of_address(Answer.objects.all(), address, field="sender")


def _answer(row: Answer) -> Record:
    if row.guest:
        about = row.guest.appointment
        what = Fact("appointment", _("Appointment"), str(about.title))
    else:
        about = row.invitation.registration.session
        what = Fact("session", _("Session"), about.code, str(about.title))
    facts = [
        what,
        Fact("answer", _("Answer"), row.rsvp, row.get_rsvp_display()),
        Fact("answered", _("When"), row.stamp),
        Fact("sender", _("From another address"), row.sender),
        Fact("outcome", _("What came of it"), row.outcome, row.get_outcome_display()),
    ]
    return Record(facts, title=f"{about.title}, {short_date(about.starts)}")


def _needs(row: Registration) -> list[Fact]:
    try:
        needs = row.needs
    except AccessibilityNeeds.DoesNotExist:
        return []
    return [
        Fact("sign_language", _("Catalan sign language"), needs.sign_language),
        Fact("materials_before", _("Materials beforehand"), needs.materials_before),
        Fact("telephone", _("To join by telephone"), needs.telephone),
        Fact("other_needs", _("Something else you need"), needs.other),
        Fact("consented", _("You agreed to our keeping it"), needs.consented),
    ]


def _follower(row: Follower) -> Record:
    facts = [
        Fact("series", _("Series"), row.series.code, str(row.series.title)),
        Fact("email", _("E-mail address"), row.email),
        Fact("language", _("Language"), row.language, row.get_language_display()),
        Fact("confirmed", _("You said yes"), row.confirmed),
        Fact("since", _("Since"), row.created),
    ]
    own_page = reverse("following", args=[row.token])
    return Record(
        facts, title=str(row.series.title), links=[(_("Look at it"), own_page)]
    )


def _disclosures(found: list[Registration]) -> list[ModelLogEntry]:
    """The entries about `found`: of its session since it was there, or of itself. Not
    who of the staff it was: the recipient is the body that organises the session."""
    sessions = ContentType.objects.get_for_model(Session)
    mine = Q(pk=None)
    for row in found:
        of_session = Q(content_type=sessions, object_id=str(row.session_id))
        mine |= of_session & Q(timestamp__gte=row.created)
        mine |= Q(data__registration=row.pk)
    return list(ModelLogEntry.objects.filter(mine, action__in=DISCLOSURES))


def _disclosure(entry: ModelLogEntry) -> Record:
    label = logs.get_formatter(entry).label
    return Record(
        [
            Fact("what", _("What"), entry.action, label),
            Fact("when", _("When"), entry.timestamp),
        ],
        title=label,
    )


def _feed(row: PersonalFeed) -> Record:
    facts = [
        Fact("email", _("E-mail address"), row.email),
        Fact("language", _("Language"), row.language, row.get_language_display()),
        Fact("since", _("Since"), row.created),
    ]
    return Record(facts, links=[(_("Look at it"), reverse("my_registrations"))])


def _to_come(address: str) -> list[Registration]:
    """The places that are given up: one session after the other, so that two who
    leave at once do not wait for each other."""
    coming = Registration.objects.of_address(address).to_come(timezone.now())
    return list(coming.select_related("session").order_by("session_id"))


def _to_answer(address: str) -> QuerySet[Substitution]:
    return of_address(Substitution.objects.filter(outcome=""), address)


def foresee(address: str) -> list[str]:
    coming = len(_to_come(address))
    past = Registration.objects.of_address(address).count() - coming
    news = of_address(Follower.objects.all(), address).count()
    words = []
    if coming:
        words.append(
            ngettext(
                "Your registration for a session to come is cancelled, and a mail "
                "takes the session out of your calendar.",
                "Your %(count)d registrations for sessions to come are cancelled, and "
                "a mail for each takes the session out of your calendar.",
                coming,
            )
            % {"count": coming}
        )
    if past:
        words.append(
            ngettext(
                "Of another registration only a figure stays, without your name.",
                "Of %(count)d other registrations only figures stay, without your "
                "name.",
                past,
            )
            % {"count": past}
        )
    if _to_answer(address).exists():
        words.append(str(_("Who asked you to go instead is told that you cannot.")))
    if news:
        words.append(str(_("You hear no more of the next sessions.")))
    if personal_feed.feed_of(address):
        words.append(str(_("The address of your personal calendar shows nothing.")))
    return words


def correct(address: str, changes: dict[str, str]) -> None:
    """The name wherever it is; the position and the language where something is
    still to come, since what was is as it was."""
    coming = {row.pk for row in _to_come(address)}
    found = Registration.objects.active().of_address(address).select_related("session")
    with transaction.atomic():
        for row in found.order_by("session_id"):
            fields = {
                name: value
                for name, value in changes.items()
                if name == "name" or row.pk in coming
            }
            if fields:
                registrations.correct(row, **fields)
        asked = {n: v for n, v in changes.items() if n in ("name", "language")}
        if asked:
            _to_answer(address).update(**asked)
        if "language" in changes:
            for rows in (Follower.objects.all(), PersonalFeed.objects.all()):
                of_address(rows, address).update(language=changes["language"])


def give_up(address: str) -> None:
    for row in _to_come(address):
        registrations.cancel(row, Registration.Reason.PERSON)
        for asked in row.substitutions.filter(outcome=""):
            substitutions.withdraw(asked)
    for asked in _to_answer(address).order_by("registration__session_id"):
        substitutions.refuse(asked)
    of_address(Follower.objects.all(), address).delete()
    personal_feed.end(address)


def erase(address: str, until: datetime) -> None:
    found = Registration.objects.of_address(address).filter(created__lte=until)
    retention.erase(found.order_by("pk"))
    asked = Substitution.objects.filter(created__lte=until)
    retention.forget_asked(of_address(asked, address))
    _answers_from(address).filter(created__lte=until).delete()
    of_address(PersonalFeed.objects.filter(created__lte=until), address).delete()
    # The account may have been erased just before.
    nobodys = Q(user__erased__isnull=False) | Q(pk__in=_guests(address).values("pk"))
    Guest.objects.filter(nobodys, created__lte=until).delete()


HOLDER = Holder(
    name="events",
    show=show,
    foresee=foresee,
    correct=correct,
    give_up=give_up,
    erase=erase,
)
