"""Demonstration data: the site, its home page, the agenda, the page of the series and
one for each of its sessions, in every language. What is there already stays."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Locale, Page, Site

from cms.demonstration.translating import translate
from cms.models import AgendaPage, HomePage, SeriesPage, SessionPage
from events.models import Series
from events.seed import SERIES, planted

P = TypeVar("P", bound=Page)

# The blocks of a body: kind and value.
Body = list[tuple[str, Any]]

WELCOME = "Welcome to your new Wagtail site!"

HERO = "Governar en\u00a0obert s’aprèn plegats"
HOME_LEAD = (
    "La comunitat on els ens locals comparteixen dubtes, recursos i bones pràctiques de"
    " transparència, dades obertes i integritat."
)
HOME_BODY: Body = [
    ("heading", "Veniu-hi un dijous"),
    (
        "steps",
        [
            {
                "title": "Trieu la sessió",
                "text": (
                    "Mireu el tema, el dia i les places que queden. Hi pot venir"
                    " qualsevol persona que treballi en un ens local."
                ),
            },
            {
                "title": "Inscriviu-vos-hi",
                "text": (
                    "Només calen el nom, el correu de la feina i el vostre ens. Es fa"
                    " en menys d’un minut i no cal cap compte."
                ),
            },
            {
                "title": "Deseu-la al calendari",
                "text": (
                    "La invitació us arriba per correu. Si la sessió canvia de dia o"
                    " d’hora, el vostre calendari també."
                ),
            },
            {
                "title": "Pregunteu",
                "text": (
                    "Comencem pel que heu preguntat en inscriure-us i acabem amb un"
                    " torn obert. En una hora, enllestit."
                ),
            },
        ],
    ),
    (
        "figures",
        [
            {
                "figure": "311",
                "unit": "",
                "text": (
                    "municipis de la demarcació, grans i petits, poden participar-hi"
                ),
            },
            {
                "figure": "177",
                "unit": "",
                "text": (
                    "tenen 5.000 habitants o menys, i són els primers a qui volem"
                    " acompanyar"
                ),
            },
            {
                "figure": "90,44",
                "unit": "%",
                "text": (
                    "dels indicadors de transparència: on va arribar, en sis mesos, un"
                    " ens que partia del 37,68\u00a0%"
                ),
            },
            {
                "figure": "1",
                "unit": "hora",
                "text": "dura cada Dijous GOmunicipal, amb un torn obert de preguntes",
            },
        ],
    ),
]

SERIES_LEAD = (
    "Una hora, un tema i totes les preguntes. Cada mes resolem plegats els dubtes de"
    " transparència i govern obert dels ens locals."
)
SERIES_BODY: Body = [
    ("heading", "Com funciona"),
    (
        "steps",
        [
            {
                "title": "Us hi inscriviu",
                "text": (
                    "Amb el correu de la feina i el nom del vostre ens. La invitació us"
                    " arriba al calendari a l’instant."
                ),
            },
            {
                "title": "Ens envieu el dubte",
                "text": (
                    "Podeu escriure’l en inscriure-us: preparem la sessió a partir del"
                    " que pregunteu."
                ),
            },
            {
                "title": "Ens hi trobem",
                "text": (
                    "Només cal un ordinador amb càmera i connexió a internet. Obrim la"
                    " sala uns minuts abans, per si voleu provar el so i la imatge."
                ),
            },
            {
                "title": "Ho valoreu",
                "text": (
                    "Quatre preguntes curtes: si el contingut us ha servit, si la"
                    " durada era bona, si s’ha entès i si ho podreu aplicar a la feina."
                ),
            },
        ],
    ),
    (
        "facts",
        [
            {
                "term": "Quan",
                "value": "Un cop al mes, gairebé sempre l’últim dijous",
                "note": "Al desembre i al març no se’n fa",
            },
            {
                "term": "Quant dura",
                "value": "Una hora, amb torn obert de preguntes",
                "note": "",
            },
            {
                "term": "On",
                "value": "En línia, per Teams",
                "note": "Si n’hi ha cap de presencial o d’híbrida, ho diu la sessió",
            },
            {
                "term": "Per a qui",
                "value": "Qualsevol persona que treballi en un ens local",
                "note": "",
            },
            {
                "term": "Acreditació",
                "value": "No s’acredita com a formació",
                "note": "",
            },
        ],
    ),
    (
        "panels",
        [
            {
                "tag": "Obertes a tothom",
                "tone": "ok",
                "title": "Sessions programades",
                "text": (
                    "<p>Les que veieu en aquesta pàgina. No cal haver demanat res"
                    " abans: us hi inscriviu i prou.</p>"
                ),
            },
            {
                "tag": "Per a ens amb un recurs acabat",
                "tone": "info",
                "title": "Suport a demanda",
                "text": (
                    "<p>Una sessió per al vostre ens, sobre el vostre cas. Cal haver"
                    " demanat i acabat un d’aquests dos recursos del catàleg:</p>"
                    "<ul><li>Gestió de la transparència municipal</li>"
                    "<li>Publicació automatitzada d’informació de transparència</li>"
                    "</ul>"
                ),
            },
        ],
    ),
    ("heading", "Preguntes freqüents"),
    (
        "questions",
        [
            {
                "question": "Cal tenir un compte per inscriure-s’hi?",
                "answer": (
                    "<p>No. Escriviu el nom, el correu de la feina i el vostre ens, i"
                    " la invitació us arriba per correu.</p>"
                ),
            },
            {
                "question": "I si la sessió és plena?",
                "answer": (
                    "<p>Us podeu apuntar a la llista d’espera. Quan algú deixa la"
                    " plaça, passa a la primera persona de la llista, que rep la"
                    " invitació sense haver de fer res.</p>"
                ),
            },
            {
                "question": "I si m’hi he inscrit i no puc venir?",
                "answer": (
                    "<p>Obriu l’enllaç del correu de la inscripció i deixeu la plaça:"
                    " potser hi ha algú que l’espera.</p>"
                ),
            },
            {
                "question": "No he fet servir mai Teams. Què em cal?",
                "answer": (
                    "<p>Un ordinador amb càmera. Connecteu-vos-hi uns minuts abans i"
                    " proveu-ho amb calma: hi haurà algú per ajudar-vos.</p>"
                ),
            },
            {
                "question": "Qui decideix els temes?",
                "answer": (
                    "<p>Surten dels dubtes que ens envieu. Si n’hi ha un que us torna"
                    " sovint, escriviu-lo en inscriure-us.</p>"
                ),
            },
        ],
    ),
]

# By the key of the subject. The past ones say all they have to say in their summary.
SESSION_BODIES: dict[str, Body] = {
    "dades-obertes": [
        ("heading", "Què us n’endureu"),
        (
            "paragraph",
            "<ul><li>Una llista curta de dades per començar, segons la mida de l’ens."
            "</li><li>Un criteri per decidir què no s’ha de publicar, i per què.</li>"
            "<li>Un calendari d’actualització que aguanta les vacances.</li></ul>",
        ),
        ("heading", "Programa"),
        (
            "facts",
            [
                {
                    "term": "9.45\u00a0h",
                    "value": "Obrim la sala",
                    "note": "Proves de so i d’imatge, per a qui en vulgui fer",
                },
                {
                    "term": "10.00\u00a0h",
                    "value": "Benvinguda i el que ens heu preguntat",
                    "note": "",
                },
                {
                    "term": "10.05\u00a0h",
                    "value": "Què publiquem primer",
                    "note": "Tres conjunts de dades que ja teniu",
                },
                {
                    "term": "10.25\u00a0h",
                    "value": "Com ho mantenim",
                    "note": "El cas d’un ajuntament de 3.000 habitants, pas a pas",
                },
                {
                    "term": "10.40\u00a0h",
                    "value": "Torn obert de preguntes",
                    "note": "",
                },
                {"term": "11.00\u00a0h", "value": "Fi de la sessió", "note": ""},
            ],
        ),
        (
            "panels",
            [
                {
                    "tag": "",
                    "tone": "plain",
                    "title": "Abans de la sessió",
                    "text": (
                        "<p>Mireu quines dades publiqueu ja, encara que siguin en un"
                        " PDF. Amb una llista de cinc ratlles n’hi ha prou.</p>"
                    ),
                },
                {
                    "tag": "",
                    "tone": "ok",
                    "title": "L’endemà",
                    "text": (
                        "<p>Trieu un sol conjunt i publiqueu-lo. Val més un fitxer al"
                        " dia que deu que envelleixen.</p>"
                    ),
                },
            ],
        ),
        ("heading", "El que ja ens heu preguntat"),
        (
            "questions",
            [
                {
                    "question": "Hem de publicar les dades en un portal propi?",
                    "answer": (
                        "<p>No cal. A la sessió veurem dues vies: un portal compartit i"
                        " una pàgina del vostre web amb el fitxer i la seva fitxa.</p>"
                    ),
                },
                {
                    "question": "Qui ha de dir que les dades són correctes?",
                    "answer": (
                        "<p>Depèn de cada conjunt. Hi portarem un repartiment de"
                        " responsabilitats per copiar i adaptar.</p>"
                    ),
                },
                {
                    "question": "I si hi ha dades personals?",
                    "answer": (
                        "<p>Aleshores no es publiquen tal com són. Explicarem quan n’hi"
                        " ha prou d’agregar-les i quan no s’han d’obrir.</p>"
                    ),
                },
            ],
        ),
    ],
    "taller-d-acces": [
        ("heading", "Què hi farem"),
        (
            "steps",
            [
                {
                    "title": "Llegim la sol·licitud",
                    "text": (
                        "Què demana, qui ho demana i si de debò és una sol·licitud"
                        " d’accés o una altra cosa."
                    ),
                },
                {
                    "title": "Comptem el termini",
                    "text": (
                        "Un mes. Mirem des de quan es compta, quan es pot ampliar i què"
                        " passa si no es respon."
                    ),
                },
                {
                    "title": "Hi busquem límits",
                    "text": (
                        "Dades personals, terceres persones afectades, informació que"
                        " encara s’elabora: què es dona, què no i per què."
                    ),
                },
                {
                    "title": "Escrivim la resposta",
                    "text": (
                        "Amb frases que s’entenen a la primera, i dient on pot"
                        " reclamar qui no hi estigui d’acord."
                    ),
                },
            ],
        ),
        ("heading", "Bo de saber"),
        (
            "facts",
            [
                {
                    "term": "Què heu de portar",
                    "value": "Res: el cas és inventat i us donem el material",
                    "note": "No porteu expedients reals",
                },
                {
                    "term": "Per què hi ha tan poques places",
                    "value": "Per poder mirar la resposta de cadascú",
                    "note": "Si és plena, apunteu-vos a la llista d’espera",
                },
            ],
        ),
    ],
    "integritat": [
        ("heading", "De què parlarem"),
        (
            "paragraph",
            "<ul><li>Què ha de dir un codi de conducta d’una pàgina, i què hi sobra."
            "</li><li>Un canal d’alertes que la gent gosi fer servir.</li>"
            "<li>Què fem el dia que arriba la primera alerta.</li></ul>",
        ),
        ("heading", "Per a qui és"),
        (
            "paragraph",
            "<p>Per a secretaries, intervencions i càrrecs electes d’ajuntaments on"
            " tothom fa una mica de tot. No cal haver-hi treballat abans: començarem de"
            " zero.</p>",
        ),
        (
            "questions",
            [
                {
                    "question": "Per què hi ha tan poques places?",
                    "answer": (
                        "<p>Perquè d’integritat se’n parla millor en grup petit. Si"
                        " s’omple, apunteu-vos a la llista d’espera.</p>"
                    ),
                },
                {
                    "question": "El que hi digui, en sortirà?",
                    "answer": "<p>No. Aquesta sessió no es grava.</p>",
                },
            ],
        ),
    ],
    "publicacio-automatitzada": [
        ("heading", "Què hi veurem"),
        (
            "paragraph",
            "<ul><li>Els tres llocs on es trenca una publicació automàtica.</li>"
            "<li>Una revisió de deu minuts al mes que en detecta la majoria.</li>"
            "<li>Què escriure al portal mentre la dada no hi és.</li></ul>",
        ),
        (
            "panels",
            [
                {
                    "tag": "En línia",
                    "tone": "plain",
                    "title": "Des de la feina",
                    "text": (
                        "<p>Us connecteu amb el vostre enllaç personal i podeu"
                        " preguntar de viva veu o per escrit.</p>"
                    ),
                },
                {
                    "tag": "A la sala",
                    "tone": "plain",
                    "title": "Amb nosaltres",
                    "text": (
                        "<p>Vint cadires i una estona més, en acabat, per mirar els"
                        " casos que porteu.</p>"
                    ),
                },
            ],
        ),
        (
            "paragraph",
            "<p>En inscriure-us-hi trieu com hi vindreu. Les places de la sala i les de"
            " la connexió es compten a part.</p>",
        ),
    ],
}


def seed(say: Callable[[str], None]) -> None:
    """Plant what is missing; `say` gets a line for each thing done."""
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    home = HomePage.objects.filter(locale=Locale.get_default()).first()
    if home is None:
        home = _plant_home()
        say(f"the home page of {settings.SITE_NAME}")
    series = Series.objects.get(code=SERIES)
    page = SeriesPage.objects.filter(series=series, locale=home.locale).first()
    if page is None:
        page = _plant_series(home, series)
        _plant_agenda(home)
        say(f"the agenda and the page of {series}")
    _plant_sessions(page, say)


def _plant_home() -> HomePage:
    home = _publish(
        Page.get_first_root_node(),
        HomePage(
            title="Inici",
            slug="inici",
            hero_title=HERO,
            lead=HOME_LEAD,
            body=HOME_BODY,
            locale=Locale.get_default(),
        ),
    )
    address = urlsplit(settings.SITE_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "site_name": settings.SITE_NAME,
            "root_page": home,
        },
    )
    # Wagtail's own first page, unless somebody made something of it.
    welcome = Page.objects.exact_type(Page).filter(
        depth=2, title=WELCOME, latest_revision=None, numchild=0
    )
    for page in welcome:
        page.delete()
    home.refresh_from_db()
    translate(home)
    return home


def _plant_series(home: HomePage, series: Series) -> SeriesPage:
    page = _publish(
        home,
        SeriesPage(
            title=str(series),
            slug=SERIES,
            series=series,
            lead=SERIES_LEAD,
            body=SERIES_BODY,
            locale=home.locale,
            show_in_menus=True,
        ),
    )
    translate(page)
    return page


def _plant_agenda(home: HomePage) -> None:
    if not AgendaPage.objects.child_of(home).exists():
        page = _publish(
            home,
            AgendaPage(
                title="Agenda",
                slug="agenda",
                lead="Les sessions que vindran i les que ja s’han fet.",
                locale=home.locale,
                show_in_menus=True,
            ),
        )
        translate(page)


def _plant_sessions(parent: SeriesPage, say: Callable[[str], None]) -> None:
    made = 0
    for session, key in planted():
        if session.pages.exists():
            continue
        page = _publish(
            parent,
            SessionPage(
                title=session.title.localize(settings.LANGUAGE_CODE),
                slug=session.code,
                session=session,
                body=SESSION_BODIES.get(key, []),
                locale=parent.locale,
            ),
        )
        translate(page)
        made += 1
    if made:
        say(f"{made} pages of sessions")


def _publish(parent: Page, page: P) -> P:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page
