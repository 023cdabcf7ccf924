"""Stops of the caravan, taken to any step by those who take them there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from community.models import LocalBody, Membership, Unit, User
from events.models import Appointment
from tests.factories import in_two_weeks
from tests.factories.acting import a_town, acting, representing
from tests.factories.cases import a_unit, a_worker, do
from workflows.caravan import stops
from workflows.caravan.kits import doing
from workflows.caravan.models import KitPart, Offer, Side, Stop
from workflows.caravan.settings import CaravanSettings
from workflows.caravan.sides import chronicle, drafts, evaluating
from workflows.caravan.sides.host_form import checked
from workflows.engine import jobs
from workflows.engine.models import Case

WRITTEN = {
    "title": "Cita prèvia sense cues",
    "field": "services",
    "summary": "La gent demana hora des del mòbil, i ningú no espera.",
    "social_value": "Qui cuida algú no perd el matí.",
    "difficulties": "Convèncer la casa.",
    "status": "running",
    "evidence": "De 40 a 5 minuts d’espera (2025).",
    "links": "",
    "form": "in-person",
    "place": "Casa de la vila",
    "accessibility": "Hi ha ascensor.",
    "dates": "Els dijous al matí",
    "contact_name": "Pau Roca",
    "contact_email": "pau@rubi.example",
    "contact_phone": "930 000 000",
    "may_publish": "on",
    "may_show": "on",
}
TOLD = {
    "summary": "Van treure les cues.",
    "problem": "La gent esperava dret.",
    "solution": "Ara es demana hora.",
    "advice": "Comenceu per una finestreta.",
}

# The steps of a stop, in order: `at` takes one there.
REVIEW, AMEND, MATCH, ASKED, DATES = "review", "amend", "match", "asked", "dates"
VISIT, CHRONICLE, VALIDATE, PUBLISH = "visit", "chronicle", "validate", "publish"
# With the page of the site.
EVALUATE = "evaluate"
WAY = (REVIEW, MATCH, ASKED, DATES, VISIT, CHRONICLE, VALIDATE, PUBLISH)


@dataclass
class House:
    """Those whom a stop brings together: the people of the host, a rapporteur of
    another body with her offer, and the coordinator of the unit."""

    unit: Unit
    coordinator: User
    host: LocalBody
    mayor: Membership
    technician: Membership
    teller: Membership
    offer: Offer
    others: list[Offer] = field(default_factory=list)


def a_house(**offer: Any) -> House:
    """Everybody who is needed for a stop, new; `offer` says what the rapporteur has
    offered."""
    host = a_town("Rubí")
    teller = acting(a_town("Sabadell"), name="Berta Soler")
    return House(
        unit=a_caravan(),
        coordinator=a_worker(
            CaravanSettings.load().unit, role="Coordinators", name="Carla Vidal"
        ),
        host=host,
        mayor=representing(host, name="Ona Puig"),
        technician=acting(host, name="Pau Roca"),
        teller=teller,
        offer=an_offer(teller, **offer),
    )


def a_caravan(unit: Unit | None = None) -> Unit:
    """The unit that looks after the caravan."""
    settings = CaravanSettings.load()
    if unit or settings.unit is None:
        settings.unit = unit or a_unit("Govern obert")
        settings.save()
    return settings.unit


def an_offer(mine: Membership | None = None, **values: Any) -> Offer:
    """What somebody offers who would tell of stops."""
    mine = mine or acting(a_town())
    defaults = {"fields": ["services"], "forms": ["in-person"], "distance": None}
    return Offer.objects.create(
        body=mine.body, user=mine.user, **{**defaults, **values}
    )


def a_draft_stop(mine: Membership | None = None, **written: Any) -> Stop:
    """What somebody has written who would show something, and nobody has sent."""
    mine = mine or acting(a_town())
    draft = drafts.begin(mine.body, mine.user)
    return drafts.save(draft, {**WRITTEN, **written}, version=0, by=mine.user)


def a_sent_stop(mine: Membership | None = None, **written: Any) -> Stop:
    """A stop that has just come in."""
    a_caravan()
    mine = mine or acting(a_town())
    draft = a_draft_stop(mine, **written)
    with override("ca"):
        stops.submit(draft, checked(draft), mine.user)
    return now(draft)


def now(stop: Stop) -> Stop:
    """`stop` as it is."""
    rows = Stop.objects.select_related("body", "case__process", "appointment")
    return rows.get(pk=stop.pk)


def at(step: str, house: House | None = None, **written: Any) -> Stop:
    """A stop of `house` that is at `step`, having gone all the way there."""
    house = house or a_house()
    stop = a_sent_stop(house.technician, **written)
    if step == AMEND:
        do(stop.case, house.coordinator, decision="amend", text="Falta dir-ho.")
        return now(stop)
    way = (*WAY, EVALUATE)
    for name in way[: way.index(step)]:
        stop = GO_ON[name](stop, house)
    return stop


def reviewed(stop: Stop, house: House) -> Stop:
    do(stop.case, house.coordinator, decision="accept")
    return now(stop)


def matched(stop: Stop, house: House, offer: Offer | None = None) -> Stop:
    """The coordinator asks the rapporteur, or who has made that `offer`."""
    do(stop.case, house.coordinator, offer=(offer or house.offer).pk)
    return now(stop)


def answered(stop: Stop, house: House, by: Membership | None = None) -> Stop:
    """Who was asked comes."""
    stops.answer_pairing(stop, True, "", (by or house.teller).user)
    return now(stop)


def marked(stop: Stop, house: House, *moments: datetime) -> Stop:
    """Both sides can on those moments."""
    for side, mine in ((Side.HOST, house.technician), (Side.RAPPORTEUR, house.teller)):
        stops.mark_dates(stop, side, moments, mine.user)
    return now(stop)


def dated(stop: Stop, house: House, starts: datetime | None = None) -> Stop:
    """The coordinator fixes the date: at ten in two weeks, if none is said."""
    do(stop.case, house.coordinator, **as_typed(starts or in_two_weeks()))
    return now(stop)


def as_typed(starts: datetime, **more: Any) -> dict[str, Any]:
    """What the form of a date says for a visit of an hour that begins then."""
    at, ends = timezone.localtime(starts), timezone.localtime(starts + HOUR)
    return {
        "date": at.strftime("%d/%m/%Y"),
        "start_time": at.strftime("%H:%M"),
        "end_time": ends.strftime("%H:%M"),
        "place": "Casa de la vila",
        "provider": "none",
        **more,
    }


HOUR = timedelta(hours=1)


def held(stop: Stop, house: House) -> Stop:
    """The day of the visit comes and goes, and the coordinator says so."""
    over(stop)
    do(stop.case, house.coordinator, decision="held")
    return now(stop)


def over(stop: Stop, ago: timedelta = HOUR) -> None:
    """The visit ended so long ago."""
    ends = timezone.now() - ago
    rows = Appointment.objects.filter(pk=stop.appointment_id)
    rows.update(starts=ends - HOUR, ends=ends)


def told(stop: Stop, house: House, **written: str) -> Stop:
    """The rapporteur writes the chronicle and sends it."""
    by = house.teller.user
    version = chronicle.of(stop).version
    chronicle.save(stop, {**TOLD, **written}, version=version, by=by)
    stops.send_chronicle(stop, by)
    return now(stop)


def validated(stop: Stop, house: House) -> Stop:
    """The host says that it is right, and the worker makes the draft of its page."""
    stops.validate(stop, True, "", house.technician.user)
    jobs.run_due(10)
    return now(stop)


def kit_done(stop: Stop, house: House) -> None:
    """All that the kit requires is done."""
    KitPart.objects.filter(pk__in=[part.pk for part in doing.missing(stop)]).update(
        done=timezone.now(), done_by=house.teller.user
    )


def published(stop: Stop, house: House) -> Stop:
    """The kit is done, and the coordinator publishes the page."""
    kit_done(stop, house)
    do(stop.case, house.coordinator)
    return now(stop)


def evaluated(stop: Stop, by: Membership, score: int = 9) -> Stop:
    """The side of `by` says how it went."""
    evaluating.evaluate(stop, by=by.user, score=score, text="Tot bé")
    return now(stop)


GO_ON = {
    REVIEW: reviewed,
    MATCH: matched,
    ASKED: answered,
    DATES: dated,
    VISIT: held,
    CHRONICLE: told,
    VALIDATE: validated,
    PUBLISH: published,
}


def case_of(stop: Stop) -> Case:
    """Its case as it is."""
    return Case.objects.select_related("process").get(pk=stop.case_id)
