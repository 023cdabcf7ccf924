"""What an organiser decides about one person, each in two steps."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import offers, registrations, substitutions
from events.models import Registration, Session
from events.wording import moment
from workflows.organising.labels import over_full_words, people_over
from workflows.organising.person_forms import (
    CorrectForm,
    MergeForm,
    MoveInLineForm,
    NewPersonForm,
    SubstituteForm,
    TellForm,
    WhyForm,
)

from .people import OneRegistration
from .steps import ChangeView, Effect, fingerprint

State = Registration.State


class DecisionView(OneRegistration, ChangeView):
    """A change of one registration."""

    model = Registration
    header_icon = "user"
    done_already = _("It had been decided already: nobody is told twice.")

    def make_form(self, data: Any = None) -> Form:
        if self.form_class is ChangeView.form_class:
            return super().make_form(data)
        return self.form_class(data, registration=self.registration)

    def seen(self, session: Session) -> str:
        self.registration.refresh_from_db(fields=["state", "mode"])
        return "/".join(
            [
                fingerprint(session),
                self.registration.state,
                *map(str, _free_and_waiting(session, self.registration.mode)),
            ]
        )

    @cached_property
    def name(self) -> dict[str, str]:
        return {"name": self.registration.name}

    def fresh(self) -> Registration:
        """The registration as it is in this rehearsal."""
        return Registration.objects.select_related("session").get(
            pk=self.registration.pk
        )

    @property
    def back_url(self) -> str:
        return reverse("sessions:registration", args=[self.registration.pk])


class CancelRegistrationView(DecisionView):
    """One person's place is given up by the organiser."""

    page_title = _("Cancel the registration")
    is_serious = True
    form_class = TellForm
    answers = {"tell": "on"}
    done_already = _("It had been cancelled already: nobody is told twice.")

    def rehearse(self, session: Session, form: TellForm) -> Effect:
        waiting = list(session.registrations.waiting().values_list("pk", flat=True))
        if not self._cancel(self.fresh(), form):
            raise ValidationError(self.done_already)
        given = Registration.objects.holding().filter(pk__in=waiting)
        return self.effect(
            session,
            gettext("%(name)s gets a mail that says so.") % self.name
            if form.cleaned_data["tell"]
            else gettext(
                "%(name)s gets no mail, and keeps the entry in the calendar: tell the "
                "person yourself."
            )
            % self.name,
            _next_in_line(list(given), len(waiting)),
        )

    def perform(self, session: Session, form: TellForm) -> str | None:
        if not self._cancel(self.registration, form, by=self.request.user):
            return None
        return gettext("The registration of %(name)s is cancelled.") % self.name

    def _cancel(self, registration: Registration, form: TellForm, **by: Any) -> bool:
        return registrations.cancel(
            registration,
            Registration.Reason.STAFF,
            notify=form.cleaned_data["tell"],
            **by,
        )

    def is_done(self, session: Session, form: TellForm) -> bool:
        return not self.fresh().is_active

    def question(self, form: TellForm) -> str:
        return gettext("Cancel the registration of %(name)s?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, cancel it")

    def other_way(self, form: TellForm) -> tuple[str, str, str]:
        return _tell_or_not(form)


class ApproveView(DecisionView):
    """Somebody is let in."""

    page_title = _("Approve the registration")

    def rehearse(self, session: Session, form: Form) -> Effect:
        if not registrations.approve(self.fresh(), by=self.request.user):
            raise ValidationError(self.done_already)
        return self.effect(session, outcome(self.fresh()))

    def perform(self, session: Session, form: Form) -> str | None:
        approved = registrations.approve(self.registration, by=self.request.user)
        return outcome(self.fresh()) if approved else None

    def is_done(self, session: Session, form: Form) -> bool:
        return self.fresh().state != State.PENDING

    def question(self, form: Form) -> str:
        return gettext("Approve the registration of %(name)s?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, approve it")


class DeclineView(DecisionView):
    """Somebody is not let in."""

    page_title = _("Decline the registration")
    is_serious = True
    form_class = TellForm
    answers = {"tell": "on"}

    def rehearse(self, session: Session, form: TellForm) -> Effect:
        if not self._decline(self.fresh(), form):
            raise ValidationError(self.done_already)
        if form.cleaned_data["tell"]:
            return self.effect(session)
        return Effect([gettext("%(name)s gets no mail.") % self.name])

    def perform(self, session: Session, form: TellForm) -> str | None:
        if not self._decline(self.registration, form):
            return None
        return gettext("The registration of %(name)s is declined.") % self.name

    def _decline(self, registration: Registration, form: TellForm) -> bool:
        return registrations.decline(
            registration, by=self.request.user, notify=form.cleaned_data["tell"]
        )

    def is_done(self, session: Session, form: TellForm) -> bool:
        return self.fresh().state != State.PENDING

    def question(self, form: TellForm) -> str:
        return gettext("Decline the registration of %(name)s?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, decline it")

    def other_way(self, form: TellForm) -> tuple[str, str, str]:
        return _tell_or_not(form)


class GrantView(DecisionView):
    """Somebody gets a place before those who wait longer."""

    page_title = _("Give a place out of turn")
    form_class = WhyForm
    done_already = _("There is a place already, or the registration is cancelled.")

    def rehearse(self, session: Session, form: WhyForm) -> Effect:
        if not self._grant(self.fresh(), form):
            raise ValidationError(self.done_already)
        return self.effect(session, outcome(self.fresh()), *_over(session))

    def perform(self, session: Session, form: WhyForm) -> str | None:
        granted = self._grant(self.registration, form)
        return outcome(self.fresh()) if granted else None

    def _grant(self, registration: Registration, form: WhyForm) -> bool:
        reason = form.cleaned_data["reason"]
        return registrations.grant(registration, by=self.request.user, reason=reason)

    def is_done(self, session: Session, form: WhyForm) -> bool:
        return self.fresh().state not in registrations.WITHOUT_PLACE

    def question(self, form: WhyForm) -> str:
        return gettext("Give %(name)s a place out of turn?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, give the place")


class TakeBackView(DecisionView):
    """What somebody is offered is offered to somebody else."""

    page_title = _("Take back the offer")
    form_class = WhyForm
    is_serious = True
    done_already = _("The place is not offered to this person any more.")

    def rehearse(self, session: Session, form: WhyForm) -> Effect:
        waiting = list(session.registrations.waiting().values_list("pk", flat=True))
        if not self._take_back(self.fresh(), form):
            raise ValidationError(self.done_already)
        given = Registration.objects.holding().filter(pk__in=waiting)
        return self.effect(
            session, outcome(self.fresh()), _next_in_line(list(given), len(waiting))
        )

    def perform(self, session: Session, form: WhyForm) -> str | None:
        taken = self._take_back(self.registration, form)
        return outcome(self.fresh()) if taken else None

    def _take_back(self, registration: Registration, form: WhyForm) -> bool:
        reason = form.cleaned_data["reason"]
        return offers.take_back(registration, by=self.request.user, reason=reason)

    def is_done(self, session: Session, form: WhyForm) -> bool:
        return self.fresh().state != State.OFFERED

    def question(self, form: WhyForm) -> str:
        return gettext("Take back the place that is offered to %(name)s?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, take it back")


class MoveInLineView(DecisionView):
    """Somebody waits for less long than others, or longer."""

    page_title = _("Move in the list")
    header_icon = "order"
    form_class = MoveInLineForm
    is_quiet = True
    done_already = _("It is there already, or does not wait any more.")

    def perform(self, session: Session, form: MoveInLineForm) -> str | None:
        moved = registrations.move_in_line(
            self.registration, by=self.request.user, **form.cleaned_data
        )
        return outcome(self.fresh()) if moved else None

    def is_done(self, session: Session, form: MoveInLineForm) -> bool:
        return self.fresh().queue_position in (None, form.cleaned_data["position"])


class SubstituteView(DecisionView):
    """A colleague goes instead of somebody, who has told the organisers."""

    page_title = _("Send a colleague instead")
    header_icon = "group"
    form_class = SubstituteForm
    done_already = _("There is no place to pass on any more: nothing changed.")

    def rehearse(self, session: Session, form: SubstituteForm) -> Effect:
        open_ones = self.registration.substitutions.filter(outcome="")
        asked = open_ones.exclude(email__iexact=form.cleaned_data["email"]).first()
        successor = self._substitute(self.fresh(), form)
        effect = self.effect(
            session,
            outcome(successor),
            gettext(
                "The place is the one of %(name)s: for the same body, in the same "
                "mode. Who waits stays where they are."
            )
            % self.name,
        )
        if asked:
            words = gettext("%(name)s, who had been asked, is told not to answer.")
            effect.sentences.append(words % {"name": asked.name})
            effect.languages[asked.language] += 1
        return effect

    def perform(self, session: Session, form: SubstituteForm) -> str | None:
        return outcome(self._substitute(self.registration, form))

    def _substitute(
        self, registration: Registration, form: SubstituteForm
    ) -> Registration:
        return substitutions.substitute(
            registration, by=self.request.user, **form.cleaned_data
        )

    def is_done(self, session: Session, form: SubstituteForm) -> bool:
        return self.fresh().state != State.CONFIRMED

    def question(self, form: SubstituteForm) -> str:
        words = {**self.name, "colleague": form.cleaned_data["name"]}
        return gettext("Send %(colleague)s instead of %(name)s?") % words

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, pass the place on")


class MergeView(DecisionView):
    """Two registrations of one person become one."""

    page_title = _("Merge with another registration")
    form_class = MergeForm
    form_template = "organising/merge.html"
    done_already = _("One of them was cancelled already: nothing changed.")

    def rehearse(self, session: Session, form: MergeForm) -> Effect:
        kept, other = self.fresh(), form.cleaned_data["other"]
        if not registrations.merge(kept, other, by=self.request.user):
            raise ValidationError(self.done_already)
        kept = self.fresh()
        return self.effect(
            session,
            gettext("What stays: %(address)s.") % {"address": kept.email},
            outcome(kept),
            gettext("What goes: %(address)s.") % {"address": other.email},
        )

    def perform(self, session: Session, form: MergeForm) -> str | None:
        other = form.cleaned_data["other"]
        if not registrations.merge(self.registration, other, by=self.request.user):
            return None
        return gettext("Merged: one registration stays.")

    def is_done(self, session: Session, form: MergeForm) -> bool:
        return not self.fresh().is_active

    def question(self, form: MergeForm) -> str:
        return gettext("Merge the two registrations of %(name)s?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, merge them")


class CorrectView(DecisionView):
    """What somebody wrote about themselves is put right."""

    page_title = _("Correct the data")
    header_icon = "edit"
    form_class = CorrectForm
    is_quiet = True
    done_already = _("The registration is cancelled: nothing changed.")

    def perform(self, session: Session, form: CorrectForm) -> str | None:
        corrections = form.corrections
        if corrections and not registrations.correct(
            self.registration, by=self.request.user, **corrections
        ):
            return None
        return gettext("Saved. Nobody gets a mail for it.")

    def is_done(self, session: Session, form: CorrectForm) -> bool:
        return not self.fresh().is_active


class RenewLinksView(DecisionView):
    """The personal links of somebody have come into other hands."""

    page_title = _("Send new links")
    header_icon = "rotate"
    done_already = _("New links had been sent already.")

    def seen(self, session: Session) -> str:
        return f"{super().seen(session)}/{self._mark()}"

    def _mark(self) -> str:
        """Tells these links from those to come, and gives none of them away."""
        return hashlib.sha256(self.fresh().token.encode()).hexdigest()[:12]

    def rehearse(self, session: Session, form: Form) -> Effect:
        if not registrations.renew_links(self.fresh(), by=self.request.user):
            raise ValidationError(_("There is nothing left to link to."))
        return self.effect(
            session,
            gettext("The links of before stop working: in mails and in the calendar."),
        )

    def perform(self, session: Session, form: Form) -> str | None:
        if not registrations.renew_links(self.registration, by=self.request.user):
            return None
        return gettext("%(name)s gets new links.") % self.name

    def is_done(self, session: Session, form: Form) -> bool:
        seen = self.request.POST.get("seen", "").rpartition("/")[2]
        return not self.fresh().is_active or seen != self._mark()

    def question(self, form: Form) -> str:
        return gettext("Send %(name)s new links?") % self.name

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, send them")


class AddPersonView(ChangeView):
    """Somebody is registered by the organiser."""

    model = Registration
    page_title = _("Add a person")
    header_icon = "plus"
    form_class = NewPersonForm
    done_already = _("This person had been added already.")

    def rehearse(self, session: Session, form: NewPersonForm) -> Effect:
        registration = self._place(session, form)
        applicant = form.applicant()
        sentences = [outcome(registration)]
        if not registrations.welcomes(session, applicant.body):
            sentences.append(
                gettext("The session is for other bodies: you make an exception.")
            )
        return self.effect(session, *sentences, *_over(session))

    def perform(self, session: Session, form: NewPersonForm) -> str | None:
        return outcome(self._place(session, form))

    def _place(self, session: Session, form: NewPersonForm) -> Registration:
        if session.state != Session.State.ANNOUNCED:
            raise ValidationError(_("Nobody can be added to this session now."))
        placed = registrations.place(
            session,
            form.applicant(),
            form_key=form.cleaned_data["key"],
            by=self.request.user,
            over_capacity=form.over_capacity,
        )
        if placed.already:
            raise ValidationError({"email": _("This address is registered already.")})
        return Registration.objects.select_related("session").get(
            pk=placed.registration.pk
        )

    def is_done(self, session: Session, form: NewPersonForm) -> bool:
        key = form.cleaned_data["key"]
        return session.registrations.filter(form_key=key).exists()

    def seen(self, session: Session) -> str:
        places = (
            "/".join(map(str, _free_and_waiting(session, mode)))
            for mode in session.modes
        )
        return "/".join([fingerprint(session), *places])

    def question(self, form: NewPersonForm) -> str:
        return gettext("Register %(name)s?") % form.cleaned_data

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, register")

    @property
    def back_url(self) -> str:
        return reverse("sessions:people", args=[self.session.pk])


def outcome(registration: Registration) -> str:
    """What somebody has got, in a sentence."""
    words = {"name": registration.name, "place": registration.queue_position}
    if registration.state == State.CONFIRMED:
        return gettext("%(name)s has a place.") % words
    if until := registration.offered_until:
        words["until"] = moment(until)
        return gettext("A place is offered to %(name)s until %(until)s.") % words
    if registration.state == State.WAITING:
        return gettext("%(name)s waits, as number %(place)d in the list.") % words
    return gettext("%(name)s waits for approval.") % words


def _over(session: Session) -> list[str]:
    over = people_over(session)
    return [over_full_words(over) + "."] if over else []


def _tell_or_not(form: TellForm) -> tuple[str, str, str]:
    if form.cleaned_data["tell"]:
        return "tell", "", gettext("Without telling the person …")
    return "tell", "on", gettext("Tell the person after all …")


def _free_and_waiting(session: Session, mode: str) -> tuple[bool, bool]:
    """Whether a place of `mode` is free, and whether anybody waits for one."""
    of_mode = session.registrations.filter(mode=mode)
    capacity = session.capacity_of(mode)
    free = capacity is None or of_mode.holding().count() < capacity
    return free, of_mode.waiting().exists()


def _next_in_line(given: list[Registration], waiting: int) -> str:
    if given and given[0].state == State.OFFERED:
        names = ", ".join(row.name for row in given)
        return ngettext(
            "The place is offered to %(names)s, the first of %(waiting)d person "
            "waiting, by mail.",
            "The place is offered to %(names)s, the first of %(waiting)d people "
            "waiting, by mail.",
            waiting,
        ) % {"names": names, "waiting": waiting}
    if given:
        names = ", ".join(row.name for row in given)
        return ngettext(
            "%(names)s, the first of %(waiting)d person waiting, gets the place and "
            "another mail.",
            "%(names)s, the first of %(waiting)d people waiting, gets the place and "
            "another mail.",
            waiting,
        ) % {"names": names, "waiting": waiting}
    if waiting:
        return gettext("Nobody of the waiting list gets a place by this.")
    return gettext("Nobody is waiting: the place stays free.")
