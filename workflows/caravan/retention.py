"""What stops, offers and chronicles say of people, how it comes to its end, and what
somebody is shown of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import User
from community.privacy.accounts import account_of
from community.privacy.addresses import of_address
from community.privacy.holders import Fact, Holder, Part, Record
from community.privacy.register import YEAR, Entry
from community.privacy.retention import PUBLIC_TASK
from events import guests
from events.models import Guest
from workflows.engine.models import Case, File
from workflows.engine.retention import CASE_KEPT

from . import stops
from .appointment_mails import MAILS
from .models import (
    Chronicle,
    Offer,
    OfferQuerySet,
    Pairing,
    Photograph,
    Stop,
    StopQuerySet,
)
from .sides import drafts

# After it was withdrawn, or saved last.
OFFER_KEPT = 3 * YEAR

CONTACT = dict.fromkeys(stops.CONTACT, "")


# Stops --------------------------------------------------------------------------------


def _sent() -> StopQuerySet:
    return Stop.objects.submitted().exclude(written={}, contact_name="")


def _over(now: datetime) -> Q:
    return Q(case__erased__isnull=False) | Q(case__finished__lt=now - CASE_KEPT)


def _of_old_cases(now: datetime) -> StopQuerySet:
    """Those of cases that were made anonymous, or are to be."""
    return _sent().filter(_over(now))


def forget(now: datetime, limit: int) -> int:
    """The contact goes with the words of the case, and so do what was said between the
    sides and the files, those of an amendment that was never sent too. The stop stays,
    as a figure and on the map. Returns of how many at most `limit` it did."""
    keys = list(_of_old_cases(now).order_by("pk").values_list("pk", flat=True)[:limit])
    with transaction.atomic():
        rows = Stop.objects.filter(pk__in=keys)
        rows.update(written={}, **CONTACT)
        Pairing.objects.filter(stop__in=keys).update(reason="")
        Guest.objects.filter(appointment__of_visit__stop__in=keys).delete()
        Chronicle.objects.filter(stop__in=keys).delete()
        File.objects.filter(of_stop__stop__in=keys).delete()
    return len(keys)


# Who was asked to tell of them --------------------------------------------------------


def _old_offers(now: datetime) -> OfferQuerySet:
    """Those that lapsed, and tell of nothing that goes on."""
    busy = Pairing.objects.filter(
        offer=OuterRef("pk"), stop__case__state__in=Case.ACTIVE
    )
    late = Q(withdrawn__lt=now - OFFER_KEPT) | Q(saved__lt=now - OFFER_KEPT)
    return Offer.objects.filter(late, ~Exists(busy))


def _old_pictures(now: datetime) -> QuerySet[Photograph]:
    """Those of stops whose case was settled long ago: what was published has pictures
    of its own."""
    return Photograph.objects.filter(
        Q(stop__case__erased__isnull=False)
        | Q(stop__case__finished__lt=now - CASE_KEPT)
    )


def forget_pictures(now: datetime, limit: int) -> int:
    """Delete at most `limit` of them with their files; returns how many."""
    rows = list(_old_pictures(now).order_by("pk")[:limit])
    for row in rows:
        file = row.file
        row.delete()
        file.delete(save=False)
    return len(rows)


ENTRIES = (
    Entry(
        name="stop_drafts",
        models=("caravan.Stop", "caravan.StopFile"),
        what=_(
            "Drafts of stops of the caravan, with their files: who began and saved "
            "them, a contact"
        ),
        purpose=_("To let the people of a body write together what it would show"),
        basis=PUBLIC_TASK,
        term=drafts.KEPT,
        since=_("after it was last saved"),
        kept=_("Nothing"),
        rows=Stop.objects.drafts,
        due=drafts.old,
        end=drafts.forget_old,
    ),
    Entry(
        name="stops",
        models=(
            *("caravan.Stop", "caravan.Pairing", "caravan.PossibleDate"),
            *("caravan.Chronicle", "caravan.StopFile"),
        ),
        what=_(
            "Stops of the caravan: whom to talk to, who was asked to tell of them and "
            "said what, when each side can, the files that the host shows, and the "
            "chronicle while it is written"
        ),
        purpose=_("To arrange the visits, and to tell of them"),
        basis=PUBLIC_TASK,
        term=CASE_KEPT,
        since=_("after the case is settled"),
        kept=_("What was shown, by which body and when; who told of it, by body"),
        rows=_sent,
        due=_of_old_cases,
        end=forget,
    ),
    Entry(
        name="stop_pictures",
        models=("caravan.Photograph",),
        what=_("Pictures of visits, with the consent of who is in them"),
        purpose=_("To show what was seen"),
        basis=PUBLIC_TASK,
        term=CASE_KEPT,
        since=_("after the case is settled"),
        kept=_("Those that were published, as pictures of the site"),
        rows=Photograph.objects.all,
        due=_old_pictures,
        end=forget_pictures,
    ),
    Entry(
        name="rapporteur_offers",
        models=("caravan.Offer",),
        what=_(
            "Offers to be rapporteur: interests, dates, experience, and days when "
            "somebody cannot"
        ),
        purpose=_("To find who tells of a stop"),
        basis=PUBLIC_TASK,
        term=OFFER_KEPT,
        since=_("after it was withdrawn or last saved"),
        kept=_("Nothing"),
        rows=Offer.objects.all,
        due=_old_offers,
    ),
)


# Somebody's own -----------------------------------------------------------------------


def _drafts_of(user: User | None) -> StopQuerySet:
    if user is None:
        return Stop.objects.none()
    return Stop.objects.drafts().filter(Q(begun_by=user) | Q(saved_by=user))


def _naming(address: str) -> StopQuerySet:
    """Those that name her as the contact."""
    return of_address(Stop.objects.submitted(), address, "contact_email")


def show(address: str) -> list[Part]:
    account = account_of(address)
    offers = Offer.objects.filter(user=account).select_related("body")
    pairs = Pairing.objects.filter(offer__user=account)
    pairs = pairs.select_related("stop__case", "stop__body")
    return [
        Part("stop_drafts", _("Drafts of stops"), [*map(_draft, _drafts_of(account))]),
        Part("stop_contacts", _("Stops with you as contact"), _named(address)),
        Part(
            "rapporteur_offers",
            _("Your offers to be rapporteur"),
            [_offer(one) for one in offers] if account else [],
        ),
        Part(
            "pairings",
            _("Stops that you were asked to tell of"),
            [_pair(one) for one in pairs] if account else [],
        ),
    ]


def _draft(row: Stop) -> Record:
    facts = [
        Fact("body", _("Local body"), row.body.name),
        Fact("begun", _("Begun"), row.created),
        Fact("saved", _("Saved last"), row.saved),
    ]
    page = reverse("caravan_draft", args=[row.body.code, row.key])
    title = row.written.get("title", "") or row.body.name
    return Record(facts, title=title, links=[(_("Look at it"), page)])


def _named(address: str) -> list[Record]:
    rows = _naming(address).select_related("case", "body")
    return [
        Record(
            [
                Fact("number", _("Number"), row.case.number),
                Fact("body", _("Local body"), row.body.name),
                Fact("name", _("Name"), row.contact_name),
                Fact("telephone", _("Telephone"), row.contact_phone),
            ],
            title=row.title,
        )
        for row in rows
    ]


def _offer(row: Offer) -> Record:
    facts = [
        Fact("body", _("Local body"), row.body.name),
        Fact("fields", _("Fields of interest"), [*row.fields]),
        Fact("forms", _("Forms of visit"), [*row.forms]),
        Fact("distance", _("How far, in kilometres"), row.distance),
        Fact("dates", _("Dates that suit"), row.dates),
        Fact("away", _("Days when it cannot be"), [*row.away]),
        Fact("experience", _("Experience"), row.experience),
        Fact("created", _("Offered on"), row.created),
        Fact("withdrawn", _("Withdrawn on"), row.withdrawn),
    ]
    return Record(facts, title=row.body.name)


def _pair(row: Pairing) -> Record:
    facts = [
        Fact("body", _("Local body"), row.stop.body.name),
        Fact("asked", _("Asked on"), row.asked),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("reason", _("Reason"), row.reason),
    ]
    return Record(facts, title=row.stop.title)


def foresee(address: str) -> list[str]:
    account = account_of(address)
    if account is None:
        return []
    going = Pairing.objects.under_way().filter(offer__user=account)
    words = [_("Somebody else tells of the stops that you were to tell of.")]
    return [str(each) for each in words if going.exists()]


def give_up(address: str) -> None:
    """She offers nothing any more, and is expected at no visit. For the stops that she
    was to tell of, the worker has somebody else looked for."""
    if account := account_of(address):
        standing = Offer.objects.standing().filter(user=account)
        standing.update(withdrawn=timezone.now())
        taken = guests.take_out(account, appointment__of_visit__isnull=False)
        MAILS.tell(taken)


def erase(address: str, until: datetime) -> None:
    """Nothing is said any more of who she is: neither as contact nor in an offer. A
    draft is its body's, and goes on."""
    for row in _naming(address).filter(created__lte=until):
        for name, nothing in CONTACT.items():
            setattr(row, name, nothing)
        row.written = {k: v for k, v in row.written.items() if k not in CONTACT}
        row.save(update_fields=[*CONTACT, "written"])
    gone = Q(user__erased__isnull=False) | Q(user=account_of(address) or 0)
    offers = Offer.objects.filter(gone, created__lte=until)
    offers.update(dates="", experience="", away=[], fields=[], forms=[])
    Pairing.objects.filter(offer__in=offers).update(reason="")


HOLDER = Holder(
    name="caravan", show=show, foresee=foresee, give_up=give_up, erase=erase
)
