"""What the two sides of a stop do with it, and what the worker and the page of what
came of it do in their place.

Each verb holds the lock of the case: who acts, and whether it can still be done, is
asked there. Each raises PermissionDenied for who is not that side, and ValidationError
where the stop is at another step. What was done already is not done twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.log_actions import log

from community.acting import memberships
from community.models import LocalBody, User
from workflows.engine import answers, cases, deadlines, desk, letters
from workflows.engine.access import may_work
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.answers import WITHDRAWN as WITHDRAWAL
from workflows.engine.models import Case, Entry
from workflows.engine.nodes import StaffTask
from workflows.engine.terms import Measure

from . import deciding, mails, parties, reading, visiting
from .flows import StopFlow
from .models import Pairing, Side, Stop
from .parties import Party
from .settings import CaravanSettings
from .sides import chronicle, drafts, host_files
from .sides.host_form import FIELDSETS, FILES, StopForm

# Stored with every case.
NAME, PREFIX = mails.STOP, "CAR"

ANSWERED = "caravan.rapporteur_answered"
SENT = "caravan.chronicle_sent"
READ = "caravan.chronicle_read"

Decision = Stop.Decision
CONTACT = ("contact_name", "contact_email", "contact_phone")
# What a case does not have as words: its files stand beside them.
UNTOLD = (*CONTACT, FILES)
OPEN = (STATUS.NEW, STATUS.ASSIGNED)
OVER = _("This is over, or somebody has answered it already.")
IS_PUBLISHED = _("It is published: the stop can no longer be given up or left.")


# Asking for a stop --------------------------------------------------------------------


def are_taken() -> bool:
    """Whether a stop can be asked for: a unit looks after the caravan."""
    return CaravanSettings.load().unit_id is not None


def submit(stop: Stop, form: StopForm, by: User) -> Case:
    """Open the case of a draft, with what `form` says. The same draft once more gives
    the case that is there.

    Raises PermissionDenied, `drafts.Over` (it was thrown away) and ValidationError:
    something is missing, or nobody looks after the caravan.
    """
    with memberships.locked(stop.body):
        rows = Stop.objects.filter(body=stop.body, pk=stop.pk)
        found = rows.select_related("body", "case").first()
        if found is None:
            raise drafts.Over
        _check_writes(found.body, by)
        if found.case:
            return found.case
        unit = CaravanSettings.load().unit
        if unit is None:
            raise ValidationError(_("The caravan takes no stops for the time being."))
        if not form.is_valid():
            raise ValidationError(_("Something is missing, or wrong."), code="missing")
        _keep(found, form.cleaned_data, by)
        case = Case(
            kind=NAME,
            number=cases.new_number(PREFIX),
            unit=unit,
            title=found.title,
            name=by.name,
            email=by.email,
            language=get_language(),
            body=found.body,
            on_behalf=True,
            form_key=found.key,
        )
        StopFlow.submitted.run(case=case, stop=found)
        days = CaravanSettings.load().review_days
        deadlines.start(case, Measure.WORKING_DAYS, days)
        files = host_files.to_send(found)
        cases.write(case, Entry.Way.IN, told(found), by, files)
        letters.tell(mails.RECEIVED, case)
    return case


def amend(stop: Stop, form: StopForm, by: User) -> Case:
    """The host sends what was to be amended. Raises ValidationError also where
    something is missing."""
    with _at(stop, StopFlow.amend, by) as (found, _party):
        if not form.is_valid():
            raise ValidationError(_("Something is missing, or wrong."), code="missing")
        _give(found, StopFlow.amend, lambda c: amended(c, form.cleaned_data, by))
    return found.case


def amended(case: Case, data: Mapping[str, Any], by: User) -> None:
    """What was sent takes the place of what was there, and our term runs on. Call it
    with the case locked, in its step."""
    stop = case.stop
    before = told(stop)
    _keep(stop, data, by)
    now = told(stop)
    files, gone = host_files.to_send(stop), host_files.take_out(stop)
    if now != before or files or gone:
        words = now if now != before else gettext("What was asked is amended.")
        if gone:
            names = gettext("Files taken out: %(names)s")
            words += "\n\n" + names % {"names": ", ".join(gone)}
        cases.write(case, Entry.Way.IN, words, by, files)
    case.title = stop.title
    cases.touch(case, title=stop.title, search_key=case.found_by)
    cases.go_on(case)
    letters.tell(mails.AMENDED, case)


def told(stop: Stop) -> str:
    """What was sent, as the case and its receipt have it: all but whom to talk to, who
    may want to be forgotten before the case is."""
    lines = []
    for each in FIELDSETS:
        for name in each.fields:
            if name not in UNTOLD and (said := _in_words(stop, name)):
                lines += [f"{StopForm.base_fields[name].label}", said, ""]
    return "\n".join(lines).strip()


def _in_words(stop: Stop, name: str) -> str:
    said = getattr(stop, name)
    if isinstance(said, bool):
        return gettext("Yes") if said else gettext("No")
    shown = getattr(stop, f"get_{name}_display", None)
    return str(shown() if shown else said)


def _keep(stop: Stop, data: Mapping[str, Any], by: User) -> None:
    """What `data` says becomes what was sent."""
    columns = [name for name in StopForm.base_fields if name in data]
    for name in columns:
        setattr(stop, name, data[name])
    stop.saved_by = by
    stop.save(update_fields=[*columns, "saved_by"])


# Who tells of it ----------------------------------------------------------------------


def answer_pairing(stop: Stop, accepts: bool, reason: str, by: User) -> bool:
    """Who was asked says whether she comes; if not, for a `reason` that the office
    reads. Returns False if she has said so already."""
    with _locked(stop, by) as (found, party):
        if party is None or party.is_host:
            raise PermissionDenied
        if party.comes and accepts:
            return False
        if not party.is_asked:
            raise ValidationError(OVER)
        if not accepts and not reason:
            raise ValidationError({"reason": _("Write why you cannot.")})
        pairing = party.pairing

        def apply(case: Case) -> None:
            if accepts:
                deciding.comes(case, pairing)
            else:
                deciding.does_not_come(case, pairing, reason)
            words = Pairing.State(pairing.state).label
            said = f"{words}: {reason}" if reason else str(words)
            log(case, ANSWERED, user=by, data={"reason": said})

        _give(found, StopFlow.asked, apply)
        if not accepts:
            # Whose step it is now is known once it has moved on.
            letters.tell(mails.REFUSED, found.case, reading.office(found.case))
    return True


def drop_out(stop: Stop, reason: str, by: User) -> bool:
    """The rapporteur leaves: calendars are told, and another is looked for. Returns
    False if she had left."""
    with _locked(stop, by) as (found, party):
        if party is None:
            if parties.was_asked(found, by):
                return False
            raise PermissionDenied
        if party.is_host:
            raise PermissionDenied
        if not reason:
            raise ValidationError({"reason": _("Write why.")})
        if not found.case.is_active:
            raise ValidationError(OVER)
        if reading.is_published(found):
            raise ValidationError(IS_PUBLISHED)
        _let_go(found, reason, by, by_herself=True)
    return True


def replace_rapporteur(stop: Stop, reason: str, by: User) -> bool:
    """The office looks for somebody else, whatever step it is. Returns False if there
    is nobody to replace. Raises PermissionDenied for who does not look after it, and
    ValidationError once the good practice is published."""
    with case_locked(stop) as found:
        if not may_work(by, found.case):
            raise PermissionDenied
        if not found.case.is_active or reading.paired(found) is None:
            return False
        if reading.is_published(found):
            raise ValidationError(IS_PUBLISHED)
        _let_go(found, reason, by)
    return True


def release(stop: Stop) -> bool:
    """Who was to tell of it does not act for her body any more, or is of the host's by
    now: another is looked for. Returns False if she can after all."""
    with case_locked(stop) as found:
        reason = reading.why_released(found)
        is_over = not found.case.is_active or reading.is_published(found)
        if not reason or is_over:
            return False
        _let_go(found, reason)
    return True


def _let_go(
    stop: Stop, reason: str, by: User | None = None, *, by_herself: bool = False
) -> None:
    def apply(case: Case) -> None:
        deciding.let_go(case, reason, by, by_herself=by_herself)

    task = _open(stop)
    node = task.flow_task if task else None
    if node in (StopFlow.asked, StopFlow.chronicle):
        _give(stop, node, apply)
    elif node in (StopFlow.dates, StopFlow.visit):
        _without_office(task, apply)
    else:
        # Nothing of hers is waited for: the stop stays where it is.
        apply(stop.case)


# When it is ---------------------------------------------------------------------------


def mark_dates(stop: Stop, side: Side, moments: Iterable[datetime], by: User) -> None:
    """`side` can have the visit on those `moments`, and on no others."""
    with _locked(stop, by) as (found, party):
        if party is None or party.side != side or not party.writes or party.is_asked:
            raise PermissionDenied
        if not can_mark(found):
            raise ValidationError(OVER)
        visiting.mark(found, side, list(moments), by)
        cases.touch(found.case)


def can_mark(stop: Stop) -> bool:
    """Whether its date can still be found: it goes on, and was not held."""
    started = stop.decision not in ("", Decision.AMEND, Decision.DECLINE)
    return stop.case.is_active and started and stop.held is None


def hold(stop: Stop) -> bool:
    """It counts as held, since nobody has said otherwise. Returns False if it is at
    another step by now, or still ahead."""
    with case_locked(stop) as found:
        task = _open(found)
        if task is None or task.flow_task != StopFlow.visit:
            return False
        appointment = found.appointment
        if appointment is None or not visiting.is_long_over(appointment):
            return False
        _without_office(task, deciding.hold)
    return True


# What is told of it -------------------------------------------------------------------


def send_chronicle(stop: Stop, by: User) -> bool:
    """The rapporteur sends what she has written to the host. Returns False if it was
    sent already. Raises ValidationError where something is missing, by section."""
    with _locked(stop, by) as (found, party):
        if party is None or not party.writes_chronicle:
            raise PermissionDenied
        task = answers.open_step(found.case)
        if task and task.flow_task == StopFlow.validate:
            return False
        if missing := chronicle.missing(found):
            raise ValidationError(missing)

        def apply(case: Case) -> None:
            chronicle.hand_over(case.stop)
            cases.touch(case, state=Case.State.WAITING)
            log(case, SENT, user=by)
            letters.tell(mails.TO_VALIDATE, case)

        _give(found, StopFlow.chronicle, apply)
    return True


def validate(stop: Stop, ok: bool, text: str, by: User) -> bool:
    """The host says that the chronicle is right, or what has to change. Returns False
    if it has said that it is right already."""
    with _locked(stop, by) as (found, party):
        if party is None or not party.is_host or not party.writes:
            raise PermissionDenied
        if ok and found.decision == Decision.VALID:
            return False
        if not ok and not text:
            raise ValidationError({"text": _("Write what has to change.")})

        def apply(case: Case) -> None:
            said = Decision.VALID if ok else Decision.CHANGES
            deciding.note(case, decision=said)
            cases.go_on(case)
            log(case, READ, user=by, data={"reason": str(said.label)})
            if not ok:
                chronicle.send_back(case.stop, text)
                to = reading.rapporteurs(case.stop)
                letters.tell(mails.TO_CHANGE, case, to)

        _give(found, StopFlow.validate, apply)
    return True


def practice_published(stop: Stop) -> bool:
    """The page of what came of it is there for everybody: both sides are told, and say
    how it went. Returns False if they were, or it is not at that step."""
    if stop.case is None:
        return False
    with case_locked(stop) as found:
        task = _open(found)
        if task is None or task.flow_task != StopFlow.publish:
            return False
        _without_office(task, deciding.tell_published)
    return True


def evaluated(stop: Stop) -> bool:
    """One side has said how it went: once all have, the case is settled. Call it with
    the case locked. Returns whether it is by this."""
    task = _open(stop)
    if task is None or task.flow_task != StopFlow.evaluate or reading.unheard(stop):
        return False
    return answers.give(task, deciding.close)


# At any time --------------------------------------------------------------------------


def withdraw(stop: Stop, reason: str, by: User) -> bool:
    """The host wants no more of it. Returns False if it was settled already. Raises
    ValidationError once the good practice is published."""
    with desk.ended(stop.case) as found, memberships.locked(stop.body):
        _check_writes(stop.body, by)
        if found is None:
            return False
        if reading.is_published(found.stop):
            raise ValidationError(IS_PUBLISHED)
        if reason:
            cases.write(found, Entry.Way.IN, reason, by)
        cases.cancel(found, outcome=BY_APPLICANT)
        log(found, WITHDRAWAL, user=by)
        letters.tell(letters.WITHDRAWN, found)
    return True


# Under the lock -----------------------------------------------------------------------


def _check_writes(body: LocalBody, by: User) -> None:
    if not parties.may_write(memberships.for_body(by, body)):
        raise PermissionDenied


@contextmanager
def case_locked(stop: Stop) -> Iterator[Stop]:
    """`stop` as it is now, its case locked."""
    with StopFlow.lock(stop.case.process_id), transaction.atomic():
        rows = Stop.objects.select_related(
            "body", "case__process", "appointment", "rapporteur__user"
        )
        yield rows.get(pk=stop.pk)


@contextmanager
def _locked(stop: Stop, by: User) -> Iterator[tuple[Stop, Party | None]]:
    """`stop` as it is now, its case locked, and who `by` is there. Who loses the role
    at the same moment has done it before, or does not do it."""
    with case_locked(stop) as found:
        party = parties.party_of(found, by)
        if party is None:
            yield found, None
            return
        with memberships.locked(party.mine.body):
            yield found, parties.party_of(found, by)


@contextmanager
def _at(stop: Stop, node: Any, by: User) -> Iterator[tuple[Stop, Party]]:
    """As `_locked`, for who answers for the host, at the step `node`."""
    with _locked(stop, by) as (found, party):
        if party is None or not party.is_host or not party.writes:
            raise PermissionDenied
        task = _open(found)
        if task is None or task.flow_task != node:
            raise ValidationError(OVER)
        yield found, party


def _open(stop: Stop) -> Task | None:
    """The step of a person at which it is."""
    tasks = stop.case.process.task_set.filter(status__in=OPEN)
    return tasks.order_by("-pk").first()


def _give(stop: Stop, node: Any, apply: Callable[[Case], None]) -> None:
    """Do the step `node` of one of the sides. Raises ValidationError if it is at
    another."""
    task = _open(stop)
    if task is None or task.flow_task != node or not answers.give(task, apply):
        raise ValidationError(OVER)


def _without_office(task: Task, apply: Callable[[Case], None]) -> None:
    """Do a step of the office in its place: nobody of it has."""
    with task.activation() as activation:
        if not isinstance(task.flow_task, StaffTask) or task.status not in OPEN:
            raise ValidationError(OVER)
        if task.owner_id:
            activation.unassign()
        activation.assign(None)
        activation.start(None)
        apply(activation.process.case)
        activation.execute()
