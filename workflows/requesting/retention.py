"""What drafts and what was sent say of people, how it comes to its end, and what
somebody is shown of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import User
from community.privacy.accounts import account_of
from community.privacy.holders import Fact, Holder, Part, Record
from community.privacy.register import Entry
from community.privacy.retention import PUBLIC_TASK
from events import guests
from events.models import Guest
from workflows.engine.retention import CASE_KEPT

from . import drafts
from .appointment_mails import MAILS
from .models import CatalogueRequest, RequestQuerySet, Submission

DRAFTS = Entry(
    name="request_drafts",
    models=("requesting.CatalogueRequest", "requesting.Document"),
    what=_(
        "Drafts of requests of local bodies, with their documents: who began and saved "
        "them, and who is to sign"
    ),
    purpose=_("To let the people of a body write together what it requests"),
    basis=PUBLIC_TASK,
    term=drafts.KEPT,
    since=_("after the resource cannot be requested any more"),
    kept=_("Nothing"),
    rows=CatalogueRequest.objects.drafts,
    due=drafts.old,
    end=drafts.forget_old,
)


def _sent() -> QuerySet[Submission]:
    return Submission.objects.all()


def _of_old_cases(now: datetime) -> QuerySet[Submission]:
    """Those of cases that were made anonymous, or are to be."""
    over = Q(request__case__erased__isnull=False)
    over |= Q(request__case__finished__lt=now - CASE_KEPT)
    return Submission.objects.filter(over)


def forget(now: datetime, limit: int) -> int:
    """What was sent goes with the words of its case; the request stays as a figure.
    Returns of how many at most `limit` it did."""
    keys = list(_of_old_cases(now).order_by("pk").values_list("pk", flat=True)[:limit])
    with transaction.atomic():
        rows = CatalogueRequest.objects.filter(submissions__in=keys)
        rows.update(written={}, grounds="")
        Guest.objects.filter(appointment__of_request__request__in=rows).delete()
        Submission.objects.filter(pk__in=keys).delete()
    return len(keys)


SENT = Entry(
    name="request_submissions",
    models=("requesting.Submission",),
    what=_("What local bodies have requested, and who signed it and as what"),
    purpose=_("To decide on what is requested, and to be able to say how"),
    basis=PUBLIC_TASK,
    term=CASE_KEPT,
    since=_("after the case is settled"),
    kept=_("Figures: resource, local body, edition and dates"),
    rows=_sent,
    due=_of_old_cases,
    end=forget,
)


def _drafts_of(user: User | None) -> RequestQuerySet:
    if user is None:
        return CatalogueRequest.objects.none()
    mine = Q(begun_by=user) | Q(saved_by=user) | Q(signer=user)
    return CatalogueRequest.objects.drafts().filter(mine)


def show(address: str) -> list[Part]:
    account = account_of(address)
    written = _drafts_of(account).select_related("body", "resource")
    signed = Submission.objects.filter(signer=account) if account else ()
    return [
        Part("request_drafts", _("Drafts of requests"), [_draft(r) for r in written]),
        Part("request_submissions", _("What you signed"), [_signed(s) for s in signed]),
    ]


def _draft(row: CatalogueRequest) -> Record:
    facts = [
        Fact("resource", _("Resource"), str(row.resource.name)),
        Fact("body", _("Local body"), row.body.name),
        Fact("begun", _("Begun"), row.created),
        Fact("saved", _("Saved last"), row.saved),
    ]
    page = reverse("write_request", args=[row.body.code, row.key])
    return Record(facts, title=str(row.resource.name), links=[(_("Look at it"), page)])


def _signed(row: Submission) -> Record:
    facts = [
        Fact("number", _("Number"), row.request.case.number),
        Fact("name", _("Name"), row.signer_name),
        Fact("signs_as", _("Signs as"), row.signs_as, row.get_signs_as_display()),
        Fact("sent", _("Sent"), row.created),
    ]
    return Record(facts, title=row.content.get("subject", ""))


# Other appointments are told of by who arranges them.
OURS = {"appointment__of_request__isnull": False}


def foresee(address: str) -> list[str]:
    account = account_of(address)
    if account is None or not guests.ahead(account).filter(**OURS).exists():
        return []
    return [str(_("You are taken out of the appointments to come."))]


def give_up(address: str) -> None:
    """She meets nobody any more. A draft is its body's, and goes on."""
    if account := account_of(address):
        MAILS.tell(guests.take_out(account, **OURS))


def erase(address: str, until: datetime) -> None:
    """No submission names who signed it any more."""
    left = Q(signer__erased__isnull=False) | Q(signer=account_of(address) or 0)
    signed = Submission.objects.filter(left, created__lte=until)
    signed.update(signer_name="")


HOLDER = Holder(
    name="requests", show=show, foresee=foresee, give_up=give_up, erase=erase
)
