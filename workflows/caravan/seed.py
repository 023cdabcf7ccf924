"""Demonstration data: stops that were and that are to come, the good practices that
came of three of them, and the page of the caravan in every language. Whoever hosts and
tells is invented, and nobody reads mail at their addresses."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from viewflow.workflow.models import Task
from wagtail.models import Locale

from cms.demonstration.composing import compose
from cms.demonstration.translating import translate
from cms.models import HomePage
from cms.seed import index_once
from community.acting import memberships
from community.models import LocalBody, Membership, Message, Role, Unit, User
from community.seed import COORDINATOR, EDITOR, UNIT
from events.models import Appointment
from workflows.engine import desk, inbox, jobs
from workflows.engine.models import Case

from . import stops
from .kits import blanks, doing
from .kits import seed as kit_seed
from .models import (
    CaravanPage,
    CaravanSettings,
    GoodPractice,
    GoodPracticePage,
    KitPart,
    Offer,
    Stop,
)
from .practices import adapting, publishing
from .sides import chronicle, drafts, evaluating
from .sides.host_form import checked
from .texts import (
    CALL,
    FIELDS,
    HERO,
    HOST,
    LEAD,
    RAPPORTEUR,
    SLUG,
    STEPS,
    STOPS,
    TITLE,
    VIDEO,
    WHOLE_TITLE,
    WRITTEN,
    StopText,
)

# Of those who were made up for it: nobody signs in as one of them.
PEOPLE = "caravana-"
HOUR = timedelta(hours=1)
# Of a visit so many days ago both sides have said how it went.
AFTERWARDS = 45


def seed(say: Callable[[str], None]) -> None:
    """Plant what is not there."""
    kit_seed.plant()
    home = HomePage.objects.filter(locale=Locale.get_default()).first()
    if home and not CaravanPage.objects.child_of(home).exists():
        _plant(home)
        say("the page of the caravan")
    boss = User.objects.filter(email=COORDINATOR).first()
    unit = Unit.objects.filter(code=UNIT).first()
    if boss and unit and not Stop.objects.exists():
        _look_after(unit)
        with override("ca"):
            for text in STOPS:
                Life(text, boss).live()
        # It was all told long ago.
        Message.objects.filter(recipient__startswith=PEOPLE).delete()
        say(
            f"{Stop.objects.count()} stops and {GoodPractice.objects.count()} practices"
        )
    blanks.make_due(10)
    index_once()


def _look_after(unit: Unit) -> None:
    settings = CaravanSettings.load()
    if settings.unit is None:
        settings.unit = unit
        settings.save()


def _plant(home: HomePage) -> None:
    page = CaravanPage(
        title=TITLE,
        slug=SLUG,
        seo_title=WHOLE_TITLE,
        hero_title=HERO,
        lead=LEAD,
        host_title=HOST[0],
        host_text=HOST[1],
        rapporteur_title=RAPPORTEUR[0],
        rapporteur_text=RAPPORTEUR[1],
        call_title=CALL[0],
        call_text=CALL[1],
        show_in_menus=True,
        owner=User.objects.filter(email=EDITOR).first(),
    )
    page.field_words = [
        ("field", {"field": field, "title": title, "text": text})
        for field, (title, text) in FIELDS.items()
    ]
    steps = [{"title": title, "text": text} for title, text in STEPS]
    page.body = compose([("steps", steps), ("video", VIDEO)])
    home.add_child(instance=page)
    page.save_revision().publish()
    translate(page)


class Life:
    """One stop, from the day on which it was asked for."""

    def __init__(self, text: StopText, boss: User) -> None:
        self.text, self.boss = text, boss
        self.host = _acting(text.host)
        self.teller = _acting(text.rapporteur)

    def live(self) -> None:
        if self.host is None or self.teller is None:
            return
        draft = drafts.begin(self.host.body, self.host.user)
        written = {
            **WRITTEN,
            "title": self.text.title,
            "field": self.text.field,
            "summary": self.text.summary,
            "social_value": self.text.value,
        }
        self.stop = drafts.save(draft, written, version=0, by=self.host.user)
        self.case = stops.submit(self.stop, checked(self.stop), self.host.user)
        self._do(decision="accept")
        self._do(offer=self._offer().pk)
        self._again()
        stops.answer_pairing(self.stop, True, "", self.teller.user)
        self._fix()
        if self.text.days < 0:
            self._visit()
        if self.text.told:
            self._tell()
        if self.text.published:
            self._publish()

    def _offer(self) -> Offer:
        offer, _new = Offer.objects.get_or_create(
            body=self.teller.body,
            user=self.teller.user,
            defaults={"fields": [self.text.field], "forms": ["in-person", "hybrid"]},
        )
        return offer

    def _fix(self) -> None:
        """Its day can only be fixed ahead; then it was that day."""
        ahead = max(self.text.days, 7)
        starts = _at_ten(ahead)
        self._do(
            date=f"{starts:%d/%m/%Y}",
            start_time=f"{starts:%H:%M}",
            end_time=f"{starts + 2 * HOUR:%H:%M}",
            place=WRITTEN["place"],
            provider="none",
            anyway="on",
        )
        self._again()

    def _visit(self) -> None:
        starts = _at_ten(self.text.days)
        Appointment.objects.filter(pk=self.stop.appointment_id).update(
            starts=starts, ends=starts + 2 * HOUR
        )
        self._again()
        self._do(decision="held")
        self._again()

    def _tell(self) -> None:
        by = self.teller.user
        version = chronicle.of(self.stop).version
        chronicle.save(self.stop, dict(self.text.told), version=version, by=by)
        stops.send_chronicle(self.stop, by)
        self._again()
        stops.validate(self.stop, True, "", self.host.user)
        self._again()

    def _publish(self) -> None:
        """All that the kit requires was done; an editor publishes the page, with a
        translation of its title and lead."""
        lacking = [part.pk for part in doing.missing(self.stop)]
        KitPart.objects.filter(pk__in=lacking).update(done=timezone.now())
        jobs.run_due(20)
        practice = publishing.draft(self.stop)
        when = _at_ten(self.text.days + 14)
        GoodPractice.objects.filter(pk=practice.pk).update(sdgs=list(self.text.sdgs))
        page = GoodPracticePage.objects.get(pk=practice.page_id)
        page.get_latest_revision().publish()
        GoodPractice.objects.filter(pk=practice.pk).update(published=when)
        publishing.follow_due(1)
        if self.text.days < -AFTERWARDS:
            for mine in (self.host, self.teller):
                evaluating.evaluate(self.stop, by=mine.user, score=9, text="")
        page.refresh_from_db()
        translate(page)
        for code, state in self.text.adapted:
            if mine := _acting(code):
                adapting.say(practice, mine.body, by=mine.user, state=state)

    def _do(self, **answers: Any) -> None:
        """Have the office say so in the open step."""
        task: Task = inbox.office_steps().get(process=self.case.process_id)
        form = task.flow_task.form_class(answers, case=self.case)
        if not form.is_valid():
            raise ValueError(f"{self.text.title}: {form.errors}")
        desk.complete(task, form.apply, self.boss)
        self._again()

    def _again(self) -> None:
        """As it is now."""
        rows = Stop.objects.select_related("body", "case__process", "appointment")
        self.stop = rows.get(pk=self.stop.pk)
        self.case = Case.objects.get(pk=self.case.pk)


def _at_ten(days: int) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    # Nobody visits on a Saturday or a Sunday.
    day -= timedelta(days=max(0, day.weekday() - 4))
    return timezone.make_aware(datetime.combine(day, time(10)))


def _acting(code: str) -> Membership | None:
    """Somebody who acts for the body of that code; None if there is no such body."""
    body = LocalBody.objects.standing().filter(code=code).first()
    if body is None:
        return None
    address, how = f"{PEOPLE}{code}@placa.example", Membership.How.APPROVED
    name = f"Persona inventada de {body.name}"
    return memberships.give(
        address, body, Role.TECHNICIAN, how, name=name, language="ca"
    )
