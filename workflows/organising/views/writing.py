"""Writing to the people of a session: what and to whom, then as they will read it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from community.messages.compose import html_of
from events import circulars, mails
from events.models import Circular, Session
from workflows.organising.circular_form import CircularForm, materials_ready

from .steps import ChangeView, Effect


@dataclass(frozen=True)
class Sample:
    """The mail as those read it who read one language: how many, and with what words
    it is introduced."""

    language: str
    title: str
    note: str
    mail: EmailMultiAlternatives
    html: str


class WriteView(ChangeView):
    page_title = _("Write to people")
    header_icon = "mail"
    form_class = CircularForm
    form_template = "organising/write.html"
    confirm_template = "organising/write_confirm.html"
    done_already = _("This message had been sent already: nobody gets it twice.")
    samples: tuple[Sample, ...] = ()

    def make_form(self, data: Any = None) -> CircularForm:
        ready = self.request.GET.get("ready") == "materials"
        initial = materials_ready(self.session) if ready else {}
        return CircularForm(data, session=self.session, initial=initial)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if "test" not in request.POST or not form.is_valid():
            return super().post(request, **kwargs)
        self._send_test(form.circular)
        return self.show(form)

    def rehearse(self, session: Session, form: CircularForm) -> Effect:
        circular = form.circular
        if not circulars.send(circular, by=self.request.user):
            raise ValidationError(self.done_already)
        effect = Effect(languages=_languages(circular))
        self.samples = tuple(
            self._sample(circular, language, count)
            for language, count in effect.languages.most_common()
        )
        return effect

    def perform(self, session: Session, form: CircularForm) -> str | None:
        circular = form.circular
        if not circulars.send(circular, by=self.request.user):
            return None
        words = ngettext(
            "%d person will get your message.",
            "%d people will get your message.",
            circular.people,
        )
        return words % circular.people

    def is_done(self, session: Session, form: CircularForm) -> bool:
        return Circular.objects.filter(key=form.circular.key).exists()

    def question(self, form: CircularForm) -> str:
        return gettext("Send this message?")

    def yes(self, effect: Effect) -> str:
        return ngettext("Send to %d person", "Send to %d people", effect.total) % (
            effect.total
        )

    def other_way(self, form: CircularForm) -> tuple[str, str, str]:
        return "test", "1", gettext("Send a test to me")

    def _send_test(self, circular: Circular) -> None:
        """To oneself alone, in each language that somebody will read it in."""
        for language in _languages(circular) or [settings.LANGUAGE_CODE]:
            mail = self._mail(circular, language)
            mail.subject = gettext("Test: %s") % mail.subject
            mail.send()
        words = gettext("A test is on its way to %(address)s, and to nobody else.")
        messages.success(self.request, words % {"address": self.request.user.email})

    def _sample(self, circular: Circular, language: str, count: int) -> Sample:
        names = dict(settings.LANGUAGES)
        people = ngettext("%d person", "%d people", count) % count
        title = gettext("In %(language)s: %(people)s") % {
            "language": names.get(language, language),
            "people": people,
        }
        note = ""
        if not circular.text.data.get(language):
            note = gettext("You have not written it in this language: they read %s.")
            note %= names[settings.LANGUAGE_CODE]
        mail = self._mail(circular, language)
        return Sample(language, title, note, mail, html_of(mail))

    def _mail(self, circular: Circular, language: str) -> EmailMultiAlternatives:
        user = self.request.user
        return mails.sample(
            circular, name=user.name, email=user.email, language=language
        )


def _languages(circular: Circular) -> Counter[str]:
    return Counter(circular.addressees.values_list("language", flat=True))
