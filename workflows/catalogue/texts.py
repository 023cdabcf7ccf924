"""The words of the demonstration's catalogue, all ours. What is not known of a resource
(dates, bands, criteria) is an example, to be written over."""

from typing import NamedTuple

from cms.demonstration.shapes import Body, Texts

TITLE = "Catàleg"
SLUG = "cataleg"
LEAD = "Què pot demanar el vostre ens, fins quan i, si no ho pot demanar, per què."
BODY: Body = [
    (
        "paragraph",
        "<p>Els codis, els terminis, les franges de població i els criteris d’aquest"
        " catàleg són <b>exemples de la demostració</b>: no són de cap"
        " administració.</p>",
    ),
]

AREAS: dict[str, Texts] = {
    "govern-obert": {
        "ca": "Govern obert",
        "es": "Gobierno abierto",
        "en": "Open government",
    },
    "integritat": {
        "ca": "Transparència, accés i integritat",
        "es": "Transparencia, acceso e integridad",
        "en": "Transparency, access and integrity",
    },
    "dades": {
        "ca": "Governança i orientació a la dada",
        "es": "Gobernanza y orientación al dato",
        "en": "Data governance",
    },
    "serveis-digitals": {
        "ca": "Serveis digitals",
        "es": "Servicios digitales",
        "en": "Digital services",
    },
}

INSTRUMENT: Texts = {
    "ca": "Protocol general",
    "es": "Protocolo general",
    "en": "General protocol",
}

TOWNS = ("municipality", "emd")
EVERY_TOWN = (*TOWNS, "mancomunitat", "consortium", "autonomous_body")
COUNTIES = ("county_council",)


class ResourceText(NamedTuple):
    """A resource; `opens` and `closes` are a month and a day, the month counted from
    January of the edition's year, so that 15 is March of the next."""

    code: str
    area: str
    name: Texts
    summary: Texts
    actions: Texts
    topics: tuple[str, ...]
    opens: tuple[int, int]
    closes: tuple[int, int] | None
    subject: Texts = {}
    support: str = "technical"
    kinds: tuple[str, ...] = TOWNS
    most: int | None = None
    limit: int | None = 1
    months: int = 3
    needs_instrument: bool = False
    is_valued: bool = False


RESOURCES = (
    ResourceText(
        code="EX-01",
        area="govern-obert",
        name={
            "ca": "Gestió de la transparència municipal",
            "es": "Gestión de la transparencia municipal",
            "en": "Managing municipal transparency",
        },
        summary={
            "ca": "Mesurem el vostre portal, fem amb vosaltres el que hi falta i el"
            " tornem a mesurar al cap de sis mesos.",
            "es": "Medimos su portal, hacemos con ustedes lo que falta y lo"
            " volvemos a medir a los seis meses.",
            "en": "We measure your portal, do with you what is missing and measure it"
            " again six months later.",
        },
        actions={
            "ca": "Diagnosi: passem tots els indicadors i us n’expliquem el resultat en"
            " una reunió.\nPla de treball: acordem què es publica, qui ho porta i cada"
            " quan es revisa.\nAcompanyament: reunions de seguiment i respostes a"
            " dubtes mentre ho poseu al dia.\nNova mesura: sis mesos després. Un ens"
            " hi va passar del 37,68 % al 90,44 %.",
            "es": "Diagnóstico: pasamos todos los indicadores y les explicamos el"
            " resultado en una reunión.\nPlan de trabajo: acordamos qué se publica,"
            " quién lo lleva y cada cuánto se revisa.\nAcompañamiento: reuniones de"
            " seguimiento y respuestas a dudas mientras lo ponen al día.\nNueva"
            " medida: seis meses después. Un ente pasó del 37,68 % al 90,44 %.",
            "en": "Diagnosis: we go through every indicator and explain the result to"
            " you in a meeting.\nPlan: we agree what is published, who sees to it and"
            " how often it is looked at.\nSupport: meetings and answers while you bring"
            " it up to date.\nMeasured again: six months later. One body went from"
            " 37.68 % to 90.44 %.",
        },
        topics=("gestio-transparencia", "transparencia-activa"),
        opens=(9, 15),
        closes=(15, 31),
        most=20_000,
        is_valued=True,
    ),
    ResourceText(
        code="EX-02",
        area="govern-obert",
        name={
            "ca": "Publicació automatitzada d’informació de transparència",
            "es": "Publicación automatizada de información de transparencia",
            "en": "Publishing transparency data automatically",
        },
        summary={
            "ca": "El portal s’omple sol a partir dels programes que ja feu servir.",
            "es": "El portal se llena solo a partir de los programas que ya usan.",
            "en": "The portal fills itself from the programs that you use already.",
        },
        actions={
            "ca": "Inventari: mirem de quin programa surt cada dada.\nConnexió: la"
            " publicació es fa sola i a l’hora.\nComprovació: us avisem quan alguna"
            " cosa deixa de publicar-se.",
            "es": "Inventario: miramos de qué programa sale cada dato.\nConexión: la"
            " publicación se hace sola y a tiempo.\nComprobación: les avisamos cuando"
            " algo deja de publicarse.",
            "en": "Inventory: we look up which program each figure comes from."
            "\nConnection: it is published by itself and in time.\nCheck: we tell you"
            " when something stops being published.",
        },
        topics=("transparencia-activa", "dades-obertes"),
        opens=(9, 15),
        closes=(15, 31),
        most=50_000,
        needs_instrument=True,
    ),
    ResourceText(
        code="EX-03",
        area="integritat",
        name={
            "ca": "Millora de la transparència i de l’accés a la informació",
            "es": "Mejora de la transparencia y del acceso a la información",
            "en": "Better transparency and access to information",
        },
        summary={
            "ca": "Procediment, models i formació per respondre a temps.",
            "es": "Procedimiento, modelos y formación para responder a tiempo.",
            "en": "A procedure, templates and training to answer in time.",
        },
        actions={
            "ca": "Procediment: qui rep la sol·licitud, qui respon i en quants dies."
            "\nModels: escrits que es poden fer servir l’endemà.\nFormació: un matí amb"
            " l’equip.",
            "es": "Procedimiento: quién recibe la solicitud, quién responde y en"
            " cuántos días.\nModelos: escritos que se pueden usar al día"
            " siguiente.\nFormación: una mañana con el equipo.",
            "en": "Procedure: who gets the request, who answers and in how many days."
            "\nTemplates: letters to use the next day.\nTraining: a morning with the"
            " team.",
        },
        topics=("acces-informacio",),
        opens=(10, 1),
        closes=(14, 28),
        kinds=EVERY_TOWN,
    ),
    ResourceText(
        code="EX-04",
        area="integritat",
        name={
            "ca": "Sistema d’integritat institucional",
            "es": "Sistema de integridad institucional",
            "en": "Institutional integrity system",
        },
        summary={
            "ca": "Codi, canal i mapa de riscos a la mida de l’ens.",
            "es": "Código, canal y mapa de riesgos a la medida del ente.",
            "en": "Code, channel and map of risks to the size of the body.",
        },
        actions={
            "ca": "Mapa de riscos: on pot fallar i què ho evita.\nCodi de conducta:"
            " curt i entenedor.\nCanal intern: qui rep els avisos i com es protegeix"
            " qui avisa.",
            "es": "Mapa de riesgos: dónde puede fallar y qué lo evita.\nCódigo de"
            " conducta: corto y claro.\nCanal interno: quién recibe los avisos y cómo"
            " se protege a quien avisa.",
            "en": "Map of risks: where it can fail and what keeps it from"
            " failing.\nCode of conduct: short and plain.\nInternal channel: who gets"
            " the reports and how who reports is protected.",
        },
        topics=("bon-govern",),
        opens=(9, 15),
        closes=(15, 31),
        kinds=(*EVERY_TOWN, *COUNTIES),
        months=5,
    ),
    ResourceText(
        code="EX-05",
        area="govern-obert",
        name={
            "ca": "Impuls de la gestió digital i el govern obert a través de les"
            " comarques",
            "es": "Impulso de la gestión digital y el gobierno abierto a través de las"
            " comarcas",
            "en": "Digital management and open government by way of the counties",
        },
        summary={
            "ca": "El consell comarcal hi posa l’equip; els municipis hi guanyen"
            " l’eina.",
            "es": "El consejo comarcal pone el equipo; los municipios ganan la"
            " herramienta.",
            "en": "The county council has the team; the towns get the tool.",
        },
        actions={
            "ca": "Equip comarcal: formem qui donarà suport als municipis.\nEina"
            " comuna: la mateixa per a tots.\nSeguiment: dues reunions l’any.",
            "es": "Equipo comarcal: formamos a quien dará apoyo a los municipios."
            "\nHerramienta común: la misma para todos.\nSeguimiento: dos reuniones al"
            " año.",
            "en": "Team of the county: we train who will support the towns.\nOne tool:"
            " the same for all.\nFollow-up: two meetings a year.",
        },
        topics=("serveis-digitals",),
        opens=(9, 15),
        closes=(15, 31),
        kinds=COUNTIES,
        support="economic",
        months=5,
    ),
    ResourceText(
        code="EX-06",
        area="dades",
        name={
            "ca": "Obertura de dades i orientació a la dada",
            "es": "Apertura de datos y orientación al dato",
            "en": "Opening data and working with it",
        },
        summary={
            "ca": "Inventari, primers conjunts i quadre de comandament.",
            "es": "Inventario, primeros conjuntos y cuadro de mando.",
            "en": "Inventory, first data sets and a dashboard.",
        },
        actions={
            "ca": "Inventari: quines dades teniu i qui en respon.\nPrimers conjunts:"
            " obrim els que més es demanen.\nQuadre de comandament: amb el que ja"
            " publiqueu.",
            "es": "Inventario: qué datos tienen y quién responde de ellos.\nPrimeros"
            " conjuntos: abrimos los que más se piden.\nCuadro de mando: con lo que ya"
            " publican.",
            "en": "Inventory: what data you have and who answers for it.\nFirst data"
            " sets: we open those most asked for.\nDashboard: with what you publish"
            " already.",
        },
        topics=("dades-obertes",),
        opens=(13, 11),
        closes=(15, 31),
        most=75_000,
        kinds=EVERY_TOWN,
    ),
    ResourceText(
        code="EX-07",
        area="serveis-digitals",
        name={
            "ca": "SeTDIBA: suport a la transformació digital",
            "es": "SeTDIBA: apoyo a la transformación digital",
            "en": "SeTDIBA: support for the digital transformation",
        },
        summary={
            "ca": "Persones expertes que us acompanyen en un projecte concret.",
            "es": "Personas expertas que les acompañan en un proyecto concreto.",
            "en": "Experts who go with you through one project.",
        },
        actions={
            "ca": "Projecte: el triem plegats.\nAcompanyament: hores d’una persona"
            " experta.\nTraspàs: el vostre equip se’l queda.",
            "es": "Proyecto: lo elegimos juntos.\nAcompañamiento: horas de una persona"
            " experta.\nTraspaso: su equipo se lo queda.",
            "en": "Project: we choose it together.\nSupport: hours of an expert."
            "\nHanding over: your team keeps it.",
        },
        topics=("serveis-digitals",),
        opens=(14, 1),
        closes=(16, 30),
        most=10_000,
    ),
    ResourceText(
        code="EX-08",
        area="serveis-digitals",
        name={
            "ca": "Tallers del canal electrònic",
            "es": "Talleres del canal electrónico",
            "en": "Workshops on doing it online",
        },
        summary={
            "ca": "Un matí al municipi, amb la ciutadania o amb l’equip.",
            "es": "Una mañana en el municipio, con la ciudadanía o con el equipo.",
            "en": "A morning in town, with citizens or with the team.",
        },
        actions={
            "ca": "Taller: fem els tràmits que més costen.\nMaterial: queda al"
            " municipi.",
            "es": "Taller: hacemos los trámites que más cuestan.\nMaterial: se queda en"
            " el municipio.",
            "en": "Workshop: we do the procedures that are hardest.\nMaterials: the"
            " town keeps them.",
        },
        topics=("serveis-digitals",),
        opens=(1, 1),
        closes=None,
        limit=None,
        support="training",
        kinds=(*EVERY_TOWN, *COUNTIES),
    ),
)

# Examples: name, how it is counted, points at most.
CRITERIA: tuple[tuple[Texts, Texts, int], ...] = (
    (
        {"ca": "Mida de l’ens", "es": "Tamaño del ente", "en": "Size of the body"},
        {
            "ca": "Com menys habitants, més punts",
            "es": "Cuantos menos habitantes, más puntos",
            "en": "The fewer inhabitants, the more points",
        },
        40,
    ),
    (
        {"ca": "Punt de partida", "es": "Punto de partida", "en": "Starting point"},
        {
            "ca": "Indicadors que avui no es publiquen",
            "es": "Indicadores que hoy no se publican",
            "en": "Indicators that are not published today",
        },
        30,
    ),
    (
        {"ca": "Compromís", "es": "Compromiso", "en": "Commitment"},
        {
            "ca": "Persona de referència i hores previstes",
            "es": "Persona de referencia y horas previstas",
            "en": "A person who answers, and the hours set aside",
        },
        20,
    ),
    (
        {"ca": "Primera vegada", "es": "Primera vez", "en": "First time"},
        {
            "ca": "L’ens no l’ha tingut mai",
            "es": "El ente no lo ha tenido nunca",
            "en": "The body has never had it",
        },
        10,
    ),
)

# What has to be attached, and whether it must be.
DOCUMENTS: tuple[tuple[Texts, bool], ...] = (
    (
        {
            "ca": "Compromís de l’ens",
            "es": "Compromiso del ente",
            "en": "Commitment of the body",
        },
        True,
    ),
    (
        {
            "ca": "Organigrama o relació de llocs de treball",
            "es": "Organigrama o relación de puestos de trabajo",
            "en": "Chart of the organisation, or list of posts",
        },
        False,
    ),
)
