"""What an organiser does with a session, each in two steps."""

from collections import Counter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import mails, reminders
from events import sessions as verbs
from events.models import Registration, Session
from events.wording import span
from workflows.organising import sessions
from workflows.organising.forms import (
    DuplicateForm,
    MoveForm,
    PlaceOrTimeForm,
    PlacesForm,
    ReasonForm,
    RescheduleForm,
)
from workflows.organising.labels import over_full_words, people_over
from workflows.organising.reminding import RemindForm

from .steps import ChangeView, Effect, will_get_a_mail


class MoveView(ChangeView):
    """Another day, hour or place."""

    page_title = _("Move the session")
    header_icon = "calendar-alt"
    form_class = MoveForm
    done_already = _("It had been moved already: nobody is told twice.")

    def rehearse(self, session: Session, form: MoveForm) -> Effect:
        if not verbs.move(session, **form.wanted):
            raise ValidationError(_("This is when and where it is held now."))
        return everybody(session, "session_moved")

    def perform(self, session: Session, form: MoveForm) -> str | None:
        total = verbs.audience(session).total
        if not verbs.move(session, by=self.request.user, **form.wanted):
            return None
        return " ".join([gettext("Moved."), will_get_a_mail(total)])

    def is_done(self, session: Session, form: MoveForm) -> bool:
        wanted = form.wanted
        place = session.place if wanted["place"] is None else wanted["place"]
        return (session.starts, session.ends, session.place) == (
            wanted["starts"],
            wanted["ends"],
            place,
        )

    def question(self, form: MoveForm) -> str:
        when = span(form.cleaned_data["starts"], form.cleaned_data["ends"])
        return gettext("Move it to %(when)s?") % {"when": when}

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Move it")
        return ngettext(
            "Move and tell %d person", "Move and tell %d people", effect.total
        ) % (effect.total)


class CancelView(ChangeView):
    """It will not be held."""

    page_title = _("Cancel the session")
    header_icon = "circle-xmark"
    form_class = ReasonForm
    is_serious = True
    done_already = _("It had been cancelled already: nobody is told twice.")

    def rehearse(self, session: Session, form: ReasonForm) -> Effect:
        if not verbs.cancel(session, form.cleaned_data["reason"]):
            raise ValidationError(_("This session is cancelled already."))
        effect = everybody(session, "session_cancelled")
        effect.sentences.append(gettext("A cancelled session cannot come back."))
        return effect

    def perform(self, session: Session, form: ReasonForm) -> str | None:
        total = verbs.audience(session).total
        reason = form.cleaned_data["reason"]
        if not verbs.cancel(session, reason, by=self.request.user):
            return None
        return " ".join([gettext("Cancelled."), will_get_a_mail(total)])

    def is_done(self, session: Session, form: ReasonForm) -> bool:
        return session.state == Session.State.CANCELLED

    def question(self, form: ReasonForm) -> str:
        return gettext("Cancel this session?")

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Yes, cancel it")
        return ngettext(
            "Yes, cancel and tell %d person",
            "Yes, cancel and tell %d people",
            effect.total,
        ) % (effect.total)


class PostponeView(ChangeView):
    """It will be held, and nobody knows when."""

    page_title = _("Postpone without a date")
    header_icon = "time"
    form_class = ReasonForm
    done_already = _("It had been postponed already: nobody is told twice.")

    def rehearse(self, session: Session, form: ReasonForm) -> Effect:
        if not verbs.postpone(session, form.cleaned_data["reason"]):
            raise ValidationError(_("This session is postponed already."))
        return self.effect(
            session,
            gettext(
                "It leaves every calendar, and nobody loses what they have. When you "
                "give it a new date, all of them are invited anew."
            ),
        )

    def perform(self, session: Session, form: ReasonForm) -> str | None:
        total = verbs.audience(session).total
        reason = form.cleaned_data["reason"]
        if not verbs.postpone(session, reason, by=self.request.user):
            return None
        return " ".join([gettext("Postponed."), will_get_a_mail(total)])

    def is_done(self, session: Session, form: ReasonForm) -> bool:
        return session.state == Session.State.POSTPONED

    def question(self, form: ReasonForm) -> str:
        return gettext("Postpone this session without a new date?")

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Postpone it")
        return ngettext(
            "Postpone and tell %d person",
            "Postpone and tell %d people",
            effect.total,
        ) % (effect.total)


class RescheduleView(ChangeView):
    """The new date of a session that was postponed."""

    page_title = _("Give it a new date")
    header_icon = "calendar-check"
    form_class = RescheduleForm
    done_already = _("It had its new date already: nobody is told twice.")

    def rehearse(self, session: Session, form: PlaceOrTimeForm) -> Effect:
        verbs.reschedule(session, **form.wanted)
        return self.effect(session)

    def perform(self, session: Session, form: PlaceOrTimeForm) -> str | None:
        total = verbs.audience(session).total
        verbs.reschedule(session, by=self.request.user, **form.wanted)
        return " ".join([gettext("It has a new date."), will_get_a_mail(total)])

    def is_done(self, session: Session, form: PlaceOrTimeForm) -> bool:
        announced = session.state == Session.State.ANNOUNCED
        return announced and session.starts == form.wanted["starts"]

    def question(self, form: PlaceOrTimeForm) -> str:
        when = span(form.cleaned_data["starts"], form.cleaned_data["ends"])
        return gettext("Hold it on %(when)s?") % {"when": when}

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Give it this date")
        return ngettext(
            "Give it this date and tell %d person",
            "Give it this date and tell %d people",
            effect.total,
        ) % (effect.total)


class CloseView(ChangeView):
    """It was held, and nothing is left to do."""

    page_title = _("Close the session")
    header_icon = "check"
    done_already = _("It had been closed already.")

    def rehearse(self, session: Session, form: Form) -> Effect:
        verbs.close(session)
        return Effect(
            [
                gettext("It says that it was held and that nothing is left to do."),
                gettext("Nobody gets a mail."),
            ]
        )

    def perform(self, session: Session, form: Form) -> str | None:
        closed = verbs.close(session, by=self.request.user)
        return gettext("Closed.") if closed else None

    def is_done(self, session: Session, form: Form) -> bool:
        return session.state == Session.State.CLOSED

    def question(self, form: Form) -> str:
        return gettext("Close this session?")

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, close it")


class RemindersView(ChangeView):
    """Whether people are reminded of this session, as its series says."""

    page_title = _("Reminders of this session")
    header_icon = "bell"
    form_class = RemindForm
    is_quiet = True
    done_already = _("It was so already: nothing changed.")

    def perform(self, session: Session, form: RemindForm) -> str | None:
        on = form.cleaned_data["remind"]
        if not reminders.switch(session, on=on, by=self.request.user):
            return None
        if on:
            return gettext("Those who have a place will be reminded.")
        return gettext("Nobody will be reminded of this session.")

    def is_done(self, session: Session, form: RemindForm) -> bool:
        return session.remind == form.cleaned_data["remind"]


class DuplicateView(ChangeView):
    """Another session like this one."""

    page_title = _("Duplicate")
    header_icon = "copy"
    permission_required = "add"
    form_class = DuplicateForm
    is_quiet = True

    def perform(self, session: Session, form: DuplicateForm) -> str | None:
        made = sessions.duplicate(session, by=self.request.user, **form.wanted)
        self.made_url = reverse("sessions:session", args=[made.pk])
        return gettext("This is the new one, a draft: nobody sees it yet.")

    def is_done(self, session: Session, form: DuplicateForm) -> bool:
        return False

    @property
    def back_url(self) -> str:
        return getattr(self, "made_url", self.session_url)


class PlacesView(ChangeView):
    """More places, or fewer: of each mode, and for each body."""

    page_title = _("Change places")
    header_icon = "group"
    form_class = PlacesForm

    def rehearse(self, session: Session, form: PlacesForm) -> Effect:
        given = sessions.resize(session, **form.wanted)
        effect = self.effect(session, _places_given(given))
        session.refresh_from_db()
        if over := people_over(session):
            words = gettext("%(over)s: nobody loses a place.")
            effect.sentences.append(words % {"over": over_full_words(over)})
        return effect

    def perform(self, session: Session, form: PlacesForm) -> str | None:
        given = sessions.resize(session, by=self.request.user, **form.wanted)
        return " ".join([gettext("Places changed."), _places_given(given)])

    def is_done(self, session: Session, form: PlacesForm) -> bool:
        now = {
            "online": session.capacity_online,
            "in_person": session.capacity_in_person,
            "body_limit": session.body_limit,
        }
        return now == form.wanted

    def question(self, form: PlacesForm) -> str:
        return gettext("Change the number of places?")

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Change the places")
        return ngettext(
            "Change and tell %d person",
            "Change and tell %d people",
            effect.total,
        ) % (effect.total)


class AnnounceView(ChangeView):
    """From now on everybody sees it."""

    page_title = _("Announce")
    header_icon = "view"
    done_already = _("It had been announced already.")

    def rehearse(self, session: Session, form: Form) -> Effect:
        told = verbs.announce(session)
        effect = Effect(
            [
                gettext("Its page becomes public, at %(address)s.")
                % {"address": settings.SITE_URL + session.get_absolute_url()},
                gettext("People can register as soon as registration opens.")
                if session.opens
                else gettext("People can register from now on."),
            ],
            Counter(one.language for one in told),
        )
        if not told:
            effect.sentences.append(will_get_a_mail(0))
        elif self.request.user.has_perm("events.view_registration"):
            effect.mail = told[0].preview()
        return effect

    def perform(self, session: Session, form: Form) -> str | None:
        told = sessions.announce(session, by=self.request.user)
        said = gettext("“%s” is announced: its page is public.") % session
        return " ".join([said, will_get_a_mail(len(told))])

    def is_done(self, session: Session, form: Form) -> bool:
        return session.state == Session.State.ANNOUNCED

    def question(self, form: Form) -> str:
        return gettext("Announce this session?")

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, announce it")


def everybody(session: Session, kind: str) -> Effect:
    """The effect of a change that all those registered hear of, in a mail of `kind`."""
    audience = verbs.audience(session)
    effect = Effect(languages=audience.languages)
    if audience.example:
        audience.example.session = session
        effect.mail = mails.preview(kind, audience.example)
    return effect


def _places_given(given: list[Registration]) -> str:
    count = len(given)
    if not given:
        return gettext("Nobody of the waiting list gets a place by this.")
    if given[0].state == Registration.State.OFFERED:
        words = ngettext(
            "A place is offered to %d person of the waiting list, by mail.",
            "Places are offered to %d people of the waiting list, by mail.",
            count,
        )
        return words % count
    words = ngettext(
        "%d person of the waiting list gets a place, and a mail.",
        "%d people of the waiting list get a place, and a mail.",
        count,
    )
    return words % count
