"""Demonstration data: the series Dijous GOmunicipal, the sessions it has held and the
ones to come, and a workshop. The dates and subjects of the past ones are facts; the
rest is drawn.

What is there already stays as it is.
"""

import calendar
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from i18nfield.strings import LazyI18nString

from community.models import LocalBody, Topic, Unit
from community.seed import UNIT

from . import registrations, sessions
from .models import Mode, Provider, Series, Session
from .registrations import Applicant

Texts = dict[str, str]

SERIES = "dijous-gomunicipal"
SERIES_SUMMARY = {
    "ca": (
        "Una hora, un tema i totes les preguntes. Cada mes resolem plegats els dubtes"
        " de transparència i govern obert dels ens locals."
    ),
    "es": (
        "Una hora, un tema y todas las preguntas. Cada mes resolvemos juntos las dudas"
        " de transparencia y gobierno abierto de los entes locales."
    ),
    "en": (
        "One hour, one subject and every question. Each month we work out together what"
        " local bodies ask about transparency and open government."
    ),
}

WORKSHOPS = "tallers"
WORKSHOPS_TITLE = {"ca": "Tallers", "es": "Talleres", "en": "Workshops"}
WORKSHOPS_SUMMARY = {
    "ca": (
        "Grups molt petits, amb paper i llapis. La plaça que s’allibera s’ofereix a qui"
        " espera, que té unes hores per acceptar-la."
    ),
    "es": (
        "Grupos muy pequeños, con lápiz y papel. La plaza que se libera se ofrece a"
        " quien espera, que tiene unas horas para aceptarla."
    ),
    "en": (
        "Very small groups, with pencil and paper. A place that is freed is offered to"
        " who waits, who has some hours to accept it."
    ),
}

STARTS, ENDS = time(10), time(11)
# The series rests in December and in March.
RESTS = (12, 3)
NOTICE = timedelta(days=7)
# Registration shuts the day before at 14 h; the big ones open three weeks before.
SHUTS = time(14)
OPENS, OPENS_AT = timedelta(weeks=3), time(9)


class Subject(NamedTuple):
    """What a session is about. Its code is `key` and the date."""

    key: str
    topic: str
    title: Texts
    summary: Texts


PAST: tuple[tuple[date, Subject], ...] = (
    (
        date(2023, 9, 21),
        Subject(
            "nous-electes",
            "transparencia-activa",
            {
                "ca": (
                    "Nous electes a l’ajuntament: el mòdul d’organització política del"
                    " portal"
                ),
                "es": (
                    "Nuevos electos en el ayuntamiento: el módulo de organización"
                    " política del portal"
                ),
                "en": (
                    "Newly elected councillors: the political organisation module of"
                    " the portal"
                ),
            },
            {
                "ca": (
                    "Després d’unes eleccions canvien els càrrecs, i el portal ho ha de"
                    " dir. Repassem com es posa al dia el mòdul d’organització política"
                    " del portal de transparència de l’AOC."
                ),
                "es": (
                    "Después de unas elecciones cambian los cargos, y el portal tiene"
                    " que decirlo. Repasamos cómo se pone al día el módulo de"
                    " organización política del portal de transparencia de la AOC."
                ),
                "en": (
                    "After an election the people in office change, and the portal must"
                    " say so. We go through bringing the political organisation module"
                    " of the AOC’s transparency portal up to date."
                ),
            },
        ),
    ),
    (
        date(2023, 10, 26),
        Subject(
            "eina-de-seguiment",
            "transparencia-activa",
            {
                "ca": "Treu-li suc a l’eina de seguiment",
                "es": "Saque partido a la herramienta de seguimiento",
                "en": "Getting the most out of the tracking tool",
            },
            {
                "ca": (
                    "Una eina de seguiment només serveix si us l’heu feta vostra. Mirem"
                    " com us ensenya, d’un cop d’ull, què hi ha publicat, què ha"
                    " caducat i què us queda per fer."
                ),
                "es": (
                    "Una herramienta de seguimiento solo sirve si se hace propia."
                    " Miramos cómo enseña, de un vistazo, qué hay publicado, qué ha"
                    " caducado y qué queda por hacer."
                ),
                "en": (
                    "A tracking tool is only of use once it is yours. We look at how it"
                    " shows at a glance what is published, what has expired and what is"
                    " left to do."
                ),
            },
        ),
    ),
    (
        date(2023, 11, 23),
        Subject(
            "sistema-d-avisos",
            "gestio-transparencia",
            {
                "ca": (
                    "Un sistema d’avisos per organitzar la gestió de la transparència"
                ),
                "es": (
                    "Un sistema de avisos para organizar la gestión de la transparencia"
                ),
                "en": "A system of reminders to organise the work of transparency",
            },
            {
                "ca": (
                    "Publicar a temps no pot dependre de la memòria de ningú. Muntem"
                    " uns avisos que diuen què toca fer, a qui i quan."
                ),
                "es": (
                    "Publicar a tiempo no puede depender de la memoria de nadie."
                    " Montamos unos avisos que dicen qué toca hacer, a quién y cuándo."
                ),
                "en": (
                    "Publishing in time cannot hang on anybody’s memory. We set up"
                    " reminders that say what is due, from whom and when."
                ),
            },
        ),
    ),
    (
        date(2024, 1, 25),
        Subject(
            "qui-fa-que",
            "gestio-transparencia",
            {
                "ca": (
                    "Gestionem la transparència: quin paper té cadascú i com ens"
                    " organitzem"
                ),
                "es": (
                    "Gestionamos la transparencia: qué papel tiene cada cual y cómo nos"
                    " organizamos"
                ),
                "en": "Managing transparency: who does what, and how we get organised",
            },
            {
                "ca": (
                    "La transparència no és feina d’una sola persona. Repartim els"
                    " papers entre qui té la informació, qui la revisa i qui la"
                    " publica, perquè cadascú sàpiga què li toca."
                ),
                "es": (
                    "La transparencia no es tarea de una sola persona. Repartimos los"
                    " papeles entre quien tiene la información, quien la revisa y quien"
                    " la publica, para que cada cual sepa qué le toca."
                ),
                "en": (
                    "Transparency is not one person’s job. We share out the parts among"
                    " those who have the information, check it and publish it, so that"
                    " everybody knows their own."
                ),
            },
        ),
    ),
    (
        date(2024, 2, 29),
        Subject(
            "sollicituds-d-acces",
            "acces-informacio",
            {
                "ca": (
                    "Les sol·licituds d’accés a la informació pública: què són i com es"
                    " tracten"
                ),
                "es": (
                    "Las solicitudes de acceso a la información pública: qué son y cómo"
                    " se tratan"
                ),
                "en": (
                    "Requests for access to public information: what they are and how"
                    " to deal with them"
                ),
            },
            {
                "ca": (
                    "Què és una sol·licitud d’accés, en què es diferencia de qualsevol"
                    " altra petició i quin camí fa, dins de l’ajuntament, fins que es"
                    " respon."
                ),
                "es": (
                    "Qué es una solicitud de acceso, en qué se diferencia de cualquier"
                    " otra petición y qué camino hace, dentro del ayuntamiento, hasta"
                    " que se responde."
                ),
                "en": (
                    "What a request for access is, how it differs from any other"
                    " petition and which way it goes through the town hall until it is"
                    " answered."
                ),
            },
        ),
    ),
    (
        date(2024, 4, 25),
        Subject(
            "portal-de-transparencia",
            "transparencia-activa",
            {
                "ca": "El portal de transparència: on som i cap a on anem?",
                "es": "El portal de transparencia: ¿dónde estamos y adónde vamos?",
                "en": "The transparency portal: where are we and where are we going?",
            },
            {
                "ca": (
                    "Amb el Consorci AOC, fem balanç del portal de transparència i"
                    " mirem quins passos toquen ara."
                ),
                "es": (
                    "Con el Consorci AOC, hacemos balance del portal de transparencia y"
                    " miramos qué pasos tocan ahora."
                ),
                "en": (
                    "With the Consorci AOC, we take stock of the transparency portal"
                    " and look at the steps to come."
                ),
            },
        ),
    ),
    (
        date(2024, 10, 31),
        Subject(
            "intercanvi-d-experiencies",
            "gestio-transparencia",
            {
                "ca": "Intercanvi d’experiències entre ens locals",
                "es": "Intercambio de experiencias entre entes locales",
                "en": "Local bodies compare notes",
            },
            {
                "ca": (
                    "Aquest cop parlen els ens: què els ha anat bé, què no i què"
                    " tornarien a fer. Una hora per escoltar-se i copiar-se."
                ),
                "es": (
                    "Esta vez hablan los entes: qué les ha ido bien, qué no y qué"
                    " volverían a hacer. Una hora para escucharse y copiarse."
                ),
                "en": (
                    "This time the local bodies speak: what went well, what did not and"
                    " what they would do again. An hour to listen and to copy."
                ),
            },
        ),
    ),
)

OPEN_DATA = Subject(
    "dades-obertes",
    "dades-obertes",
    {
        "ca": "Dades obertes sense por: què publiquem primer i com ho mantenim",
        "es": "Datos abiertos sin miedo: qué publicamos primero y cómo lo mantenemos",
        "en": "Open data without fear: what to publish first and how to keep it up",
    },
    {
        "ca": (
            "Obrir dades no és penjar-ho tot de cop. Triem tres conjunts que qualsevol"
            " ajuntament ja té, mirem què cal treure’n abans i deixem muntada una"
            " actualització que no depengui d’una sola persona."
        ),
        "es": (
            "Abrir datos no es colgarlo todo de golpe. Elegimos tres conjuntos que"
            " cualquier ayuntamiento ya tiene, miramos qué hay que quitar antes y"
            " dejamos montada una actualización que no dependa de una sola persona."
        ),
        "en": (
            "Opening data is not putting everything out at once. We choose three sets"
            " that any town hall already has, look at what to take out first and set up"
            " an update that does not hang on one person."
        ),
    },
)
REQUESTS = Subject(
    "taller-d-acces",
    "acces-informacio",
    {
        "ca": "Taller: resolem una sol·licitud d’accés, pas a pas",
        "es": "Taller: resolvemos una solicitud de acceso, paso a paso",
        "en": "Workshop: answering a request for access, step by step",
    },
    {
        "ca": (
            "Un taller per a molt poca gent, amb paper i llapis: una sol·licitud"
            " inventada, un termini que corre i una resposta que s’ha d’entendre."
        ),
        "es": (
            "Un taller para muy poca gente, con lápiz y papel: una solicitud inventada,"
            " un plazo que corre y una respuesta que se tiene que entender."
        ),
        "en": (
            "A workshop for very few, with pencil and paper: an invented request, a"
            " term that is running and an answer that has to be understood."
        ),
    },
)
INTEGRITY = Subject(
    "integritat",
    "bon-govern",
    {
        "ca": "Integritat en un ajuntament petit: per on es comença",
        "es": "Integridad en un ayuntamiento pequeño: por dónde se empieza",
        "en": "Integrity in a small town hall: where to begin",
    },
    {
        "ca": (
            "Un codi, un canal i algú que respongui: el mínim perquè la integritat no"
            " sigui un document desat en un calaix. En grup reduït, perquè tothom hi"
            " pugui dir la seva."
        ),
        "es": (
            "Un código, un canal y alguien que responda: lo mínimo para que la"
            " integridad no sea un documento guardado en un cajón. En grupo reducido,"
            " para que todo el mundo pueda opinar."
        ),
        "en": (
            "A code, a channel and somebody who answers: the least it takes for"
            " integrity not to be a paper in a drawer. In a small group, so that"
            " everybody can have a say."
        ),
    },
)
AUTOMATION = Subject(
    "publicacio-automatitzada",
    "transparencia-activa",
    {
        "ca": "Publicació automatitzada: què fem quan una font falla",
        "es": "Publicación automatizada: qué hacemos cuando una fuente falla",
        "en": "Automated publication: what to do when a source fails",
    },
    {
        "ca": (
            "Quan les dades arriben soles, també poden deixar d’arribar. Veiem com ens"
            " n’adonem abans que la ciutadania, qui cal avisar i què diem mentrestant."
        ),
        "es": (
            "Cuando los datos llegan solos, también pueden dejar de llegar. Vemos cómo"
            " darnos cuenta antes que la ciudadanía, a quién hay que avisar y qué decir"
            " mientras tanto."
        ),
        "en": (
            "Data that come by themselves can also stop coming. We look at how to"
            " notice before citizens do, whom to tell and what to say meanwhile."
        ),
    },
)
SUBJECTS = (
    *(subject for _day, subject in PAST),
    OPEN_DATA,
    REQUESTS,
    INTEGRITY,
    AUTOMATION,
)
PLACE = {
    "ca": "sala de demostració, Barcelona",
    "es": "sala de demostración, Barcelona",
    "en": "demonstration room, Barcelona",
}


def seed(say: Callable[[str], None]) -> None:
    """Plant what is missing; `say` gets a line for each thing done."""
    series, is_new = Series.objects.get_or_create(
        code=SERIES,
        defaults={
            "unit": Unit.objects.get(code=UNIT),
            "title": LazyI18nString(
                dict.fromkeys(SERIES_SUMMARY, "Dijous GOmunicipal")
            ),
            "summary": LazyI18nString(SERIES_SUMMARY),
        },
    )
    if is_new:
        for day, subject in PAST:
            _plant(series, subject, day, state=Session.State.CLOSED)
        say(f"{len(PAST)} sessions of {series} that were held")
    if not series.sessions.upcoming(timezone.now()).exists():
        first = _plant_coming(series)
        say(f"4 sessions to come, the next on {first.starts:%d/%m/%Y}")


def planted() -> Iterator[tuple[Session, str]]:
    """Each session that was planted here, with the key of its subject."""
    keys = {subject.key for subject in SUBJECTS}
    ours = Session.objects.filter(series__code__in=(SERIES, WORKSHOPS))
    for session in ours.select_related("series").order_by("starts"):
        key = session.code[: -len("-2023-09-21")]
        if key in keys:
            yield session, key


def thursdays(today: date) -> Iterator[date]:
    """When the series is held: the last Thursday of each month but December and
    March, from the first that is at least seven days after `today`."""
    month = today.replace(day=1)
    while True:
        length = calendar.monthrange(month.year, month.month)[1]
        last = month.replace(day=length)
        thursday = last - timedelta(days=(last.weekday() - calendar.THURSDAY) % 7)
        if thursday >= today + NOTICE and month.month not in RESTS:
            yield thursday
        month = last + timedelta(days=1)


def _plant_coming(series: Series) -> Session:
    """One session of each standing that people meet: open, full with a waiting list,
    few places left, and not open yet. Returns the first."""
    days = thursdays(timezone.localdate())
    first = _plant(series, OPEN_DATA, next(days), capacity_online=100)
    workshop = _plant(
        _workshops(series.unit),
        REQUESTS,
        next(days),
        format=Session.Format.IN_PERSON,
        place=LazyI18nString(PLACE),
        provider=Provider.NONE,
        join_url="",
        capacity_in_person=5,
    )
    small = _plant(series, INTEGRITY, next(days), capacity_online=6)
    day = next(days)
    hybrid = _plant(
        series,
        AUTOMATION,
        day,
        format=Session.Format.HYBRID,
        place=LazyI18nString(PLACE),
        capacity_online=100,
        capacity_in_person=20,
        opens=_at(day - OPENS, OPENS_AT),
    )
    for session in (first, workshop, small, hybrid):
        sessions.announce(session)
    _fill(workshop, Mode.IN_PERSON, PEOPLE[:7])
    _fill(small, Mode.ONLINE, PEOPLE[7:])
    return first


def _workshops(unit: Unit) -> Series:
    series, _new = Series.objects.get_or_create(
        code=WORKSHOPS,
        defaults={
            "unit": unit,
            "title": LazyI18nString(WORKSHOPS_TITLE),
            "summary": LazyI18nString(WORKSHOPS_SUMMARY),
            "promotion": Series.Promotion.OFFER,
        },
    )
    return series


def _plant(series: Series, subject: Subject, day: date, **values: Any) -> Session:
    session, _new = Session.objects.get_or_create(
        code=f"{subject.key}-{day}",
        defaults={
            "series": series,
            "topic": Topic.objects.get(code=subject.topic),
            "title": LazyI18nString(subject.title),
            "summary": LazyI18nString(subject.summary),
            "starts": _at(day, STARTS),
            "ends": _at(day, ENDS),
            "closes": _at(day - timedelta(days=1), SHUTS),
            "provider": Provider.HERE if settings.MEETINGS_HERE else Provider.LINK,
            "join_url": "https://reunions.placa.example/dijous-gomunicipal",
            **values,
        },
    )
    return session


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


class Person(NamedTuple):
    """Nobody: somebody who might register, with the code of a real body."""

    name: str
    body: str
    position: str
    language: str = "ca"
    question: str = ""


PEOPLE = (
    Person("Ada Exemple", "08004", "Secretaria"),
    Person("Biel Mostra", "08298", "Arxiu", question="Quan comença a comptar el mes?"),
    Person("Carla Prova", "08101", "Tècnica de transparència"),
    Person("Darío Muestra", "08211", "Atención ciudadana", language="es"),
    Person("Elna Assaig", "cc-osona", "Serveis jurídics"),
    Person("Ferran Esborrany", "08184", "Tècnic d’organització"),
    Person("Gala Croquis", "imhb", "Atenció ciutadana"),
    Person("Hug Plantilla", "08082", "Secretaria i intervenció"),
    Person("Ivy Sample", "diba", "Policy adviser", language="en"),
    Person("Jana Maqueta", "cc-moianes", "Tècnica de govern obert"),
)


def _fill(session: Session, mode: Mode, people: Iterable[Person]) -> None:
    for person in people:
        applicant = Applicant(
            name=person.name,
            email=f"{slugify(person.name)}@ens.example",
            language=person.language,
            mode=mode,
            body=LocalBody.objects.filter(code=person.body).first(),
            position=person.position,
            question=person.question,
        )
        registrations.place(session, applicant)
