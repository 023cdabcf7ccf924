"""Demonstration data: the unit that sorts what is asked, and the page that leads to the
form. Its text is translated with the others of the demonstration."""

from collections.abc import Callable

from wagtail.models import Locale

from cms.demonstration.composing import compose
from cms.demonstration.shapes import Body
from cms.demonstration.translating import translate
from cms.models import HomePage
from cms.seed import index_once
from community.models import Unit, User
from community.seed import EDITOR, UNIT

from .models import ConsultationPage, ConsultationSettings

TITLE, SLUG = "Pregunteu-nos", "pregunteu-nos"
LEAD = (
    "Un dubte de transparència, de govern obert o de les nostres sessions? Escriviu-lo,"
    " i us respondrà qui més en sap."
)
BODY: Body = [
    (
        "panels",
        [
            {
                "tag": "Sí",
                "tone": "ok",
                "title": "Què ens podeu preguntar",
                "text": (
                    "<ul><li>Què cal publicar, on i cada quan.</li><li>Com es respon"
                    " una sol·licitud d’accés, i què se n’ha d’amagar.</li><li>Com"
                    " obrir dades, fer un codi de conducta o muntar una bústia"
                    " d’alertes.</li><li>Qualsevol cosa de les sessions, de les"
                    " inscripcions i d’aquest web.</li></ul>"
                ),
            },
            {
                "tag": "Això va per un altre camí",
                "tone": "plain",
                "title": "Què no és una consulta",
                "text": (
                    "<ul><li>Demanar informació a una administració: és una <a"
                    ' href="page:acces-a-la-informacio">sol·licitud d’accés</a>, amb'
                    " termini i reclamació propis.</li><li>Saber què tenim de vós: és a"
                    ' la <a href="page:privacitat">pàgina de privacitat</a>.</li>'
                    "<li>Queixes, recursos i tràmits: van al registre de qui"
                    " pertoqui.</li></ul>"
                ),
            },
        ],
    ),
    ("heading", "Abans d’escriure"),
    (
        "questions",
        [
            {
                "question": "Qui pot preguntar?",
                "answer": (
                    "<p>Tothom. Gairebé sempre ho fa gent d’ajuntaments i d’altres ens"
                    " locals, però no cal treballar-hi ni tenir cap compte.</p>"
                ),
            },
            {
                "question": "La resposta m’obliga a res?",
                "answer": (
                    "<p>No. És un consell de companys d’ofici: no és cap informe"
                    " jurídic ni cap resolució, i no atura cap termini vostre.</p>"
                ),
            },
            {
                "question": "Ho llegirà algú més?",
                "answer": (
                    "<p>Només qui us ha de respondre. Si el dubte és de molts, en fem"
                    ' un <a href="page:apunts">apunt</a> sense dir qui l’ha'
                    " plantejat.</p>"
                ),
            },
            {
                "question": "Què no hi he de posar?",
                "answer": (
                    "<p>Noms ni dades d’altres persones, i encara menys de salut."
                    " Expliqueu el cas sense dir de qui és.</p>"
                ),
            },
        ],
    ),
    (
        "related",
        {
            "title": "Potser ja ho hem respost",
            "pages": [
                "sollicituds-d-acces-preguntes-i-respostes",
                "transparencia-ajuntament-petit",
            ],
        },
    ),
]


def seed(say: Callable[[str], None]) -> None:
    """Have the unit of the demonstration sort, unless somebody has chosen one, and
    plant the page where there is none."""
    settings = ConsultationSettings.load()
    if settings.unit is None:
        settings.unit = Unit.objects.get(code=UNIT)
        settings.save()
        say("consultations")
    home = HomePage.objects.filter(locale=Locale.get_default()).first()
    if home and not ConsultationPage.objects.child_of(home).exists():
        _plant(home)
        index_once()
        say("the page of consultations")


def _plant(home: HomePage) -> None:
    page = ConsultationPage(
        title=TITLE,
        slug=SLUG,
        lead=LEAD,
        show_in_menus=True,
        owner=User.objects.filter(email=EDITOR).first(),
    )
    home.add_child(instance=page)
    page.body = compose(BODY)
    page.save_revision().publish()
    translate(page)
