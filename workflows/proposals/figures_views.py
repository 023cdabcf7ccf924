"""What was proposed, what came of it and how long it took: to everybody; and the same
of their units to the staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cms.caching.offering import offer
from workflows.engine.access import units_of
from workflows.staff.figures import FiguresView, FiguresViewSet, Link

from .figures import Figures
from .models import Proposal
from .opendata import COLUMNS

# Those that were settled last are named.
LATEST = 10


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Of all proposals, with what came of the last ones, and where all are as data."""
    offer(request, {})
    shown = Proposal.objects.public().select_related("case", "series", "topic")
    settled = shown.filter(case__finished__isnull=False)
    context = {
        "figures": Figures(Proposal.objects.all()),
        "latest": settled.order_by("-case__finished", "-pk")[:LATEST],
        "columns": COLUMNS,
    }
    return render(request, "pages/proposal_figures.html", context)


class ProposalFiguresView(FiguresView):
    """Of the proposals of one's units, or of all."""

    page_title = _("Figures of proposals")
    file_name = "proposals"
    none = _(
        "Nothing has been proposed yet: as soon as something is, its figures are here."
    )

    @cached_property
    def figures(self) -> Figures:
        mine = units_of(self.request.user)
        return Figures(Proposal.objects.filter(case__unit__in=mine))

    @property
    def links(self) -> list[Link]:
        data, everybodys = reverse("proposals_csv"), reverse("proposals_figures")
        return [
            Link(data, "download", _("Download all that is public as CSV")),
            Link(everybodys, "view", _("See what everybody sees")),
        ]


class ProposalFiguresViewSet(FiguresViewSet):
    name = "proposal_figures"
    url_prefix = "reports/proposals"
    menu_label = _("Figures of proposals")
    menu_order = 31
    view_class = ProposalFiguresView
