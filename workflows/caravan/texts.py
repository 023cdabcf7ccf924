"""The words of the demonstration's caravan, all ours. But for the stop at the Institut
Municipal d'Hisenda de Barcelona, told by somebody of Rubí, no stop was ever made; what
is told of each is invented, as are all the people."""

from collections.abc import Mapping
from typing import Any, NamedTuple

# The menu has room for a short one.
TITLE, SLUG = "Caravana", "caravana"
WHOLE_TITLE = "Caravana d’Innovació Digital"
HERO = "El que us ha sortit bé, que rodi"
LEAD = (
    "La Caravana d’Innovació Digital va d’ajuntament en ajuntament. Un ens obre la"
    " porta"
    " i ensenya una bona pràctica; algú d’una altra administració hi va, pregunta i ho"
    " explica a tothom."
)
HOST = (
    "Obriu la porta",
    "Sou l’amfitrió. Teniu una pràctica que funciona i l’ensenyeu tal com és: què"
    " resol,"
    " què va costar i què faríeu diferent. No cal que sigui gran.",
)
RAPPORTEUR = (
    "Aneu-hi a preguntar",
    "Sou el relator o la relatora. Visiteu un ens que no és el vostre, parleu amb qui"
    " ho"
    " ha fet i n’escriviu la crònica amb un guió preparat.",
)
FIELDS = {
    "groups": (
        "Per a cada col·lectiu",
        "Serveis propers a la gent gran, les empreses, el jovent…",
    ),
    "open-data": (
        "Dades obertes",
        "Dades públiques a l’abast de qui les vulgui fer servir",
    ),
    "transparency": (
        "Transparència pràctica",
        "La que s’entén i serveix per decidir",
    ),
    "services": (
        "Serveis que es fan sols",
        "Hiperautomatitzats i fàcils per a la ciutadania",
    ),
    "big-data": (
        "Dades i sensors",
        "Millors serveis i previsions a partir del que es mesura",
    ),
}
STEPS = (
    (
        "Ens ho expliqueu",
        "Un formulari que es desa sol. Us diem alguna cosa en deu dies hàbils.",
    ),
    (
        "Trobem qui us visita",
        "Sempre d’una altra administració, i que li interessi el tema.",
    ),
    (
        "Acordem el dia",
        "Cadascú marca quan pot; la invitació us arriba al calendari.",
    ),
    ("Rebeu el kit", "Amb el vostre nom, la data i el guió ja posats."),
    ("Ens hi trobem", "Visita, entrevista i fotografies amb permís."),
    (
        "Es publica",
        "Valideu la crònica i queda com a bona pràctica, perquè altres l’adaptin.",
    ),
)
VIDEO = {
    "document": "com-va-una-parada.webm",
    "captions": "com-va-una-parada.vtt",
    "captions_language": "ca",
    "poster": "caravana",
    "title": "Com va una parada, en un quart de minut",
    "duration": "0:14",
    "transcript": (
        "<p>Animació muda de catorze segons. Una caravana passa per sis parades d’un"
        " camí. A cada una s’hi llegeix un dels passos que hi ha escrits en aquesta"
        " pàgina, del primer, ens ho expliqueu, a l’últim, es publica.</p>"
    ),
}
CALL = (
    "Teniu una cosa que funciona?",
    "Amb mitja pàgina n’hi ha prou per començar. Si dubteu que sigui prou bona,"
    " segurament ho és.",
)


class StopText(NamedTuple):
    """A stop: `host` and `rapporteur` are codes of bodies; `days` how many lie between
    today and its visit. One that has a chronicle in `told` was visited; if it is
    `published` too, everybody reads what came of it."""

    title: str
    field: str
    host: str
    rapporteur: str
    days: int
    summary: str
    value: str
    told: Mapping[str, str] = {}
    published: bool = False
    sdgs: tuple[int, ...] = ()
    adapted: tuple[tuple[str, str], ...] = ()


STOPS = (
    StopText(
        title="La cua del taulell, al mòbil",
        field="services",
        host="imhb",
        rapporteur="08184",
        days=-120,
        summary="Qui ha de parlar amb la hisenda municipal tria dia i hora, i espera a"
        " casa.",
        value="Ningú no perd el matí per un tràmit de cinc minuts.",
        told={
            "summary": "La cita es demana al web o per telèfon, i el dia abans arriba"
            " un"
            " avís. Aquest text és un exemple de la demostració.",
            "problem": "La gent arribava a primera hora per assegurar-se torn, i a mig"
            " matí les oficines eren buides.",
            "solution": "Una agenda única per a totes les oficines, amb hores"
            " reservades"
            " per a qui no fa servir el web.",
            "before": "47 minuts d’espera de mitjana (xifra d’exemple)",
            "after": "8 minuts d’espera de mitjana (xifra d’exemple)",
            "cost": "middle",
            "effort": "months",
            "technology": "Una agenda de mercat, connectada amb el registre.",
            "team": "Atenció a la ciutadania, informàtica i comunicació.",
            "difficulties": "Al principi es reservaven hores que ningú no feia servir:"
            " l’avís del dia abans ho va resoldre.",
            "advice": "Comenceu per una sola oficina i guardeu sempre torns sense"
            " cita.",
        },
        published=True,
        sdgs=(10, 16),
        adapted=(("08121", "under-way"), ("08022", "interested")),
    ),
    StopText(
        title="Tràmits que s’omplen sols",
        field="services",
        host="08121",
        rapporteur="08022",
        days=-60,
        summary="El formulari ja sap el que l’ajuntament sap: només cal confirmar-ho.",
        value="Menys errors i menys viatges a buscar papers.",
        told={
            "summary": "Els formularis surten plens amb les dades que l’ajuntament ja"
            " té, i la persona només les confirma.",
            "problem": "Es demanava el volant d’empadronament a qui ja era al padró.",
            "solution": "El tràmit consulta el padró i altres administracions abans de"
            " mostrar-se, amb el permís de la persona.",
            "before": "6 documents adjunts per sol·licitud (xifra d’exemple)",
            "after": "1 document adjunt per sol·licitud (xifra d’exemple)",
            "cost": "low",
            "effort": "months",
            "technology": "La via oberta de dades entre administracions.",
            "advice": "Trieu el tràmit que més es fa, no el més fàcil.",
        },
        published=True,
        sdgs=(9, 16),
    ),
    StopText(
        title="El pressupost explicat en una pàgina",
        field="transparency",
        host="08298",
        rapporteur="08096",
        days=-30,
        summary="Què paga cada barri i en què es gasta, en paraules de cada dia.",
        value="La gent pregunta pel que veu, i el ple en parla.",
        told={
            "summary": "Cada any el pressupost es publica també en una pàgina que es"
            " pot"
            " llegir en cinc minuts, amb les dades obertes al costat.",
            "problem": "El pressupost era públic i ningú no l’entenia.",
            "solution": "Una plantilla amb deu xifres, que s’omple des de la"
            " comptabilitat, i una reunió per barri.",
            "before": "90 lectures l’any (xifra d’exemple)",
            "after": "2.300 lectures l’any (xifra d’exemple)",
            "cost": "none",
            "effort": "weeks",
            "advice": "Doneu-ho a llegir a algú de fora abans de publicar-ho.",
        },
        published=True,
        sdgs=(11, 16),
    ),
    StopText(
        title="El canal electrònic, a la plaça del mercat",
        field="groups",
        host="08022",
        rapporteur="08298",
        days=-12,
        summary="Un dia de mercat al mes s’ajuda a fer tràmits al costat de les"
        " parades.",
        value="La gent gran no ha d’anar enlloc ni demanar favors.",
    ),
    StopText(
        title="Sensors per regar només quan cal",
        field="big-data",
        host="08270",
        rapporteur="08113",
        days=21,
        summary="Els parcs es reguen segons la humitat de la terra, i no segons"
        " l’hora.",
        value="Menys aigua i parcs més verds.",
    ),
    StopText(
        title="Un sol formulari per a totes les ajudes",
        field="groups",
        host="08305",
        rapporteur="08184",
        days=55,
        summary="Qui demana una ajuda les demana totes, i l’ajuntament mira quines li"
        " toquen.",
        value="Ningú no es queda sense ajuda per no conèixer-ne el nom.",
    ),
)

WRITTEN: dict[str, Any] = {
    "difficulties": "Trobar temps per començar.",
    "status": "running",
    "evidence": "Les xifres són d’exemple.",
    "links": "",
    "form": "in-person",
    "place": "Casa de la vila",
    "accessibility": "S’hi entra a peu pla.",
    "dates": "Qualsevol matí, menys els dilluns",
    "contact_name": "Persona inventada",
    "contact_email": "caravana@ens.example",
    "contact_phone": "",
    "may_publish": "on",
    "may_show": "on",
}
