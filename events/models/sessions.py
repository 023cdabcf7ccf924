"""What happens and when."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail.search import index

from community.models import LocalBody, Topic, Unit
from community.multilingual import I18nAutocompleteField, I18nSearchField
from events import before
from events.search import words_around
from events.standing import Standing, standing_of

from .places import HOLDING, Mode
from .places import State as PlaceState


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
    # Whether people may propose what its sessions should treat.
    takes_proposals = models.BooleanField(_("topics can be proposed"), default=True)
    # Who asked for what a session treats has a place before others can.
    early = models.BooleanField(
        _("who asked for a session registers first"),
        default=False,
        help_text=_(
            "Who proposed or supported what it treats gets a link by mail, to register "
            "before registration opens."
        ),
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
        holding = Q(registrations__state__in=HOLDING)
        waiting = Q(registrations__state=PlaceState.WAITING)
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

    @property
    def is_online(self) -> bool:
        """Whether people can come online."""
        return Mode.ONLINE in self.modes

    @property
    def takes_place(self) -> bool:
        """Whether it is to be held on its day, or was."""
        return self.state in (self.State.ANNOUNCED, self.State.CLOSED)

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
