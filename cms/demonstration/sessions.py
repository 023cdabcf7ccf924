"""The pages of the sessions, by the key of the subject, and what comes with them."""

from cms.demonstration.shapes import Body, SpeakerText, Texts

BODIES: dict[str, Body] = {
    "nous-electes": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>Després d’unes eleccions, el cartipàs és la primera pàgina que"
                " la gent mira i l’última que se sol actualitzar.</li>"
                "<li>Cada càrrec, amb nom, retribució, agenda i dedicació. El que no"
                " s’ha aprovat encara, es diu que no s’ha aprovat.</li>"
                "<li>El que va deixar de ser no s’esborra: es data. Qui va decidir una"
                " cosa fa tres anys també és informació.</li></ul>"
            ),
        ),
    ],
    "eina-de-seguiment": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>Una eina de seguiment no és un informe: es mira cada setmana i"
                " cap en una pantalla.</li>"
                "<li>Tres colors en són prou: publicat i al dia, publicat i vell, per"
                " publicar.</li>"
                "<li>La columna més útil és la del nom. Sense nom, el color no"
                " canvia.</li></ul>"
            ),
        ),
    ],
    "sistema-d-avisos": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>Un bon avís diu què, a qui, fins quan i on es fa. Tot en dues"
                " ratlles.</li>"
                "<li>Avisar massa és com no avisar: un sol correu per setmana, i només"
                " amb el que toca.</li>"
                "<li>El segon avís va a una altra persona. No per renyar: per si la"
                " primera és fora.</li></ul>"
            ),
        ),
    ],
    "qui-fa-que": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>Tres papers: qui té la informació, qui la revisa i qui la"
                " publica. I un suplent per a cadascun.</li>"
                "<li>El repartiment cap en una pàgina. Si en calen dues, hi sobren"
                " instruccions.</li>"
                "<li>Proveu-lo un dia qualsevol, no el dia que algú falta.</li></ul>"
            ),
        ),
        (
            "paragraph",
            (
                "<p>Ho expliquem amb una taula per copiar a <a"
                ' href="page:qui-fa-que-tambe-a-l-agost">qui fa què, també a'
                " l’agost</a>.</p>"
            ),
        ),
    ],
    "sollicituds-d-acces": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>No cal que hi digui «dret d’accés» per ser-ho.</li>"
                "<li>El mes comença a comptar quan entra, no quan algú l’obre.</li>"
                "<li>Donar una part i dir per què no es dona la resta és millor que no"
                " respondre.</li></ul>"
            ),
        ),
        (
            "paragraph",
            (
                "<p>Les preguntes que tornen sempre, amb resposta, són en <a"
                ' href="page:sollicituds-d-acces-preguntes-i-respostes">aquest'
                " apunt</a>.</p>"
            ),
        ),
    ],
    "portal-de-transparencia": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>Un portal compartit estalvia la tècnica, no la feina de"
                " tenir-lo al dia.</li>"
                "<li>El que es pot publicar sol, que es publiqui sol. El temps que"
                " s’estalvia és per a la resta.</li>"
                "<li>Abans de demanar més apartats, mireu quins es visiten.</li></ul>"
            ),
        ),
    ],
    "intercanvi-d-experiencies": [
        ("heading", "Tres idees per endur-se"),
        (
            "paragraph",
            (
                "<ul><li>El que no va funcionar ensenya més que el que va funcionar."
                " Cal dir-ho sense vergonya.</li>"
                "<li>Copiar d’un altre ajuntament és una virtut, si es diu d’on.</li>"
                "<li>Un telèfon val més que una plantilla: deixeu-vos el"
                " contacte.</li></ul>"
            ),
        ),
    ],
    "dades-obertes": [
        ("heading", "Què us n’endureu"),
        (
            "paragraph",
            (
                "<ul><li>Una llista curta de dades per començar, segons la mida de"
                " l’ens.</li>"
                "<li>Un criteri per decidir què no s’ha de publicar, i per què.</li>"
                "<li>Un calendari d’actualització que aguanta les vacances.</li>"
                "</ul>"
            ),
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
                        "Amb frases que s’entenen a la primera, i dient on pot reclamar"
                        " qui no hi estigui d’acord."
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
            (
                "<ul><li>Què ha de dir un codi de conducta d’una pàgina, i què hi"
                " sobra.</li>"
                "<li>Un canal d’alertes que la gent gosi fer servir.</li>"
                "<li>Què fem el dia que arriba la primera alerta.</li>"
                "</ul>"
            ),
        ),
        ("heading", "Per a qui és"),
        (
            "paragraph",
            (
                "<p>Per a secretaries, intervencions i càrrecs electes d’ajuntaments on"
                " tothom fa una mica de tot. No cal haver-hi treballat abans:"
                " començarem de zero.</p>"
            ),
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
            (
                "<ul><li>Els tres llocs on es trenca una publicació automàtica.</li>"
                "<li>Una revisió de deu minuts al mes que en detecta la majoria.</li>"
                "<li>Què escriure al portal mentre la dada no hi és.</li>"
                "</ul>"
            ),
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
            (
                "<p>En inscriure-us-hi trieu com hi vindreu. Les places de la sala i"
                " les de la connexió es compten a part.</p>"
            ),
        ),
    ],
}

# Of the sessions to come. Nobody of that name works anywhere.
SPEAKERS: dict[str, tuple[SpeakerText, ...]] = {
    "dades-obertes": (
        SpeakerText(
            name="Roc Model",
            role={
                "ca": "Tècnic de dades obertes (persona inventada)",
                "es": "Técnico de datos abiertos (persona inventada)",
                "en": "Open data officer (an invented person)",
            },
            bio={
                "ca": (
                    "Fa deu anys que demana fulls de càlcul amb bones maneres. Creu que"
                    " un fitxer al dia val més que deu d’oblidats."
                ),
                "es": (
                    "Lleva diez años pidiendo hojas de cálculo con buenas maneras. Cree"
                    " que un archivo al día vale más que diez olvidados."
                ),
                "en": (
                    "Has asked for spreadsheets politely for ten years. Believes that"
                    " one fresh file is worth ten forgotten."
                ),
            },
        ),
        SpeakerText(
            name="Mireia Mostra",
            role={
                "ca": "Tècnica de transparència (persona inventada)",
                "es": "Técnica de transparencia (persona inventada)",
                "en": "Transparency officer (an invented person)",
            },
            bio={
                "ca": (
                    "Ve d’un ajuntament de tres mil habitants i porta el cas que"
                    " mirarem pas a pas."
                ),
                "es": (
                    "Viene de un ayuntamiento de tres mil habitantes y trae el caso que"
                    " miraremos paso a paso."
                ),
                "en": (
                    "Comes from a town hall of three thousand and brings the case that"
                    " we go through."
                ),
            },
        ),
    ),
    "taller-d-acces": (
        SpeakerText(
            name="Ona Esbós",
            role={
                "ca": "Secretària interventora (persona inventada)",
                "es": "Secretaria interventora (persona inventada)",
                "en": "Secretary and comptroller (an invented person)",
            },
            bio={
                "ca": (
                    "Ha respost sol·licituds d’accés en paper, per correu i al mig de"
                    " la plaça. Mirarà la vostra resposta, una per una."
                ),
                "es": (
                    "Ha respondido solicitudes de acceso en papel, por correo y en"
                    " medio de la plaza. Mirará su respuesta, una por una."
                ),
                "en": (
                    "Has answered requests on paper, by mail and in the middle of the"
                    " square. Will look at each of your answers."
                ),
            },
        ),
    ),
    "integritat": (
        SpeakerText(
            name="Pau Plantilla",
            role={
                "ca": "Arxiver municipal (persona inventada)",
                "es": "Archivero municipal (persona inventada)",
                "en": "Municipal archivist (an invented person)",
            },
            bio={
                "ca": (
                    "Va escriure un codi de conducta d’una pàgina després d’haver-ne"
                    " arxivat un de quaranta."
                ),
                "es": (
                    "Escribió un código de conducta de una página después de haber"
                    " archivado uno de cuarenta."
                ),
                "en": "Wrote a code of conduct of one page after filing one of forty.",
            },
        ),
    ),
    "publicacio-automatitzada": (
        SpeakerText(
            name="Roc Model",
            role={
                "ca": "Tècnic de dades obertes (persona inventada)",
                "es": "Técnico de datos abiertos (persona inventada)",
                "en": "Open data officer (an invented person)",
            },
            bio={
                "ca": (
                    "Fa deu anys que demana fulls de càlcul amb bones maneres. Creu que"
                    " un fitxer al dia val més que deu d’oblidats."
                ),
                "es": (
                    "Lleva diez años pidiendo hojas de cálculo con buenas maneras. Cree"
                    " que un archivo al día vale más que diez olvidados."
                ),
                "en": (
                    "Has asked for spreadsheets politely for ten years. Believes that"
                    " one fresh file is worth ten forgotten."
                ),
            },
        ),
        SpeakerText(
            name="Ona Esbós",
            role={
                "ca": "Secretària interventora (persona inventada)",
                "es": "Secretaria interventora (persona inventada)",
                "en": "Secretary and comptroller (an invented person)",
            },
            bio={
                "ca": (
                    "Explicarà què va dir a la ciutadania el mes que el portal va"
                    " deixar de rebre contractes."
                ),
                "es": (
                    "Explicará qué dijo a la ciudadanía el mes que el portal dejó de"
                    " recibir contratos."
                ),
                "en": (
                    "Will tell what she said to citizens in the month when the portal"
                    " stopped getting contracts."
                ),
            },
        ),
    ),
}

# Each session that was held left a sheet, and a sample where its recording would be.
SHEET: Texts = {
    "ca": "Full de la sessió",
    "es": "Hoja de la sesión",
    "en": "Sheet of the session",
}

RECORDING: Texts = {
    "ca": "Enregistrament de mostra",
    "es": "Grabación de muestra",
    "en": "Sample recording",
}

RECORDING_FILE = "de-la-inscripcio-al-calendari.webm"
