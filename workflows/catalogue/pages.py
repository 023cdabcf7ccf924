"""The catalogue and its sheets to their readers."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from wagtail.admin.panels import FieldPanel

from cms.caching import memory
from cms.caching.offering import offer
from cms.models import BasePage
from cms.models.base import private
from community.acting import memberships

from . import requested
from .choosing_body import ASKS as OF_BODY
from .choosing_body import BodyChoice
from .offers import Answered, Offer
from .records import Resource
from .requested import Requests
from .sheet import Sheet
from .shelf import Shelf


class Card(NamedTuple):
    """A resource in the list, what the chosen body is told of it, and its address."""

    offer: Offer
    answered: Answered | None
    url: str


class CatalogueIndexPage(BasePage):
    """Everything that a local body may request, with what to choose by, and what one
    body can request today."""

    # One page in each language lists them all.
    is_reviewed = False
    asks = (*Shelf.ASKS, *OF_BODY, "words")

    template = "pages/catalogue.html"
    page_description = _("All that local bodies can request, and when.")
    parent_page_types = ("cms.HomePage",)
    subpage_types = ("catalogue.ResourcePage",)
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return lead_to_body(request) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        choice = choice_of(request)
        made, is_ours = requests_of(request, choice)
        shelf = Shelf(request.GET, choice.body, made, with_numbers=is_ours)
        offer(request, shelf.asked)
        # There is no end of what people write.
        if shelf.looked_for or choice.typed or is_ours:
            request.is_offered = False
        where = addresses()
        cards = SimpleLazyObject(lambda: [card_of(row, where) for row in shelf.rows])
        return {**context, "shelf": shelf, "cards": cards, "choice": choice}


class ResourcePage(BasePage):
    """A resource to its readers. The resource is the record; this only shows it."""

    has_kind_of_its_own = True
    is_reviewed = False
    asks = ("year", *OF_BODY)

    resource = models.ForeignKey(
        "catalogue.Resource",
        models.PROTECT,
        verbose_name=_("resource"),
        related_name="pages",
    )

    template = "pages/resource.html"
    page_description = _("A resource of the catalogue: its sheet and your text.")
    parent_page_types = ("catalogue.CatalogueIndexPage",)
    subpage_types = ()
    content_panels = (
        *BasePage.content_panels[:1],
        FieldPanel(
            "resource",
            help_text=_("Its sheet comes from it: change it in Catalogue."),
        ),
        *BasePage.content_panels[1:],
    )

    class Meta:
        verbose_name = _("page of a resource")
        verbose_name_plural = _("pages of resources")

    @property
    def title_of_record(self) -> LazyI18nString:
        """What the resource is called in each language."""
        return self.resource.name

    def clean(self) -> None:
        super().clean()
        # No constraint can say it: the language is in the table of all pages.
        twins = ResourcePage.objects.filter(
            resource=self.resource_id, locale=self.locale_id
        )
        if self.resource_id and twins.exclude(pk=self.pk).exists():
            told = _("This resource has a page in this language already.")
            raise ValidationError({"resource": told})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return lead_to_body(request) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, **sheet_context(request, self.resource)}


def choice_of(request: HttpRequest) -> BodyChoice:
    """For which body `request` asks, looked up once."""
    if not hasattr(request, "body_choice"):
        request.body_choice = BodyChoice(request.GET)
    return request.body_choice


def lead_to_body(request: HttpRequest) -> HttpResponse | None:
    """The way to the same address with the code of the body that somebody has named
    in it; None if nobody was named."""
    choice = choice_of(request)
    return redirect(request.path + choice.query) if choice.found else None


def requests_of(request: HttpRequest, choice: BodyChoice) -> tuple[Requests, bool]:
    """What the chosen body has requested, and whether who asks acts for it: then the
    answer is hers alone. To all others it only counts."""
    # It knows its tables once all models are there.
    from workflows.membership.views import acting_account

    if choice.body is None:
        return {}, False
    code = choice.body.code
    account = acting_account(request)
    if account and memberships.of(account).filter(body__code=code).exists():
        return requested.by(code), True
    return requested.lately_by(code), False


def sheet_context(request: HttpRequest, resource: Resource) -> dict[str, Any]:
    """What the sheet of `resource` says to who asks for it, with a page or without."""
    choice = choice_of(request)
    made, is_ours = requests_of(request, choice)
    sheet = Sheet(resource, request.GET, choice.body, made, with_numbers=is_ours)
    offer(request, sheet.asked)
    if choice.typed or is_ours:
        request.is_offered = False
    return {"sheet": sheet, "choice": choice, "catalogue_url": catalogue_address()}


def addresses() -> dict[int, str]:
    """The address of each resource's page in the active language, by the key of the
    resource."""

    def look_up() -> dict[int, str]:
        pages = ResourcePage.objects.live().exclude(private()).select_related("locale")
        pages = pages.filter(locale__language_code=get_language()).defer("body")
        return {page.resource_id: page.url or "" for page in pages}

    return memory.once(f"resources {get_language()}", look_up)


def catalogue_address() -> str:
    """Where the whole catalogue is, or "" if nowhere."""

    def look_up() -> str:
        pages = CatalogueIndexPage.objects.live().exclude(private())
        pages = pages.filter(locale__language_code=get_language())
        first = pages.select_related("locale").defer("body").first()
        return (first.url if first else "") or ""

    return memory.once(f"catalogue {get_language()}", look_up)


def card_of(row: Offer | Answered, where: dict[int, str]) -> Card:
    shown = row.offer if isinstance(row, Answered) else row
    answered = row if isinstance(row, Answered) else None
    url = where.get(shown.key) or shown.address
    if answered:
        url += f"?body={answered.body.code}"
    return Card(shown, answered, url)
