"""What stands around every page: alerts above, the foot below."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.models import Orderable, Page

from .media import CustomImage

ONE_WAY = _("Choose a page or write an address, not both.")


class AlertQuerySet(models.QuerySet["Alert"]):
    def not_over(self, now: datetime) -> "AlertQuerySet":
        """Those that are shown now or will be."""
        return self.filter(live=True).filter(Q(until=None) | Q(until__gt=now))


class Alert(models.Model):
    """What everybody must know today: a line above every page, from one moment to
    another."""

    class Tone(models.TextChoices):
        INFO = "info", _("to know")
        URGENT = "urgent", _("urgent")

    text = I18nCharField(
        _("text"),
        max_length=300,
        help_text=_("One sentence: what happens, when, and what to do."),
    )
    tone = models.CharField(
        _("tone"), max_length=10, choices=Tone.choices, default=Tone.INFO
    )
    link_text = I18nCharField(
        _("words of the link"),
        max_length=80,
        blank=True,
        help_text=_("For example: What changes. Left empty, “Read more”."),
    )
    page = models.ForeignKey(
        Page,
        models.SET_NULL,
        verbose_name=_("page"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In any language: readers are led to it in theirs."),
    )
    url = models.URLField(_("or an address"), max_length=500, blank=True)
    starts = models.DateTimeField(_("shown from"))
    until = models.DateTimeField(
        _("shown until"),
        null=True,
        blank=True,
        help_text=_("Left empty, it stays until you turn it off."),
    )
    live = models.BooleanField(_("turned on"), default=True)

    objects = AlertQuerySet.as_manager()

    panels = (
        FieldPanel("text"),
        FieldPanel("tone"),
        MultiFieldPanel(
            (FieldPanel("page"), FieldPanel("url"), FieldPanel("link_text")),
            _("Where it leads, if anywhere"),
        ),
        MultiFieldPanel(
            (
                FieldRowPanel((FieldPanel("starts"), FieldPanel("until"))),
                FieldPanel("live"),
            ),
            _("When it is shown"),
        ),
    )

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("-starts", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("starts")),
                name="alert_ends_after_it_starts",
                violation_error_message=_("It would end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(page=None) | Q(url=""),
                name="alert_leads_one_way",
                violation_error_message=ONE_WAY,
            ),
        )

    def __str__(self) -> str:
        return str(self.text)


class SiteSettings(BaseGenericSetting, ClusterableModel):
    """What editors say about the whole site: whom to write to, what the foot links."""

    about = I18nTextField(
        _("about the site"),
        blank=True,
        help_text=_("One or two sentences at the foot of every page."),
    )
    contact = I18nTextField(
        _("contact"),
        blank=True,
        help_text=_("Who answers, and when: a unit, its hours. A line for each."),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    card = models.ForeignKey(
        CustomImage,
        models.SET_NULL,
        verbose_name=_("picture for social networks"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Shown with a link to a page that has no picture of its own. At least 1200"
            " by 630 pixels."
        ),
    )

    panels = (
        FieldPanel("about"),
        MultiFieldPanel(
            (FieldPanel("contact"), FieldPanel("email"), FieldPanel("telephone")),
            _("Contact"),
        ),
        InlinePanel("links", heading=_("Links of the foot"), label=_("link")),
        FieldPanel("card"),
    )

    class Meta:
        verbose_name = _("foot and contact")


class FooterLink(Orderable):
    """A link at the foot of every page."""

    class Place(models.TextChoices):
        SITE = "site", _("column: the site")
        LEGAL = "legal", _("last line: legal")
        SOCIAL = "social", _("with the contact: social networks")

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="links")
    place = models.CharField(
        _("where it stands"), max_length=10, choices=Place.choices, default=Place.SITE
    )
    page = models.ForeignKey(
        Page,
        models.CASCADE,
        verbose_name=_("page"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In any language: readers are led to it in theirs."),
    )
    url = models.URLField(_("or an address"), max_length=500, blank=True)
    title = I18nCharField(
        _("words of the link"),
        max_length=100,
        blank=True,
        help_text=_("A page has its title already; an address needs words."),
    )

    panels = (
        FieldPanel("place"),
        FieldPanel("page"),
        FieldPanel("url"),
        FieldPanel("title"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("link of the foot")
        verbose_name_plural = _("links of the foot")
        constraints = (
            models.CheckConstraint(
                condition=Q(page__isnull=False, url="")
                | Q(page__isnull=True) & ~Q(url=""),
                name="footer_link_leads_one_way",
                violation_error_message=ONE_WAY,
            ),
        )

    def __str__(self) -> str:
        return str(self.title or self.page or self.url)

    def clean(self) -> None:
        super().clean()
        if self.url and not self.title:
            raise ValidationError({"title": _("Say in words where the link leads.")})
