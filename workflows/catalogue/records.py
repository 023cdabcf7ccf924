"""What local bodies may request (*catàleg de serveis*), and under which terms: the
rows, whatever page shows them."""

from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
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
from wagtail.models import Orderable
from wagtail.search import index

from cms.models import CustomDocument
from community.models import LocalBody, Topic, Unit
from community.multilingual import (
    I18nAutocompleteField,
    I18nSearchField,
    every_language,
)

from .eligibility import Window
from .resource_form import ResourceForm
from .wording import kinds_in_words

# Letters that a spreadsheet keeps as they are, and an address too.
CODE = RegexValidator(
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", _("Use letters, digits and hyphens.")
)


class Area(models.Model):
    """A field of what is offered (*àmbit*), such as open government."""

    code = models.SlugField(_("code"), unique=True)
    name = I18nCharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return str(self.name)


class Instrument(models.Model):
    """What a body and the house sign before anything is granted, such as a general
    protocol."""

    code = models.SlugField(_("code"), unique=True)
    name = I18nCharField(_("name"), max_length=200)
    url = models.URLField(_("where it is explained"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ("code",)

    def __str__(self) -> str:
        return str(self.name)


class InForceQuerySet(models.QuerySet["InForce"]):
    def on(self, day: date) -> Self:
        """Those that hold on that day."""
        return self.filter(Q(until=None) | Q(until__gte=day), starts__lte=day)


class InForce(models.Model):
    """A body has signed an instrument: it holds from its first day to the last, both
    included."""

    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        verbose_name=_("instrument"),
        related_name="in_force",
    )
    body = models.ForeignKey(
        LocalBody, models.PROTECT, verbose_name=_("local body"), related_name="+"
    )
    starts = models.DateField(_("first day"))
    until = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        help_text=_("Left empty, it holds until somebody ends it."),
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument in force")
        verbose_name_plural = _("instruments in force")
        ordering = ("body__name", "-starts")
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("starts")),
                name="in_force_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                fields=("instrument", "body", "starts"),
                name="a_body_signs_an_instrument_once_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} · {self.body}"


def known_kinds(kinds: object) -> None:
    """Raise ValidationError unless all are kinds of body, each once."""
    if (
        not isinstance(kinds, list)
        or not set(kinds) <= set(LocalBody.Kind.values)
        or len(set(kinds)) < len(kinds)
    ):
        raise ValidationError(_("Choose kinds of local body."))


class ResourceQuerySet(models.QuerySet["Resource"]):
    def public(self) -> Self:
        """Those that anybody may find: listed, with a published edition."""
        published = Edition.objects.filter(is_published=True).values("resource")
        return self.filter(listed=True, pk__in=published)


class Resource(index.Indexed, ClusterableModel):
    """What a local body can request (*recurs del catàleg*): who may, what is done and
    what has to come with the request. When, is in its editions."""

    class Support(models.TextChoices):
        TECHNICAL = "technical", _("technical support")
        ECONOMIC = "economic", _("financial support")
        MATERIAL = "material", _("tools and materials")
        TRAINING = "training", _("training")

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[CODE])
    area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("area"), related_name="resources"
    )
    subject = I18nCharField(_("subject"), max_length=120, blank=True)
    name = I18nCharField(_("name"), max_length=200)
    summary = I18nTextField(
        _("summary"), blank=True, help_text=_("One sentence: what the body gets.")
    )
    support = models.CharField(
        _("class"), max_length=10, choices=Support.choices, default=Support.TECHNICAL
    )
    description = I18nTextField(_("description"), blank=True)
    actions = I18nTextField(
        _("what is done"),
        blank=True,
        help_text=_(
            "A line for each action, in order: its name, a colon, and what is done."
        ),
    )
    kinds = models.JSONField(
        _("kinds of body"), default=list, blank=True, validators=[known_kinds]
    )
    least = models.PositiveIntegerField(
        _("inhabitants at least"), null=True, blank=True
    )
    most = models.PositiveIntegerField(_("inhabitants at most"), null=True, blank=True)
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        verbose_name=_("instrument that must be in force"),
        null=True,
        blank=True,
        related_name="resources",
    )
    limit = models.PositiveSmallIntegerField(
        _("requests of a body in a year"),
        null=True,
        blank=True,
        help_text=_("Left empty, as many as it wants."),
    )
    conditions = I18nTextField(
        _("conditions"), blank=True, help_text=_("A line for each.")
    )
    execution = I18nCharField(_("term to carry it out"), max_length=200, blank=True)
    justification = I18nCharField(_("term to justify it"), max_length=200, blank=True)
    commitments = I18nTextField(
        _("quality commitments"), blank=True, help_text=_("A line for each.")
    )
    # Sustainable Development Goals of the United Nations, 1 to 17.
    goals = models.CharField(
        _("sustainable development goals"),
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                r"^(1[0-7]|[1-9])(, (1[0-7]|[1-9]))*$",
                _("Write their numbers, such as “11, 16”."),
            )
        ],
        help_text=_("Their numbers, such as “11, 16”."),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="resources"
    )
    contact = I18nCharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Who answers, and when. The address is that of the unit."),
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="resources"
    )
    listed = models.BooleanField(
        _("in the catalogue"),
        default=True,
        help_text=_("Once an edition is published, everybody sees it."),
    )

    objects = ResourceQuerySet.as_manager()
    base_form_class = ResourceForm

    search_fields: ClassVar[list[index.BaseField]] = [
        I18nSearchField("name", boost=10),
        I18nAutocompleteField("name"),
        I18nSearchField("summary", boost=2),
        I18nSearchField("subject"),
        I18nSearchField("description"),
        I18nSearchField("actions"),
        index.SearchField("code", boost=10),
        index.AutocompleteField("code"),
        index.SearchField("around"),
    ]

    panels = (
        MultiFieldPanel(
            (
                FieldRowPanel((FieldPanel("code"), FieldPanel("support"))),
                FieldRowPanel((FieldPanel("area"), FieldPanel("unit"))),
                FieldPanel("name"),
                FieldPanel("subject"),
                FieldPanel("summary"),
                FieldPanel("description"),
                FieldPanel("actions"),
                FieldPanel("topics"),
                FieldPanel("listed"),
            ),
            _("What it is"),
        ),
        MultiFieldPanel(
            (
                FieldPanel("kinds"),
                FieldRowPanel((FieldPanel("least"), FieldPanel("most"))),
                FieldPanel("instrument"),
                FieldPanel("limit"),
                FieldPanel("conditions"),
            ),
            _("Who can request it"),
        ),
        MultiFieldPanel(
            (
                FieldPanel("execution"),
                FieldPanel("justification"),
                FieldPanel("commitments"),
                FieldPanel("goals"),
                FieldPanel("contact"),
            ),
            _("Terms and contact"),
        ),
        InlinePanel(
            "questions",
            heading=_("What the form asks besides"),
            label=_("question"),
            help_text=_("A document to attach is a question for a file."),
        ),
    )

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(least__lte=F("most")),
                name="resource_band_is_not_upside_down",
                violation_error_message=_("The least is more than the most."),
            ),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(limit__gte=1),
                name="resource_can_be_requested_once",
                violation_error_message=_("A body can request it once at least."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    def get_absolute_url(self) -> str:
        """The address that leads to its page, or shows it where there is none."""
        return reverse("resource", args=(self.code,))

    def get_kinds_display(self) -> str:
        """In words, as the inspection of Wagtail asks."""
        return kinds_in_words(self.kinds)

    @property
    def around(self) -> str:
        """What a search finds it by besides its own texts, in every language."""
        topics = (topic.name for topic in self.topics.all())
        return " ".join(every_language(name) for name in (self.area.name, *topics))


class Question(Orderable):
    """Something that the form of a resource asks besides what all forms ask."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        CHOICE = "choice", _("choice")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        FILE = "file", _("file")

    resource = ParentalKey(Resource, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT
    )
    label = I18nCharField(_("question"), max_length=200)
    help = I18nCharField(_("help"), max_length=300, blank=True)
    choices = I18nTextField(
        _("choices"),
        blank=True,
        help_text=_("Of a choice: a line for each, as many in every language."),
    )
    template = models.ForeignKey(
        CustomDocument,
        models.PROTECT,
        verbose_name=_("template to fill in"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Of a file: what people download, fill in and attach."),
    )
    required = models.BooleanField(_("required"), default=False)

    panels = (
        FieldRowPanel((FieldPanel("kind"), FieldPanel("required"))),
        FieldPanel("label"),
        FieldPanel("help"),
        FieldPanel("choices"),
        FieldPanel("template"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question of a resource")
        verbose_name_plural = _("questions of resources")

    def __str__(self) -> str:
        return str(self.label)

    def clean(self) -> None:
        super().clean()
        written = getattr(self.choices, "data", self.choices) or {}
        texts = written.values() if isinstance(written, dict) else [written]
        counts = {len(lines_of(text)) for text in texts if text}
        if self.kind == self.Kind.CHOICE and (not counts or min(counts) < 2):
            raise ValidationError({"choices": _("Write two choices at least.")})
        if len(counts) > 1:
            told = _("Write as many choices in every language.")
            raise ValidationError({"choices": told})


def lines_of(text: object) -> list[str]:
    """The lines of a text in which each says one thing."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        return self.filter(is_published=True)


class Edition(ClusterableModel):
    """A resource in one year: when it can be requested, by when it is resolved and how
    requests are valued."""

    resource = models.ForeignKey(
        Resource,
        models.CASCADE,
        verbose_name=_("resource"),
        related_name="editions",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    opens = models.DateTimeField(_("opens"), null=True, blank=True)
    closes = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("Left empty, it stays open."),
    )
    months = models.PositiveSmallIntegerField(
        _("months to resolve"),
        default=3,
        help_text=_("The most: 3 or 5 as a rule."),
    )
    minimum = models.PositiveSmallIntegerField(
        _("points at least"), null=True, blank=True
    )
    budget = models.DecimalField(
        _("budget"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Until then only the staff see it.")
    )

    objects = EditionQuerySet.as_manager()

    panels = (
        FieldRowPanel((FieldPanel("resource"), FieldPanel("year"))),
        FieldRowPanel((FieldPanel("opens"), FieldPanel("closes"))),
        FieldRowPanel((FieldPanel("months"), FieldPanel("budget"))),
        FieldPanel("is_published"),
        FieldPanel("minimum"),
        InlinePanel("criteria", heading=_("How it is valued"), label=_("criterion")),
    )

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("-year", "resource__code")
        constraints = (
            models.UniqueConstraint(
                fields=("resource", "year"),
                name="a_resource_has_an_edition_a_year",
                violation_error_message=_("It has an edition of this year already."),
            ),
            models.CheckConstraint(
                condition=Q(closes=None) | Q(closes__gt=F("opens")),
                name="edition_closes_after_it_opens",
                violation_error_message=_("It would close before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(opens__isnull=False),
                name="published_edition_says_when_it_opens",
                violation_error_message=_("Say when it opens before it is published."),
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, 12)),
                name="edition_is_resolved_within_a_year",
                violation_error_message=_("Between 1 and 12 months."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(2000, 2100)),
                name="edition_year_is_a_year",
                violation_error_message=_("Write a year of four digits."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.resource} · {self.year}"

    @property
    def window(self) -> Window | None:
        """When it can be requested; None while that is not said."""
        if self.opens is None:
            return None
        return Window(self.year, self.opens, self.closes)

    @property
    def total(self) -> int:
        """The most points that a request can get."""
        return sum(criterion.most for criterion in self.criteria.all())


class Criterion(Orderable):
    """One thing that requests of an edition are valued by."""

    edition = ParentalKey(Edition, on_delete=models.CASCADE, related_name="criteria")
    name = I18nCharField(_("criterion"), max_length=200)
    how = I18nCharField(_("how it is counted"), max_length=300, blank=True)
    least = models.PositiveSmallIntegerField(_("points at least"), default=0)
    most = models.PositiveSmallIntegerField(_("points at most"))

    panels = (
        FieldPanel("name"),
        FieldPanel("how"),
        FieldRowPanel((FieldPanel("least"), FieldPanel("most"))),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = (
            models.CheckConstraint(
                condition=Q(least__lte=F("most")),
                name="criterion_points_are_not_upside_down",
                violation_error_message=_("The least is more than the most."),
            ),
        )

    def __str__(self) -> str:
        return str(self.name)
