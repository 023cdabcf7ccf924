"""What an organiser writes to the people of a session, and to whom."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from community.models import LocalBody
from community.multilingual import LanguagesTextarea, languages_formfield
from events.links import session_link
from events.models import Circular, Session


class CircularForm(forms.ModelForm):
    # The same form sent twice is sent to people once.
    key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Circular
        fields = ("subject", "text", "to", "mode", "body")
        widgets = {"to": forms.RadioSelect}
        formfield_callback = languages_formfield

    def __init__(self, *args, session: Session, **kwargs) -> None:
        initial = {"key": uuid.uuid4(), **kwargs.pop("initial", {})}
        instance = Circular(session=session)
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self._say_how()
        self._narrow_to(session)

    @property
    def circular(self) -> Circular:
        """What to send, once the form is valid."""
        self.instance.key = self.cleaned_data["key"]
        return self.instance

    def _say_how(self) -> None:
        text = self.fields["text"]
        text.widget = LanguagesTextarea(
            locales=text.locales, field=text, attrs={"rows": 8}
        )
        text.widget.is_required = True
        text.help_text = _(
            "The mail greets each by name, and has the facts of the session and the "
            "link to its page below your text. Where a language is empty, its readers "
            "get the first."
        )
        self.fields["to"].help_text = _("Who has cancelled gets nothing.")

    def _narrow_to(self, session: Session) -> None:
        """Ask only for what divides the people of `session`."""
        if len(session.modes) == 1:
            del self.fields["mode"]
        else:
            choices = [("", _("online or in person"))]
            self.fields["mode"].choices = [
                *choices,
                *((mode.value, mode.label) for mode in session.modes),
            ]
        people = session.registrations.active().of_somebody()
        bodies = LocalBody.objects.filter(pk__in=people.values("body"))
        if not bodies.exists():
            del self.fields["body"]
            return
        self.fields["body"].queryset = bodies
        self.fields["body"].empty_label = _("of any body")


def materials_ready(session: Session) -> dict[str, Any]:
    """What the form begins with when the materials of `session` are ready."""
    subject, text = {}, {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            words = {"title": str(session.title), "link": session_link(session)}
            subject[code] = gettext("The materials are ready: %(title)s") % words
            text[code] = (
                gettext(
                    "The materials of the session are on its page. If it was recorded, "
                    "you find the recording there too:\n%(link)s\n\nThank you for "
                    "coming."
                )
                % words
            )
    return {
        "subject": LazyI18nString(subject),
        "text": LazyI18nString(text),
        "to": Circular.To.CONFIRMED,
    }
