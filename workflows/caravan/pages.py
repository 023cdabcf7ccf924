"""The caravan and what it brings to light, to their readers. A page shows a record; it
never is one."""

from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.query import PageQuerySet

from cms.caching import memory
from cms.caching.offering import offer
from cms.editing.page_form import PageForm
from cms.models import BasePage
from cms.models.base import private

from .models.stops import Field

LEFT_EMPTY = _("Left empty, it says what comes with the site.")


class FieldBlock(blocks.StructBlock):
    """One of the five fields, in the words of the editors."""

    field = blocks.ChoiceBlock(label=_("Field"), choices=Field.choices)
    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.TextBlock(
        label=_("Text"), max_length=160, help_text=_("What it is about, in a line.")
    )

    class Meta:
        label = _("Field")
        icon = "tag"
        label_format = "{title}"


class CaravanPage(BasePage):
    """What the caravan is, where it passes, how one takes part, and what it has brought
    to light."""

    asks = ("field", "comarca", "year", "page")

    hero_title = models.CharField(
        _("sentence of the hero"),
        max_length=120,
        blank=True,
        help_text=_("The one large sentence at the top: ten words at most."),
    )
    host_title = models.CharField(
        _("title for hosts"), max_length=80, blank=True, help_text=LEFT_EMPTY
    )
    host_text = models.TextField(
        _("text for hosts"), max_length=400, blank=True, help_text=LEFT_EMPTY
    )
    rapporteur_title = models.CharField(
        _("title for rapporteurs"), max_length=80, blank=True, help_text=LEFT_EMPTY
    )
    rapporteur_text = models.TextField(
        _("text for rapporteurs"), max_length=400, blank=True, help_text=LEFT_EMPTY
    )
    field_words = StreamField(
        [("field", FieldBlock())],
        verbose_name=_("the five fields"),
        blank=True,
        max_num=len(Field.choices),
        help_text=_("One that is not here has the name that comes with the site."),
    )
    call_title = models.CharField(
        _("title of the call"), max_length=80, blank=True, help_text=LEFT_EMPTY
    )
    call_text = models.TextField(
        _("text of the call"), max_length=300, blank=True, help_text=LEFT_EMPTY
    )

    template = "pages/caravan.html"
    page_description = _("The caravan: what it is, where it passes, how to take part.")
    parent_page_types = ("cms.HomePage",)
    subpage_types = ("caravan.GoodPracticePage",)
    max_count_per_parent = 1
    content_panels = (
        *BasePage.content_panels[:1],
        FieldPanel("hero_title"),
        *BasePage.content_panels[1:2],
        FieldPanel("field_words"),
        MultiFieldPanel(
            (
                FieldPanel("host_title"),
                FieldPanel("host_text"),
                FieldPanel("rapporteur_title"),
                FieldPanel("rapporteur_text"),
            ),
            heading=_("The two ways to take part"),
        ),
        FieldPanel(
            "body",
            heading=_("How it goes"),
            help_text=_(
                "The steps and the video stand side by side; all else comes after them."
            ),
        ),
        MultiFieldPanel(
            (FieldPanel("call_title"), FieldPanel("call_text")),
            heading=_("The call at the foot"),
        ),
    )

    class Meta:
        verbose_name = _("page of the caravan")
        verbose_name_plural = _("pages of the caravan")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        # It knows its tables once all models are there.
        from . import landing

        context = super().get_context(request, *args, **kwargs)
        shelf = landing.PracticeShelf(request.GET)
        offer(request, shelf.asked)
        return {
            **context,
            "shelf": shelf,
            "cards": SimpleLazyObject(lambda: landing.cards(shelf.rows)),
            "ahead": SimpleLazyObject(landing.ahead),
            "fields": SimpleLazyObject(lambda: landing.fields(self.field_words)),
            "kit": SimpleLazyObject(landing.kit),
        }


class PracticePageForm(PageForm):
    """Says what keeps it from being published before anything is lost."""

    PUBLISHES: ClassVar = ("action-publish", "action-workflow-action")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        practice = cleaned.get("practice") or self._practice()
        wants = any(self.data.get(name) for name in self.PUBLISHES)
        if wants and self.data.get("workflow-action-name") != "reject" and practice:
            self.instance.check_obstacles(practice)
        return cleaned

    def _practice(self) -> Any:
        return self.instance.practice if self.instance.practice_id else None


class GoodPracticePage(BasePage):
    """A good practice to its readers. The practice is the record: the page shows it
    under what the editor says of it."""

    practice = models.ForeignKey(
        "caravan.GoodPractice",
        models.PROTECT,
        verbose_name=_("good practice"),
        related_name="pages",
    )

    template = "pages/practice.html"
    page_description = _("A good practice of the caravan: its record and your text.")
    parent_page_types = ("caravan.CaravanPage", "cms.HomePage")
    subpage_types = ()
    base_form_class = PracticePageForm
    content_panels = (
        *BasePage.content_panels[:1],
        FieldPanel(
            "practice",
            widget=forms.Select,
            help_text=_("What it tells comes from it: change it in Good practices."),
        ),
        *BasePage.content_panels[1:],
    )

    class Meta:
        verbose_name = _("page of a good practice")
        verbose_name_plural = _("pages of good practices")

    def clean(self) -> None:
        super().clean()
        if not self.practice_id:
            return
        # No constraint can say it: the language is in the table of all pages.
        twins = GoodPracticePage.objects.filter(
            practice=self.practice_id, locale=self.locale_id
        )
        if twins.exclude(pk=self.pk).exists():
            told = _("This good practice has a page in this language already.")
            raise ValidationError({"practice": told})
        if self.live and not Page.objects.filter(pk=self.pk, live=True).exists():
            self.check_obstacles(self.practice)

    def check_obstacles(self, practice: Any) -> None:
        """Raises ValidationError while `practice` cannot be published, saying why."""
        from .practices import publishing

        if found := publishing.obstacles(practice):
            raise ValidationError(found)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        from .practices import showing

        context = super().get_context(request, *args, **kwargs)
        shown = SimpleLazyObject(lambda: showing.Shown(self.practice_id))
        return {**context, "shown": shown, "caravan_url": places().caravan}


class Places(NamedTuple):
    """Where the pages of the caravan are in the active language: its own, "" if
    nowhere; and of each practice by the key of the record, in its own language where it
    has none in this."""

    caravan: str
    practices: dict[int, str]


def places() -> Places:
    def look_up() -> Places:
        its_own, practices = "", {}
        for page in _open_pages():
            url, is_here = page.url or "", page.locale.language_code == get_language()
            if page.practice is None:
                its_own = its_own or (url if is_here else "")
            elif is_here or (page.pk == page.first and page.practice not in practices):
                practices[page.practice] = url
        return Places(its_own, practices)

    return memory.once(f"caravan {get_language()}", look_up)


def _open_pages() -> PageQuerySet:
    """Those that everybody sees, with the `practice` that each shows, if any, and the
    `first` page of that."""
    of_caravan = models.Q(caravanpage__isnull=False)
    of_practice = models.Q(goodpracticepage__isnull=False)
    pages = Page.objects.live().exclude(private()).select_related("locale")
    return pages.filter(of_caravan | of_practice).annotate(
        practice=models.F("goodpracticepage__practice"),
        first=models.F("goodpracticepage__practice__page"),
    )
