"""Changes in two steps: what to do, then who would be told of it and with what words,
and only then is it done.

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
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from community.messages.compose import html_of
from events import mails, registrations
from events.models import Session
from workflows.organising import post

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
    each language, and the mail that one of them gets. If they are few, `letters`
    says who gets which."""

    sentences: list[str] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    mail: EmailMultiAlternatives | None = None
    letters: list[post.Letter] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.languages.total()


class NoForm(Form):
    """Of a change about which there is nothing to say but yes."""

    def __init__(self, *args, session: Session, **kwargs) -> None:
        super().__init__(*args, **kwargs)


# More than so many are counted, not named.
NAMED = 5


class ChangeView(OneSession, PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    model = Session
    permission_required = "change"
    form_class: type[Form] = NoForm
    form_template = "organising/change.html"
    confirm_template = "organising/confirm.html"
    # Of the button that does it, and of one that cannot be undone.
    is_serious = False
    # Nobody gets a mail of it, so that there is nothing to show before.
    is_quiet = False
    # What the form answers when the second step comes at once.
    answers: dict[str, str] | None = None
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

    def seen(self, session: Session) -> str:
        """Changes whenever what the second step shows would be another thing."""
        return fingerprint(session)

    def other_way(self, form: Form) -> tuple[str, str, str] | None:
        """Another answer that the second step offers: field, value and words."""
        return None

    def make_form(self, data: Any = None) -> Form:
        return self.form_class(data, session=self.session)

    def effect(self, session: Session, *sentences: str) -> Effect:
        """What was queued in this rehearsal for the people of `session`."""
        letters = post.queued_since(session, self._newest)
        effect = Effect([*sentences], Counter(letter.language for letter in letters))
        if letters:
            effect.mail = mails.preview(letters[0].kind, letters[0].registration)
        if len(letters) <= NAMED:
            effect.letters = letters
        return effect

    # The two steps.

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form()
        if form.fields and self.answers is None:
            return self.ask(form)
        return self.show(self.make_form(self.answers or {}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if "back" in request.POST or not form.is_valid():
            return self.ask(form)
        if "confirm" in request.POST or self.is_quiet:
            return self.carry_out(form)
        return self.show(form)

    def ask(self, form: Form) -> HttpResponse:
        """The first step."""
        if not form.visible_fields() or self.answers is not None:
            for error in form.non_field_errors():
                messages.error(self.request, error)
            return redirect(self.back_url)
        context = {"form": form, "media": form.media, "is_quiet": self.is_quiet}
        return self._page(self.form_template, context)

    def show(self, form: Form) -> HttpResponse:
        """The second step."""
        form.is_valid()
        session = Session.objects.select_related("series").get(pk=self.session.pk)
        self._newest = post.newest()
        try:
            with rehearsal():
                effect = self.rehearse(session, form)
        except ValidationError as refusal:
            self._refuse(form, refusal)
            return self.ask(form)
        if not self.request.user.has_perm("events.view_registration"):
            # They have the name of somebody.
            effect.mail, effect.letters = None, []
        context = {
            "effect": effect,
            "told": told(effect.languages),
            "mail_html": effect.mail and html_of(effect.mail),
            "question": self.question(form),
            "yes": self.yes(effect),
            "is_serious": self.is_serious,
            "can_go_back": bool(form.fields) and self.answers is None,
            "other_way": self.other_way(form),
            "sent": _sent(form.data),
            "seen": self.seen(self.session),
        }
        return self._page(self.confirm_template, context)

    def carry_out(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                session = registrations.locked(self.session)
                if self.is_done(session, form):
                    said = None
                elif not self.is_quiet and (
                    self.request.POST.get("seen") != self.seen(session)
                ):
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
            return
        fields = refusal.error_dict if hasattr(refusal, "error_dict") else {}
        for name, errors in (fields or {None: refusal.error_list}).items():
            form.add_error(name if name in form.fields else None, errors)

    def _page(self, template: str, context: dict[str, Any]) -> HttpResponse:
        context = {**self.get_context_data(), **context, "session": self.session}
        context["back_url"] = self.back_url
        return TemplateResponse(self.request, template, context)


def fingerprint(session: Session) -> str:
    """Changes whenever somebody changes what others are told of."""
    seen = (
        session.state,
        session.revision,
        session.capacity_online,
        session.capacity_in_person,
        session.body_limit,
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


def will_get_a_mail(total: int) -> str:
    if not total:
        return gettext("Nobody gets a mail.")
    words = ngettext("%d person will get a mail.", "%d people will get a mail.", total)
    return words % total


def _sent(data: QueryDict | dict[str, str]) -> list[tuple[str, str]]:
    """What the first step sent, to send it again."""
    own = {"csrfmiddlewaretoken", "confirm", "back", "seen", "test"}
    if not isinstance(data, QueryDict):
        return list(data.items())
    return [(k, v) for k, values in data.lists() if k not in own for v in values]
