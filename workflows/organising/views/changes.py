"""Changes that people are told of: what to do, then who would be told and with what
words, and only then is it done.

The second step is a rehearsal: the verb is called and undone, so what it shows is
what will happen.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events import mails, registrations
from events import sessions as verbs
from events.models import Registration, Session
from events.wording import span
from workflows.organising import sessions
from workflows.organising.forms import CancelForm, MoveForm, PlacesForm

from .people import OneRegistration
from .screen import OneSession


@contextmanager
def rehearsal() -> Iterator[None]:
    """What happens in it really happens, and is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Effect:
    """What a change does: a sentence for each thing, how many people are told in
    each language, and the mail that one of them gets."""

    sentences: list[str] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    mail: EmailMultiAlternatives | None = None

    @property
    def total(self) -> int:
        return self.languages.total()


class NoForm(Form):
    """Of a change about which there is nothing to say but yes."""

    def __init__(self, *args, session: Session, **kwargs) -> None:
        super().__init__(*args, **kwargs)


class ChangeView(OneSession, PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    model = Session
    permission_required = "change"
    form_class: type[Form] = NoForm
    form_template = "organising/change.html"
    confirm_template = "organising/confirm.html"
    # Of the button that does it, and of one that cannot be undone.
    is_serious = False
    done_already = _("This had been done already: nothing changed.")

    # What each change says and does.

    def rehearse(self, session: Session, form: Form) -> Effect:
        """Do it to `session`, and tell what came of it."""
        raise NotImplementedError

    def perform(self, session: Session, form: Form) -> str | None:
        """Do it; returns what to say, or None if it was done already."""
        raise NotImplementedError

    def question(self, form: Form) -> str:
        raise NotImplementedError

    def yes(self, effect: Effect) -> str:
        """The words on the button."""
        raise NotImplementedError

    def is_done(self, session: Session, form: Form) -> bool:
        """Whether `session` is already as `form` wants it."""
        raise NotImplementedError

    # The two steps.

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(session=self.session)
        if form.fields:
            return self.ask(form)
        return self.show(self.form_class({}, session=self.session))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, session=self.session)
        if "back" in request.POST or not form.is_valid():
            return self.ask(form)
        if "confirm" in request.POST:
            return self.carry_out(form)
        return self.show(form)

    def ask(self, form: Form) -> HttpResponse:
        """The first step."""
        if not form.fields:
            for error in form.non_field_errors():
                messages.error(self.request, error)
            return redirect(self.back_url)
        context = {"form": form, "media": form.media}
        return self._page(self.form_template, context)

    def show(self, form: Form) -> HttpResponse:
        """The second step."""
        form.is_valid()
        session = Session.objects.select_related("series").get(pk=self.session.pk)
        try:
            with rehearsal():
                effect = self.rehearse(session, form)
        except ValidationError as refusal:
            self._refuse(form, refusal)
            return self.ask(form)
        if not self.request.user.has_perm("events.view_registration"):
            # It has the name of somebody.
            effect.mail = None
        context = {
            "effect": effect,
            "told": told(effect.languages),
            "mail_html": effect.mail and html_of(effect.mail),
            "question": self.question(form),
            "yes": self.yes(effect),
            "is_serious": self.is_serious,
            "can_go_back": bool(form.fields),
            "sent": _sent(self.request.POST),
            "seen": fingerprint(self.session),
        }
        return self._page(self.confirm_template, context)

    def carry_out(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                session = registrations.locked(self.session)
                if self.is_done(session, form):
                    said = None
                elif self.request.POST.get("seen") != fingerprint(session):
                    return self._look_again(form)
                else:
                    said = self.perform(session, form)
        except ValidationError as refusal:
            self._refuse(form, refusal)
            return self.ask(form)
        if said is None:
            messages.info(self.request, self.done_already)
        else:
            messages.success(self.request, said)
        return redirect(self.back_url)

    @property
    def back_url(self) -> str:
        return self.session_url

    def _look_again(self, form: Form) -> HttpResponse:
        messages.warning(
            self.request,
            _(
                "Somebody has changed this session since you opened it. Look at it "
                "again: nothing was done yet."
            ),
        )
        return self.show(form)

    def _refuse(self, form: Form, refusal: ValidationError) -> None:
        if hasattr(form, "refuse"):
            form.refuse(refusal)
        else:
            form.add_error(None, refusal)

    def _page(self, template: str, context: dict[str, Any]) -> HttpResponse:
        context = {**self.get_context_data(), **context, "session": self.session}
        context["back_url"] = self.back_url
        return TemplateResponse(self.request, template, context)


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
    form_class = CancelForm
    is_serious = True
    done_already = _("It had been cancelled already: nobody is told twice.")

    def rehearse(self, session: Session, form: CancelForm) -> Effect:
        if not verbs.cancel(session, form.cleaned_data["reason"]):
            raise ValidationError(_("This session is cancelled already."))
        effect = everybody(session, "session_cancelled")
        effect.sentences.append(gettext("A cancelled session cannot come back."))
        return effect

    def perform(self, session: Session, form: CancelForm) -> str | None:
        total = verbs.audience(session).total
        reason = form.cleaned_data["reason"]
        if not verbs.cancel(session, reason, by=self.request.user):
            return None
        return " ".join([gettext("Cancelled."), will_get_a_mail(total)])

    def is_done(self, session: Session, form: CancelForm) -> bool:
        return session.state == Session.State.CANCELLED

    def question(self, form: CancelForm) -> str:
        return gettext("Cancel this session?")

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Yes, cancel it")
        return ngettext(
            "Yes, cancel and tell %d person",
            "Yes, cancel and tell %d people",
            effect.total,
        ) % (effect.total)


class PlacesView(ChangeView):
    """More places, or fewer."""

    page_title = _("Change places")
    header_icon = "group"
    form_class = PlacesForm

    def rehearse(self, session: Session, form: PlacesForm) -> Effect:
        given = verbs.resize(session, **form.wanted)
        effect = Effect(languages=Counter(row.language for row in given))
        if given:
            effect.mail = mails.preview("registration_promoted", given[0])
        effect.sentences.append(_places_given(len(given)))
        over = _people_over(session)
        if over:
            effect.sentences.append(
                ngettext(
                    "There is %d person more than places: nobody loses a place.",
                    "There are %d people more than places: nobody loses a place.",
                    over,
                )
                % over
            )
        return effect

    def perform(self, session: Session, form: PlacesForm) -> str | None:
        given = verbs.resize(session, by=self.request.user, **form.wanted)
        return " ".join([gettext("Places changed."), _places_given(len(given))])

    def is_done(self, session: Session, form: PlacesForm) -> bool:
        now = {
            "online": session.capacity_online,
            "in_person": session.capacity_in_person,
        }
        return now == form.wanted

    def question(self, form: PlacesForm) -> str:
        return gettext("Change the number of places?")

    def yes(self, effect: Effect) -> str:
        if not effect.total:
            return gettext("Change the places")
        return ngettext(
            "Change and give a place to %d person",
            "Change and give a place to %d people",
            effect.total,
        ) % (effect.total)


class AnnounceView(ChangeView):
    """From now on everybody sees it."""

    page_title = _("Announce")
    header_icon = "view"
    done_already = _("It had been announced already.")

    def rehearse(self, session: Session, form: Form) -> Effect:
        verbs.announce(session)
        return Effect(
            [
                gettext("Its page becomes public, at %(address)s.")
                % {"address": settings.SITE_URL + session.get_absolute_url()},
                gettext("People can register as soon as registration opens.")
                if session.opens
                else gettext("People can register from now on."),
                gettext("Nobody gets a mail."),
            ]
        )

    def perform(self, session: Session, form: Form) -> str | None:
        sessions.announce(session, by=self.request.user)
        return gettext("“%s” is announced: its page is public.") % session

    def is_done(self, session: Session, form: Form) -> bool:
        return session.state == Session.State.ANNOUNCED

    def question(self, form: Form) -> str:
        return gettext("Announce this session?")

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, announce it")


class CancelRegistrationView(OneRegistration, ChangeView):
    """One person's place is given up by the organiser."""

    model = Registration
    page_title = _("Cancel the registration")
    header_icon = "user"
    is_serious = True
    done_already = _("It had been cancelled already: nobody is told twice.")

    def rehearse(self, session: Session, form: Form) -> Effect:
        waiting = list(session.registrations.waiting().values_list("pk", flat=True))
        registration = Registration.objects.get(pk=self.registration.pk)
        if not registrations.cancel(registration, Registration.Reason.STAFF):
            raise ValidationError(self.done_already)
        given = Registration.objects.holding().filter(pk__in=waiting)
        told = [registration, *given]
        return Effect(
            [
                gettext("%(name)s gets a mail that says so.")
                % {"name": registration.name},
                _next_in_line(list(given), len(waiting)),
            ],
            Counter(row.language for row in told),
            mails.preview("registration_cancelled", registration),
        )

    def perform(self, session: Session, form: Form) -> str | None:
        reason = Registration.Reason.STAFF
        if not registrations.cancel(self.registration, reason, by=self.request.user):
            return None
        return gettext("The registration of %(name)s is cancelled.") % {
            "name": self.registration.name
        }

    def is_done(self, session: Session, form: Form) -> bool:
        self.registration.refresh_from_db()
        return not self.registration.is_active

    def question(self, form: Form) -> str:
        name = self.registration.name
        return gettext("Cancel the registration of %(name)s?") % {"name": name}

    def yes(self, effect: Effect) -> str:
        return gettext("Yes, cancel it")

    @property
    def back_url(self) -> str:
        return reverse("sessions:registration", args=[self.registration.pk])


def everybody(session: Session, kind: str) -> Effect:
    """The effect of a change that all those registered hear of, in a mail of `kind`."""
    audience = verbs.audience(session)
    effect = Effect(languages=audience.languages)
    if audience.example:
        audience.example.session = session
        effect.mail = mails.preview(kind, audience.example)
    return effect


def fingerprint(session: Session) -> str:
    """Changes whenever somebody changes what others are told of."""
    seen = (
        session.state,
        session.revision,
        session.capacity_online,
        session.capacity_in_person,
    )
    return "/".join(map(str, seen))


def told(languages: Counter[str]) -> str:
    """Who would be told, in words: *83 people will be told: 71 in Catalan …*"""
    total = languages.total()
    if not total:
        return gettext("Nobody will be told: nobody is registered.")
    names = dict(settings.LANGUAGES)
    each = [
        gettext("%(count)d in %(language)s")
        % {"count": count, "language": names.get(code, code)}
        for code, count in languages.most_common()
    ]
    people = ngettext("%d person will be told", "%d people will be told", total) % total
    return f"{people}: {', '.join(each)}."


def html_of(mail: EmailMultiAlternatives) -> str:
    """The mail as most programs show it."""
    return next(a.content for a in mail.alternatives if a.mimetype == "text/html")


def will_get_a_mail(total: int) -> str:
    if not total:
        return gettext("Nobody gets a mail.")
    words = ngettext("%d person will get a mail.", "%d people will get a mail.", total)
    return words % total


def _places_given(count: int) -> str:
    if not count:
        return gettext("Nobody of the waiting list gets a place by this.")
    words = ngettext(
        "%d person of the waiting list gets a place, and a mail.",
        "%d people of the waiting list get a place, and a mail.",
        count,
    )
    return words % count


def _next_in_line(given: list[Registration], waiting: int) -> str:
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


def _people_over(session: Session) -> int:
    """How many more people have a place than there are places, in each mode."""
    holding = list(session.registrations.holding().values_list("mode", flat=True))
    capacities = {mode: session.capacity_of(mode) for mode in session.modes}
    return sum(
        max(holding.count(mode) - capacity, 0)
        for mode, capacity in capacities.items()
        if capacity is not None
    )


def _sent(data: QueryDict) -> list[tuple[str, str]]:
    """What the first step sent, to send it again."""
    own = {"csrfmiddlewaretoken", "confirm", "back", "seen"}
    return [(k, v) for k, values in data.lists() if k not in own for v in values]
