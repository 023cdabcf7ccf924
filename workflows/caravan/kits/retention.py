"""What the papers of kits say of people, and how they come to their end: they name the
contact person of the host and the rapporteur."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.privacy.accounts import account_of
from community.privacy.addresses import of_address
from community.privacy.holders import Fact, Holder, Part, Record
from community.privacy.register import Entry
from community.privacy.retention import PUBLIC_TASK
from workflows.caravan.models import KitFile, Stop, StopQuerySet
from workflows.engine.retention import CASE_KEPT


def _old(now: datetime) -> QuerySet[KitFile]:
    """Those of cases that were made anonymous, or settled long ago."""
    over = Q(part__stop__case__erased__isnull=False)
    over |= Q(part__stop__case__finished__lt=now - CASE_KEPT)
    return KitFile.objects.filter(over)


KITS = Entry(
    name="kits",
    models=("caravan.KitFile",),
    what=_(
        "Papers of the kits of stops, which name the contact person and the rapporteur"
    ),
    purpose=_("To give both sides of a visit what they need for it"),
    basis=PUBLIC_TASK,
    term=CASE_KEPT,
    since=_("after the case is settled"),
    kept=_("What the kit had, and when it was done"),
    rows=KitFile.objects.all,
    due=_old,
)


def _naming(address: str) -> StopQuerySet:
    """The stops whose papers name her, as contact or as rapporteur."""
    rows = Stop.objects.submitted()
    as_contact = of_address(rows, address, "contact_email").values("pk")
    hers = Q(pk__in=as_contact)
    if account := account_of(address):
        hers |= Q(rapporteur__user=account)
    return rows.filter(hers, kit__files__isnull=False).distinct()


def show(address: str) -> list[Part]:
    rows = _naming(address).select_related("case", "body")
    return [Part("kits", _("Kits that name you"), [_kit(stop) for stop in rows])]


def _kit(stop: Stop) -> Record:
    facts = [
        Fact("number", _("Number"), stop.case.number),
        Fact("body", _("Local body"), stop.body.name),
    ]
    page = reverse("caravan_kit", args=[stop.key])
    return Record(facts, title=stop.title, links=[(_("Look at it"), page)])


def give_up(address: str) -> None:
    """The papers stay until the visit is told of, or are made of somebody else."""


def erase(address: str, until: datetime) -> None:
    """No paper names her any more: it is made without her, or there is none."""
    gone = Q(part__stop__in=_naming(address).values("pk"))
    gone |= Q(part__stop__rapporteur__user__erased__isnull=False)
    KitFile.objects.filter(gone, part__made__lte=until).delete()


HOLDER = Holder(name="kits", show=show, give_up=give_up, erase=erase)
