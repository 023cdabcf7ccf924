"""What the coordinators make of our mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from community.models import User

# What of a mail can be worded, in the order in which it is read.
PARTS = ("subject", "heading", "text", "button")


class Wording(models.Model):
    """How a kind of mail about cases is worded by the house, and whether it is sent at
    all. A part that is empty in a language says what comes with the site."""

    letter = models.CharField(_("mail"), max_length=50, unique=True)
    is_sent = models.BooleanField(_("sent"), default=True)
    subject = I18nCharField(_("subject"), max_length=200, blank=True)
    heading = I18nCharField(_("heading"), max_length=200, blank=True)
    text = I18nTextField(_("text"), blank=True)
    button = I18nCharField(_("button"), max_length=80, blank=True)
    changed = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("wording of a mail")
        verbose_name_plural = _("wordings of mails")
        ordering = ("letter",)

    def __str__(self) -> str:
        return self.letter

    def own(self, language: str) -> dict[str, str]:
        """What the house says in `language`, by part; nothing of another language."""
        texts = {part: getattr(self, part).data or {} for part in PARTS}
        return {
            part: text[language] for part, text in texts.items() if text.get(language)
        }

    def put(self, language: str, texts: dict[str, str]) -> None:
        """Have the house say `texts` in `language`, and nothing else of its own."""
        for part in PARTS:
            data = getattr(self, part).data or {}
            getattr(self, part).data = {**data, language: texts.get(part, "")}
