"""Everything that happened in a case, in one line of time: what was written, the steps,
the mails and what the staff did besides."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import DateField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.models import ModelLogEntry

from community.messages.kinds import kind_of as kind_of_mail
from community.models import Message, User
from workflows.engine import desk, disclosure, letters
from workflows.engine.models import Case, Entry, File
from workflows.engine.nodes import StaffTask, WorkerTask

from . import labels


class Mail(NamedTuple):
    """What became of a mail."""

    pk: int
    words: str
    tone: str
    needs_somebody: bool


@dataclass(frozen=True)
class Event:
    """Something that happened: `look` is *in*, *out*, *note*, *mail* or *step*; `who`
    is empty for what no person did, and of a mail to whom it goes."""

    when: datetime
    look: str
    what: str
    who: str = ""
    text: str = ""
    mail: Mail | None = None
    files: Sequence[File] = ()


def of(case: Case, tasks: list[Task], entries: list[ModelLogEntry]) -> list[Event]:
    """What happened, the oldest first. `tasks` are the steps of `case`, `entries` its
    history."""
    logged = _logged(entries, {task.pk: task for task in tasks})
    events = [*written(case), *_done(tasks), *_mails(case), *logged]
    return sorted(events, key=lambda event: event.when)


def written(case: Case) -> Iterator[Event]:
    """What the applicant and the staff wrote."""
    words = {
        Entry.Way.IN: _("The applicant wrote"),
        Entry.Way.OUT: _("To the applicant"),
        Entry.Way.NOTE: _("Internal note: the applicant does not see it"),
    }
    files = defaultdict(list)
    for file in case.files.all():
        files[file.entry_id].append(file)
    for entry in case.entries.select_related("by"):
        yield Event(
            when=entry.created,
            look=entry.way,
            what=words[entry.way],
            who=str(entry.by) if entry.by else case.name,
            text=entry.text,
            files=files[entry.pk],
        )


def _done(tasks: list[Task]) -> Iterator[Event]:
    for task in tasks:
        is_ours = task.flow_task_type in (StaffTask.task_type, WorkerTask.task_type)
        # What was taken back was done before.
        if is_ours and task.status in (STATUS.DONE, STATUS.REVIVED):
            who = str(task.owner) if task.owner else ""
            yield Event(task.finished, "step", str(task.flow_task.done), who)


def _mails(case: Case) -> Iterator[Event]:
    for row in letters.mails_of(case).defer("mime"):
        what, when = str(kind_of_mail(row).label), row.settled or row.created
        to = _("to %(address)s") % {"address": row.recipient} if row.recipient else ""
        yield Event(when, "mail", what, to, mail=_told(row))


def _told(row: Message) -> Mail:
    needs = row.state in (Message.State.FAILED, Message.State.HELD)
    words, tone = str(labels.MAIL[row.state]), labels.MAIL_TONES.get(row.state, "")
    return Mail(row.pk, words, tone, needs)


def _logged(history: list[ModelLogEntry], tasks: dict[int, Task]) -> Iterator[Event]:
    entries = [one for one in history if one.action not in disclosure.ACTIONS]
    known = {task.owner_id: task.owner for task in tasks.values()}
    given = {entry.data["to"] for entry in entries if "to" in entry.data}
    if unknown := given - set(known):
        known |= User.objects.in_bulk(unknown)
    for entry in entries:
        who = str(entry.user) if entry.user else ""
        data = entry.data
        told = known.get(data.get("to")) or data.get("unit") or data.get("reason")
        if entry.action == desk.UNDONE and data.get("task") in tasks:
            told = tasks[data["task"]].flow_task.done
        elif "changes" in data:
            told = _changed(data["changes"])
        told = told or letters.label_of(entry)
        yield Event(entry.timestamp, "step", str(entry.message), who, str(told or ""))


def _changed(changes: dict[str, list[str]]) -> str:
    """*Local body: Rubí → Vila-real*, a line for each."""
    lines = []
    for name, pair in changes.items():
        field = Case._meta.get_field(name)
        if isinstance(field, DateField):
            pair = [day and labels.short_day(date.fromisoformat(day)) for day in pair]
        before, now = (words or "–" for words in pair)
        label = capfirst(str(field.verbose_name))
        lines.append(f"{label}: {before} → {now}")
    return "\n".join(lines)
