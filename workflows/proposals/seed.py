"""Demonstration data: proposals that have come as far as they can come, supported for
several bodies, and the page that lists them. Who supports them cannot sign in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override
from viewflow.workflow.models import Task
from wagtail.models import Locale

from cms.demonstration.composing import page_at
from cms.demonstration.translating import translate
from cms.models import HomePage
from cms.seed import index_once
from community.models import LocalBody, Message, Topic, User
from community.seed import CASE_WORKER, EDITOR
from events.models import Series, Session
from events.seed import PEOPLE, SERIES
from workflows.engine import answers, desk, inbox
from workflows.engine.models import Case, Entry, LastNumber

from . import holding, supporting
from .kind import PREFIX
from .models import Proposal, ProposalsPage, Support
from .proposing import Wish, propose
from .texts import LEAD, PROPOSALS, SLUG, TITLE, ProposalText

# What the office decides of each, after publishing it.
WAYS = {
    "received": (),
    "asked": ("ask",),
    "open": (),
    "withdrawn": (),
    "shortlisted": ("shortlist",),
    "planned": ("shortlist", "plan"),
    "held": ("shortlist", "plan"),
    "treated": ("shortlist", "plan", "answer"),
    "answered": ("answer",),
    "declined": ("decline",),
    "merged": ("merge",),
}
UNPUBLISHED = ("received", "asked")
PAST = ("held", "treated")
TREATED = ("planned", *PAST)


def seed(say: Callable[[str], None]) -> None:
    """Plant them where there is none."""
    worker = User.objects.filter(email=CASE_WORKER).first()
    series = Series.objects.filter(code=SERIES).first()
    if worker and series and not Proposal.objects.exists():
        with override("ca"):
            people, there = _people(), _treated(series)
            for text in PROPOSALS:
                if text.way not in TREATED or text.of in there:
                    Life(text, series, worker, there.get(text.of)).live(people)
        say(f"{Proposal.objects.count()} proposals")
    home = HomePage.objects.filter(locale=Locale.get_default()).first()
    if home and not ProposalsPage.objects.child_of(home).exists():
        _plant(home)
        index_once()
        say("the page of proposals")


def _plant(home: HomePage) -> None:
    page = ProposalsPage(
        title=TITLE,
        slug=SLUG,
        lead=LEAD,
        owner=User.objects.filter(email=EDITOR).first(),
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    translate(page)


def _people() -> list[tuple[User, LocalBody | None]]:
    """Some who support what others propose, each for a body."""
    bodies = LocalBody.objects.in_bulk([p.body for p in PEOPLE], field_name="code")
    found = []
    for number, person in enumerate(PEOPLE, 1):
        user, _new = User.objects.get_or_create(
            email=f"suport-{number}@placa.example",
            defaults={"name": f"Suport {number} (prova)", "is_active": False},
        )
        user.set_unusable_password()
        user.save(update_fields=["password"])
        found.append((user, bodies.get(person.body)))
    return found


def _treated(series: Series) -> dict[str, Session]:
    """The sessions that treat a proposal, by key; none if there is none to come."""
    sessions, now = Session.objects.filter(series=series), timezone.now()
    coming, held = sessions.upcoming(now), sessions.past(now)
    found = {}
    for text in PROPOSALS:
        if text.way in TREATED and coming:
            rows = held if text.way in PAST else coming
            found[text.of] = rows.filter(code__startswith=f"{text.of}-").first()
    return {key: session for key, session in found.items() if session}


def _number(case: Case, year: int) -> None:
    """As it was numbered in the year in which it came."""
    series = f"{PREFIX}-{year}"
    before = Case.objects.filter(number__startswith=series).exclude(pk=case.pk).count()
    case.number = f"{series}-{before + 1:04d}"
    case.save()
    LastNumber.objects.update_or_create(series=series, defaults={"number": before + 1})


class Life:
    """One proposal, from the day on which it came."""

    def __init__(
        self,
        text: ProposalText,
        series: Series,
        worker: User,
        session: Session | None,
    ) -> None:
        self.text, self.worker, self.session = text, worker, session
        self.days = self._days()
        number = len(PROPOSALS) - PROPOSALS.index(text)
        self.case = propose(
            Wish(
                series=series,
                title=text.title,
                wanted=text.wanted,
                why=text.why,
                urgency=text.urgency,
                shares=text.shares,
                topic=Topic.objects.filter(code=text.topic).first(),
                name="Persona inventada",
                email=f"proposa-{number}@ens.example",
                language=text.language,
            )
        )
        _number(self.case, self.days[0].year)

    def live(self, people: list[tuple[User, LocalBody | None]]) -> None:
        came, published, settled = self.days
        self._was(came)
        if self.text.way not in UNPUBLISHED:
            self._do("publish")
            self._was(published)
            self._support(people[: self.text.supporters])
        for decision in WAYS[self.text.way]:
            self._do(decision)
            if decision == "plan" and self.text.way in PAST:
                self._hold()
        if self.text.way == "answered" and self.text.of:
            # Of a host that may be this machine, which no form takes.
            link = page_at(self.text.of).full_url
            Proposal.objects.filter(case=self.case).update(link=link)
        if self.text.way == "withdrawn":
            answers.withdraw(self.case)
        self._was(settled)
        # It was all told long ago.
        told = Q(order_key=self.case.thread) | Q(kind__startswith="proposal_")
        Message.objects.filter(told).delete()

    def _days(self) -> tuple[datetime, datetime, datetime]:
        came, published, settled = (timedelta(days) for days in self.text.days)
        if self.session and self.text.way in PAST:
            starts, ends = self.session.starts, self.session.ends
            return starts - came, starts - published, ends + settled
        now = timezone.now()
        return now - came, now - published, now - settled

    def _do(self, decision: str) -> None:
        """Have the office decide so in the open step."""
        task = inbox.office_steps().get(process=self.case.process_id)
        asked = {"decision": decision, "text": self.text.answer, **self._said(decision)}
        form = task.flow_task.form_class(asked, case=self.case)
        if not form.is_valid():
            raise ValueError(f"{self.text.title}: {form.errors}")
        desk.complete(task, form.apply, self.worker)
        self.case.refresh_from_db()

    def _said(self, decision: str) -> dict[str, Any]:
        if decision == "merge":
            other = Proposal.objects.get(title=self.text.of)
            return {"into": other.case.number}
        if decision == "plan":
            series = self.case.proposal.series
            coming = Session.objects.filter(series=series).upcoming(timezone.now())
            is_past = self.text.way in PAST
            return {"session": (coming.first() if is_past else self.session).pk}
        return {}

    def _hold(self) -> None:
        """The session that treats it is over."""
        Proposal.objects.filter(case=self.case).update(session=self.session)
        holding.hold_due(1)
        self.case = Case.objects.get(pk=self.case.pk)

    def _support(self, people: list[tuple[User, LocalBody | None]]) -> None:
        proposal = self.case.proposal
        for user, body in people:
            Support.objects.create(proposal=proposal, user=user, body=body)
        supporting.recount(proposal)

    def _was(self, moment: datetime) -> None:
        """What has just been done was done then."""
        just = timezone.now() - timedelta(hours=1)
        mine = {"case": self.case}
        moved = (
            (Entry.objects.filter(**mine), "created"),
            (Proposal.objects.filter(**mine), "published"),
            (Support.objects.filter(proposal__case=self.case), "created"),
            (Task.objects.filter(process=self.case.process_id), "created"),
            (Task.objects.filter(process=self.case.process_id), "finished"),
            (Case.objects.filter(pk=self.case.pk), "created"),
            (Case.objects.filter(pk=self.case.pk), "last_action"),
            (Case.objects.filter(pk=self.case.pk), "finished"),
        )
        for rows, column in moved:
            rows.filter(**{f"{column}__gt": just}).update(**{column: moment})
        self.case.refresh_from_db()
