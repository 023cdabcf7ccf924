"""What cases hold of people, how it comes to its end, and what somebody is shown of
it."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from community.privacy.addresses import of_address
from community.privacy.holders import Fact, Holder, Part, Record, Words
from community.privacy.register import YEAR, Entry
from community.privacy.retention import PUBLIC_TASK
from events.models import new_token

from . import answers, deadlines, disclosure, files, kinds
from .kinds import kind_of, outcome_words
from .models import Case, CaseQuerySet, File
from .models import Entry as CaseEntry

# Said on the form.
CASE_KEPT = YEAR

OF_SOMEBODY = {"name": "", "email": "", "title": "", "reason": "", "form_key": None}


def _of_somebody() -> CaseQuerySet:
    return Case.objects.of_somebody()


def _old(now: datetime) -> CaseQuerySet:
    return _of_somebody().settled().filter(finished__lt=now - CASE_KEPT)


def erase_old(now: datetime, limit: int) -> int:
    """Make figures of at most `limit` cases that were settled twelve months ago;
    returns how many."""
    return erase(_old(now).order_by("pk")[:limit])


def erase(cases: Iterable[Case]) -> int:
    """Make figures of `cases`: number, kind, unit, body, outcome and dates stay; who
    asked and what was written go, and the link leads nowhere. Returns how many."""
    with transaction.atomic():
        rows = list(cases)
        for row in rows:
            for name, nothing in OF_SOMEBODY.items():
                setattr(row, name, nothing)
            row.token = new_token()
            row.search_key = row.found_by
            row.erased = timezone.now()
        columns = [*OF_SOMEBODY, "token", "search_key", "erased"]
        Case.objects.bulk_update(rows, columns)
        keys = [row.pk for row in rows]
        File.objects.filter(case__in=keys).delete()
        CaseEntry.objects.filter(case__in=keys).delete()
        deadlines.forget_reasons(keys)
        _histories_of(keys).update(data={})
    return len(rows)


def _leave(cases: CaseQuerySet) -> None:
    """Have `cases`, which are a body's, not say any more who asked."""
    for case in cases:
        case.name, case.email = "", ""
        case.search_key = case.found_by
        case.save(update_fields=["name", "email", "search_key"])


def _let_go(cases: Iterable[Case]) -> None:
    """Have `cases`, which are everybody's, say nothing any more of who asked: neither
    name nor address, nor what was written besides what is public. The link leads
    nowhere."""
    keys = []
    for case in cases:
        case.name, case.email, case.token = "", "", new_token()
        case.search_key = case.found_by
        case.save(update_fields=["name", "email", "token", "search_key"])
        keys.append(case.pk)
    File.objects.filter(case__in=keys).delete()
    CaseEntry.objects.filter(case__in=keys).delete()


def _histories_of(keys: list[int]) -> QuerySet[ModelLogEntry]:
    kind = ContentType.objects.get_for_model(Case)
    names = [str(key) for key in keys]
    return ModelLogEntry.objects.filter(content_type=kind, object_id__in=names)


ENTRY = Entry(
    name="cases",
    models=("engine.Case", "engine.Entry", "engine.File"),
    what=_(
        "Cases: name, address, local body, language, what was asked, answered and "
        "noted, and the files that came with it"
    ),
    purpose=_("To settle what people ask, and to be able to say how"),
    basis=PUBLIC_TASK,
    term=CASE_KEPT,
    since=_("after the case is settled"),
    kept=_("Figures: number, kind, unit, local body, outcome and dates"),
    rows=_of_somebody,
    due=_old,
    end=erase_old,
)


DRAFTS = Entry(
    name="case_drafts",
    models=("engine.File",),
    what=_("Files of forms that nobody has sent yet"),
    purpose=_("To lose none of them while the rest of the form is mended"),
    basis=PUBLIC_TASK,
    term=files.DRAFT_KEPT,
    since=_("after it came"),
    kept=_("Nothing"),
    rows=File.objects.drafts,
    due=files.old_drafts,
)


def _mine(address: str) -> CaseQuerySet:
    return of_address(_of_somebody(), address)


def _own(address: str) -> CaseQuerySet:
    """Without what was asked in the name of a body, which goes on with it."""
    return _mine(address).exclude(kind__in=kinds.of_bodies())


def _of_bodies(address: str) -> CaseQuerySet:
    return _mine(address).filter(kind__in=kinds.of_bodies())


def show(address: str) -> list[Part]:
    found = _mine(address).select_related("body", "unit")
    found = found.prefetch_related("entries", "files")
    records = [_record(case) for case in found]
    seen = disclosure.of_cases([case.pk for case in found])
    return [
        Part("cases", _("What you asked us"), records),
        Part(
            "case_disclosures",
            _("When the organisers looked at what you asked"),
            [_disclosure(entry) for entry in seen],
        ),
    ]


def _disclosure(entry: ModelLogEntry) -> Record:
    # Not who of the staff it was: the recipient is the body that answers.
    label = logs.get_formatter(entry).label
    when = Fact("when", _("When"), entry.timestamp)
    return Record([Fact("what", _("What"), entry.action, label), when], title=label)


def _record(case: Case) -> Record:
    # What colleagues wrote for their body is not hers alone.
    is_own = kind_of(case).of_body is None
    entries = case.entries.all() if is_own else ()
    written = [
        Fact(f"{entry.way}_{number}", entry.get_way_display(), entry.text)
        for number, entry in enumerate(entries, start=1)
    ]
    files = list(case.files.all()) if is_own else []
    facts = [
        Fact("number", _("Number"), case.number),
        Fact("kind", _("Kind"), case.kind, kind_of(case).label),
        Fact("title", _("Subject"), case.title),
        Fact("state", _("State"), case.state, case.get_state_display()),
        Fact("outcome", _("Outcome"), case.outcome, outcome_words(case)),
        Fact("name", _("Name"), case.name),
        Fact("email", _("E-mail address"), case.email),
        Fact("body", _("Local body"), case.body.name if case.body else ""),
        Fact("language", _("Language"), case.language, case.get_language_display()),
        Fact("received", _("Received"), case.created),
        Fact("finished", _("Finished"), case.finished),
        *written,
        Fact("files", _("Files"), [file.name for file in files]),
    ]
    links: list[tuple[Words, str]] = [
        (_("Look at it"), reverse("my_case", args=[case.token]))
    ]
    # One that is internal may speak of others: who wants it asks the officer.
    links += [
        (file.name, reverse("my_data_file", args=[file.pk]))
        for file in files
        if file.is_visible
    ]
    return Record(facts, title=f"{case.title} ({case.number})", links=links)


def foresee(address: str) -> list[str]:
    found = list(_own(address))
    public = [case for case in found if kind_of(case).goes_on_without(case)]
    found = [case for case in found if case not in public]
    going_on = sum(case.is_active for case in found)
    words = []
    if going_on:
        words.append(
            ngettext(
                "Nobody goes on with the case that you have open.",
                "Nobody goes on with the %(count)d cases that you have open.",
                going_on,
            )
            % {"count": going_on}
        )
    if found:
        words.append(str(_("Of what you asked us only figures stay.")))
    if public:
        words.append(str(_("What you asked and is public stays, without your name.")))
    if _of_bodies(address).exists():
        stays = _("What a local body asked by you stays the body’s, without your name.")
        words.append(str(stays))
    return words


def correct(address: str, changes: dict[str, str]) -> None:
    fields = {name: changes[name] for name in ("name", "language") if name in changes}
    for case in _mine(address).active() if fields else ():
        for name, value in fields.items():
            setattr(case, name, value)
        case.search_key = case.found_by
        case.save(update_fields=[*fields, "search_key"])


def give_up(address: str) -> None:
    for case in _own(address).active():
        if not kind_of(case).goes_on_without(case):
            answers.withdraw(case)


def forget(address: str, until: datetime) -> None:
    own = list(_own(address).filter(created__lte=until).order_by("pk"))
    public = [case for case in own if kind_of(case).goes_on_without(case)]
    erase(case for case in own if case not in public)
    _let_go(public)
    _leave(_of_bodies(address).filter(created__lte=until))


HOLDER = Holder(
    name="cases",
    show=show,
    foresee=foresee,
    correct=correct,
    give_up=give_up,
    erase=forget,
)
