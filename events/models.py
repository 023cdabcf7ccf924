"""What happens and when, and who comes."""

import secrets
import uuid
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail.search import index

from community.models import LocalBody, Topic, Unit
from community.multilingual import I18nAutocompleteField, I18nSearchField
from community.privacy.addresses import of_address
from community.work.rows import DueRow

from . import before
from .search import words_around
from .standing import Standing, standing_of


def new_token() -> str:
    """An unguessable name for an address that is sent to one person."""
    return secrets.token_urlsafe(24)


def new_uid() -> str:
    """A calendar UID that says nothing of the person (RFC 7986, 5.3)."""
    return f"{uuid.uuid4()}@{settings.MAIL_DOMAIN}"


class Mode(models.TextChoices):
    """How somebody attends."""

    ONLINE = "online", _("online")
    IN_PERSON = "in_person", _("in person")


class Provider(models.TextChoices):
    """Who has the online part of a session."""

    LINK = "link", _("a link of our own")
    TEAMS = "teams", "Teams"
    HERE = "here", _("a page of this site, to try things out")
    NONE = "none", _("none, or not yet")


class Series(models.Model):
    """A cycle of sessions (*cicle*) that a unit holds, such as a monthly hour."""

    class Promotion(models.TextChoices):
        AUTOMATIC = "automatic", _("the first in the waiting list gets the place")
        OFFER = "offer", _("the place is offered, and must be accepted")

    code = models.SlugField(_("code"), unique=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="series"
    )
    title = I18nCharField(_("title"), max_length=200)
    summary = I18nTextField(_("summary"), blank=True)
    promotion = models.CharField(
        _("when a place is freed"),
        max_length=10,
        choices=Promotion.choices,
        default=Promotion.AUTOMATIC,
    )
    # As `Before` writes them: P7D, PT1H.
    reminders = models.JSONField(
        _("reminders"), default=before.usual, blank=True, validators=[before.check]
    )

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("several", "series")
        ordering = ("code",)

    def __str__(self) -> str:
        return str(self.title)


class SessionQuerySet(models.QuerySet["Session"]):
    def public(self) -> Self:
        """Those that anybody may find: announced once, and listed."""
        return self.exclude(state=Session.State.DRAFT).filter(listed=True)

    def upcoming(self, now: datetime) -> Self:
        """Those that have not ended, the next first."""
        return self.filter(ends__gt=now).order_by("starts")

    def past(self, now: datetime) -> Self:
        """Those that have ended, the latest first."""
        return self.filter(ends__lte=now).order_by("-starts")

    def with_places(self) -> Self:
        """With the places taken and the people waiting, in the same query."""
        holding = Q(registrations__state__in=Registration.HOLDING)
        waiting = Q(registrations__state=Registration.State.WAITING)
        return self.annotate(
            taken=Count("registrations", filter=holding),
            waiting=Count("registrations", filter=waiting),
        )


class Session(index.Indexed, models.Model):
    """One meeting of a series: one Thursday.

    Dates, place, capacity and state are changed by the verbs of
    `events.sessions`, which tell everybody who must know; never by `save`.
    Open, full and held are derived: see `standing`.
    """

    class Format(models.TextChoices):
        ONLINE = "online", _("online")
        IN_PERSON = "in_person", _("in person")
        HYBRID = "hybrid", _("hybrid")

    class Audience(models.TextChoices):
        OPEN = "open", _("everybody")
        LOCAL_BODIES = "local_bodies", _("people of any local body")
        CHOSEN = "chosen", _("people of the chosen bodies")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("announced")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")
        CLOSED = "closed", _("closed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(
        _("code"),
        unique=True,
        help_text=_("Part of the address that mails and calendars link to for ever."),
    )
    series = models.ForeignKey(
        Series, models.PROTECT, verbose_name=_("series"), related_name="sessions"
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, verbose_name=_("topic"), null=True, blank=True
    )
    title = I18nCharField(_("title"), max_length=200)
    summary = I18nTextField(_("summary"), blank=True)
    starts = models.DateTimeField(_("starts"), db_index=True)
    ends = models.DateTimeField(_("ends"))
    format = models.CharField(
        _("format"), max_length=10, choices=Format.choices, default=Format.ONLINE
    )
    place = I18nCharField(_("place"), max_length=200, blank=True)
    provider = models.CharField(
        _("online meeting"),
        max_length=10,
        choices=Provider.choices,
        default=Provider.LINK,
    )
    join_url = models.URLField(
        _("link of the online meeting"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Only for a link of our own. People never get it, but one of theirs that "
            "leads to it."
        ),
    )
    capacity_online = models.PositiveIntegerField(
        _("places online"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    capacity_in_person = models.PositiveIntegerField(
        _("places in person"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    audience = models.CharField(
        _("for whom"), max_length=12, choices=Audience.choices, default=Audience.OPEN
    )
    bodies = models.ManyToManyField(
        LocalBody, verbose_name=_("chosen bodies"), blank=True, related_name="+"
    )
    body_limit = models.PositiveIntegerField(
        _("places for each body"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit. Whoever is over it waits."),
    )
    approval = models.BooleanField(
        _("registrations are approved"),
        default=False,
        help_text=_("Nobody has a place until somebody of the unit says so."),
    )
    notes = models.TextField(
        _("notes for organisers"), blank=True, help_text=_("Never public.")
    )
    opens = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes = models.DateTimeField(
        _("registration closes"),
        null=True,
        blank=True,
        help_text=_("Empty: when the session starts."),
    )
    listed = models.BooleanField(
        _("listed"),
        default=True,
        help_text=_("Found in the agenda, the feeds and the search."),
    )
    remind = models.BooleanField(
        _("remind those who come"),
        default=True,
        help_text=_("When its series says so."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )
    state_reason = I18nCharField(_("reason"), max_length=300, blank=True)
    # Grows when people must hear of a change; their invitation says which they know.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # Numbers the arrivals, so that the waiting list has an order without gaps.
    arrivals = models.PositiveIntegerField(default=0, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = SessionQuerySet.as_manager()

    search_fields: ClassVar[list[index.BaseField]] = [
        I18nSearchField("title", boost=2),
        I18nAutocompleteField("title"),
        I18nSearchField("summary", boost=1),
        I18nSearchField("place"),
        index.SearchField("around"),
    ]
    # Every registration saves its session, and changes none of its words.
    search_auto_update = False

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-starts",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session must end after it starts."),
            ),
        )

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.code])

    def around(self) -> str:
        """What a search finds it by besides its own texts."""
        return words_around(self)

    @property
    def modes(self) -> list[Mode]:
        """The modes that people can choose from."""
        if self.format == self.Format.HYBRID:
            return [Mode.ONLINE, Mode.IN_PERSON]
        return [Mode(self.format)]

    def capacity_of(self, mode: str) -> int | None:
        """Places of `mode`; None means that there is no limit."""
        return self.capacity_online if mode == Mode.ONLINE else self.capacity_in_person

    @property
    def capacity(self) -> int | None:
        """Places of all modes together; None if one of them has no limit."""
        places = [self.capacity_of(mode) for mode in self.modes]
        return None if None in places else sum(places)

    @cached_property
    def standing(self) -> Standing:
        """How it stands now: what its page, its row and its box say. One query,
        or none on rows of `with_places`."""
        if not hasattr(self, "taken"):
            counts = Session.objects.with_places().values("taken", "waiting")
            for name, value in counts.get(pk=self.pk).items():
                setattr(self, name, value)
        return standing_of(self, self.taken, self.waiting, timezone.now())


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        """Those with a place, or on the way to one."""
        return self.exclude(state=Registration.State.CANCELLED)

    def of_address(self, email: str) -> Self:
        """Those of `email`, however it is capitalised."""
        # Only what is somebody's is in the index that finds it.
        return of_address(self.of_somebody(), email)

    def of_somebody(self) -> Self:
        """Those that are still known to be somebody's."""
        return self.filter(erased=None)

    def holding(self) -> Self:
        """Those that take up a place."""
        return self.filter(state__in=Registration.HOLDING)

    def waiting(self) -> Self:
        """The waiting list, in order."""
        return self.filter(state=Registration.State.WAITING).order_by("arrival")

    def to_come(self, now: datetime) -> Self:
        """Active ones of sessions that are still to be held, put off without a date
        or not."""
        coming = Q(session__ends__gt=now)
        postponed = Q(session__state=Session.State.POSTPONED)
        over = (Session.State.CANCELLED, Session.State.CLOSED)
        return self.active().filter(coming | postponed).exclude(session__state__in=over)

    def held(self, now: datetime) -> Self:
        """Active ones of sessions that have been held."""
        ended = Q(session__ends__lte=now)
        closed = Q(session__state=Session.State.CLOSED)
        off = (Session.State.CANCELLED, Session.State.POSTPONED)
        return self.active().filter(ended | closed).exclude(session__state__in=off)

    def with_ahead(self) -> Self:
        """With how many wait before each, so that `queue_position` asks nothing."""
        before = Registration.objects.filter(
            session=OuterRef("session"),
            mode=OuterRef("mode"),
            state=Registration.State.WAITING,
            arrival__lt=OuterRef("arrival"),
        )
        count = before.order_by().values("session").values(count=Count("pk"))
        return self.annotate(ahead=Coalesce(Subquery(count), 0))


class Registration(models.Model):
    """A place that somebody asked for in a session (*inscripció*).

    `state` is the only truth about the place; the verbs of
    `events.registrations` change it.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("to be approved")
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        CONFIRMED = "confirmed", _("confirmed")
        CANCELLED = "cancelled", _("cancelled")

    class Reason(models.TextChoices):
        PERSON = "person", _("cancelled by the person")
        STAFF = "staff", _("cancelled by the organiser")
        NOT_ME = "not_me", _("somebody else had used the address")
        DECLINED = "declined", _("not approved")
        MERGED = "merged", _("merged with another of the same person")

    # An offered place is nobody else's.
    HOLDING = (State.CONFIRMED, State.OFFERED)
    # The order key of its mails.
    THREAD = "registration:%d"

    session = models.ForeignKey(
        Session,
        models.PROTECT,
        verbose_name=_("session"),
        related_name="registrations",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        related_name="registrations",
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("local body"),
        null=True,
        blank=True,
        related_name="registrations",
    )
    body_text = models.CharField(_("another body"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    question = models.TextField(_("question"), max_length=2000, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    notice_version = models.CharField(
        _("version of the privacy notice"), max_length=20, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    reason = models.CharField(
        _("reason"), max_length=10, choices=Reason.choices, blank=True
    )
    arrival = models.PositiveIntegerField(_("arrival"))
    # Opens the person's own page, from the mail.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    # Of the form it came from: the same form sent twice is one registration.
    form_key = models.UUIDField(null=True, blank=True, editable=False)
    # From then on it is a figure: of a session, a body and a state, and of nobody.
    erased = models.DateTimeField(_("erased"), null=True, editable=False)
    created = models.DateTimeField(_("registered"), auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ("session", "arrival")
        permissions = (("export_registration", "Can export the list of people"),)
        constraints = (
            models.UniqueConstraint(
                fields=("session", "arrival"), name="arrival_is_unique_in_session"
            ),
            models.UniqueConstraint(
                "session",
                Lower("email"),
                condition=~Q(state="cancelled") & Q(erased=None),
                name="one_active_registration_per_address",
                violation_error_message=_("This address is already registered."),
            ),
            models.CheckConstraint(
                condition=Q(erased=None)
                | Q(
                    user=None,
                    name="",
                    email="",
                    body_text="",
                    position="",
                    question="",
                    form_key=None,
                ),
                name="an_erased_registration_is_nobodys",
            ),
        )
        indexes = (
            models.Index(
                fields=("session", "state", "arrival"), name="registration_list"
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name, no address.
        return f"{self.session.code} · {self.arrival}"

    def clean(self) -> None:
        if self.session_id and self.mode not in self.session.modes:
            raise ValidationError({"mode": _("This session is not held that way.")})

    @property
    def who(self) -> str:
        """What the staff's screens call the person: the name or, without one, the
        address; or that it is erased."""
        if self.erased:
            return gettext("Data erased")
        return self.name or self.email

    @property
    def body_name(self) -> str:
        """The body as the person declared it, or ""."""
        return self.body.name if self.body else self.body_text

    @property
    def queue_position(self) -> int | None:
        """The place in the waiting list, from 1; None if it does not wait. One query,
        or none on rows of `with_ahead`."""
        if self.state != self.State.WAITING:
            return None
        if hasattr(self, "ahead"):
            return self.ahead + 1
        ahead = self.session.registrations.waiting().filter(
            mode=self.mode, arrival__lt=self.arrival
        )
        return ahead.count() + 1

    @property
    def is_active(self) -> bool:
        """Whether there is a place, or one to come."""
        return self.state != self.State.CANCELLED

    @property
    def thread(self) -> str:
        """What the mails about it have in common: they leave in the order in which
        they were queued."""
        return self.THREAD % self.pk


class Invitation(models.Model):
    """A calendar entry in the calendar of one person.

    `sequence`, `revision` and `starts` are what the person was last told: null
    until the first mail.
    """

    class Rsvp(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        TENTATIVE = "tentative", _("tentative")
        DECLINED = "declined", _("declined")

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="invitations"
    )
    uid = models.CharField(max_length=255, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    starts = models.DateTimeField(null=True, blank=True)
    # The entry has been taken out of the calendar; the next place is a new one.
    withdrawn = models.BooleanField(default=False)
    rsvp = models.CharField(
        _("answer"), max_length=10, choices=Rsvp.choices, blank=True
    )
    join_token = models.CharField(max_length=64, unique=True, default=new_token)
    # When the person first went in by it.
    joined = models.DateTimeField(_("went in"), null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(withdrawn=False),
                name="one_live_invitation_per_registration",
            ),
        )

    def __str__(self) -> str:
        return self.uid


class Meeting(DueRow):
    """The online meeting that somebody makes for a session: as it should be, which
    the session says, and as far as it is.

    `wanted_revision` grows whenever the session may say another thing, and
    `synced_revision` is what was last made true.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="meeting")
    wanted_revision = models.PositiveIntegerField(default=0)
    synced_revision = models.PositiveIntegerField(default=0)
    # Who has a meeting or, if a worker died in making it, may have one.
    provider = models.CharField(max_length=10, choices=Provider.choices, blank=True)
    # A meeting that was deleted is followed by another, with a key of its own.
    generation = models.PositiveSmallIntegerField(default=0)
    external_id = models.CharField(max_length=500, blank=True)
    # Once everything about it is as it should be, and people get in.
    join_url = models.URLField(max_length=2000, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    phone_code = models.CharField(max_length=50, blank=True)
    tried = models.DateTimeField(_("last tried"), null=True, blank=True)

    class Meta(DueRow.Meta):
        verbose_name = _("online meeting")
        verbose_name_plural = _("online meetings")

    def __str__(self) -> str:
        return f"{self.session_id} · {self.provider}"

    @property
    def key(self) -> str:
        """The name that we give it, so that it is found again and never made twice."""
        later = f"-{self.generation}" if self.generation else ""
        return f"{self.session.uuid}{later}"

    @property
    def is_synced(self) -> bool:
        """Whether it is as it should be, as far as we know."""
        return self.synced_revision == self.wanted_revision

    def settle(self, state: DueRow.State, error: str = "", **also: Any) -> bool:
        """As for any row; but what was wished for meanwhile is to be done yet."""
        with transaction.atomic():
            now = Meeting.objects.select_for_update().get(pk=self.pk)
            if now.wanted_revision != self.wanted_revision:
                fresh = {"state": self.State.QUEUED, "next_try": timezone.now()}
                return self._write(attempts=0, crashes=0, **fresh)
            if state == self.State.DONE:
                also["synced_revision"] = self.wanted_revision
            return super().settle(state, error, **also)


class Reminder(models.Model):
    """That those who come to a session were reminded of it, so long `before` the moment
    when it `starts`: once, and once more if it starts at another."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="reminders")
    # As `Before` writes it.
    before = models.CharField(max_length=10)
    starts = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "before", "starts"), name="a_reminder_leaves_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} · {self.before}"


class Circular(models.Model):
    """What the staff wrote to people of a session, in each language, and to which."""

    class To(models.TextChoices):
        EVERYBODY = "everybody", _("everybody, with a place or without one yet")
        CONFIRMED = "confirmed", _("those who have a place")
        WAITING = "waiting", _("those who wait for one")

    session = models.ForeignKey(Session, models.PROTECT, related_name="circulars")
    # Of the form it came from: the same form sent twice is one circular.
    key = models.UUIDField(unique=True, editable=False)
    subject = I18nCharField(_("subject"), max_length=150)
    text = I18nTextField(_("text"))
    to = models.CharField(
        _("to whom"), max_length=10, choices=To.choices, default=To.CONFIRMED
    )
    mode = models.CharField(
        _("who take part"), max_length=10, choices=Mode.choices, blank=True
    )
    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("of the local body"),
        null=True,
        blank=True,
        related_name="+",
    )
    # How the session stood: what was written before it was cancelled holds no more.
    session_state = models.CharField(max_length=10, choices=Session.State.choices)
    people = models.PositiveIntegerField(_("people"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("written by"),
        null=True,
        related_name="+",
    )
    created = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("message to people")
        verbose_name_plural = _("messages to people")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.session_id} · {self.pk}"

    @property
    def addressees(self) -> RegistrationQuerySet:
        """Whom it is for, as they are now: never who has cancelled."""
        states = Registration.State
        people = self.session.registrations.active().of_somebody()
        if self.to == self.To.CONFIRMED:
            people = people.filter(state=states.CONFIRMED)
        elif self.to == self.To.WAITING:
            people = people.filter(state=states.WAITING)
        if self.mode:
            people = people.filter(mode=self.mode)
        if self.body_id:
            people = people.filter(body=self.body_id)
        return people


class AccessibilityNeeds(models.Model):
    """What somebody needs to follow a session. Given with express consent, seen by
    the organisers alone, and erased 30 days after the session (GDPR, art. 9)."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="needs"
    )
    sign_language = models.BooleanField(_("Catalan sign language"), default=False)
    materials_before = models.BooleanField(_("materials beforehand"), default=False)
    telephone = models.BooleanField(_("to join by telephone"), default=False)
    other = models.CharField(_("something else"), max_length=500, blank=True)
    consented = models.DateTimeField(_("consented"), default=timezone.now)

    class Meta:
        verbose_name = _("accessibility needs")
        verbose_name_plural = _("accessibility needs")

    def __str__(self) -> str:
        return str(self.registration)


class Follower(models.Model):
    """An address that wants to hear when the next session of a series is announced.

    Nothing is sent to it but a question until it is `confirmed`.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="followers")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    # Opens the page where the address confirms, and where it leaves.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = (
            models.UniqueConstraint(
                "series", Lower("email"), name="one_following_per_address_and_series"
            ),
        )

    def __str__(self) -> str:
        return f"{self.series_id} · {self.pk}"


class Announcement(models.Model):
    """That a follower is told of a session: once, however often it is announced."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="announcements")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = (
            models.UniqueConstraint(
                fields=("follower", "session"), name="a_follower_is_told_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.follower_id} · {self.session_id}"


class PersonalFeed(models.Model):
    """The calendar to which an address subscribes, with the sessions that it has a
    place in. Whoever has its token reads it, and can do nothing else."""

    email = models.EmailField(_("e-mail address"))
    token = models.CharField(max_length=64, unique=True, default=new_token)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("personal calendar")
        verbose_name_plural = _("personal calendars")
        constraints = (
            models.UniqueConstraint(
                Lower("email"), name="one_personal_feed_per_address"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
