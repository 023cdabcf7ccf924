"""What the law asks a site to say. What only an institution can say is marked so."""

from cms.demonstration.shapes import Section

LEGAL: tuple[Section, ...] = (
    Section(
        slug="avis-legal",
        title="Avís legal",
        lead="De qui és aquest web, què en podeu fer i amb quines condicions.",
        body=[
            ("heading", "De qui és"),
            (
                "panels",
                [
                    {
                        "tag": "Exemple, per completar",
                        "tone": "plain",
                        "title": "El que hi ha de posar la institució",
                        "text": (
                            "<p>Nom de la institució, NIF, adreça i correu. En aquesta"
                            " demostració no n’hi ha cap al darrere: les persones, els"
                            " correus i els telèfons són inventats.</p>"
                        ),
                    },
                ],
            ),
            ("heading", "Què en podeu fer"),
            (
                "paragraph",
                (
                    "<p>Podeu copiar, distribuir i adaptar els textos i els dibuixos"
                    " d’aquesta demostració sense demanar permís: els hem fet nosaltres"
                    " i els deixem al domini públic (CC0). Els noms i les marques de"
                    " les institucions que s’hi esmenten són seus.</p>"
                    "<p>Els apunts expliquen la llei en paraules senzilles perquè"
                    " s’entengui; no la substitueixen ni són assessorament. Si hi veieu"
                    " un error, digueu-ho i el corregirem dient que l’hem corregit.</p>"
                ),
            ),
        ],
        below=(
            Section(
                slug="privacitat",
                title="Protecció de dades",
                lead="Quines dades guardem, per a què, fins quan i què hi podeu fer.",
                body=[
                    ("heading", "El més important"),
                    (
                        "facts",
                        [
                            {
                                "term": "Qui en respon",
                                "value": "La institució que organitza la comunitat",
                                "note": (
                                    "Ha de posar aquí el nom, l’adreça i la persona"
                                    " delegada de protecció de dades"
                                ),
                            },
                            {
                                "term": "Per a què",
                                "value": (
                                    "Per fer les sessions i preguntar-vos què us han"
                                    " semblat"
                                ),
                                "note": "",
                            },
                            {
                                "term": "Amb quina base",
                                "value": (
                                    "Una missió d’interès públic (RGPD, art. 6.1.e)"
                                ),
                                "note": (
                                    "Les necessitats d’accessibilitat i les notícies,"
                                    " només amb el vostre consentiment"
                                ),
                            },
                            {
                                "term": "A qui es donen",
                                "value": (
                                    "A ningú més que al servei de la reunió en línia,"
                                    " quan us hi connecteu"
                                ),
                                "note": "",
                            },
                            {
                                "term": "Els vostres drets",
                                "value": (
                                    "Veure-les, corregir-les, endur-vos-les,"
                                    " oposar-vos-hi i esborrar-les"
                                ),
                                "note": "A «Les vostres dades», al peu de cada pàgina",
                            },
                        ],
                    ),
                    ("heading", "Què guardem i fins quan"),
                    (
                        "table",
                        {
                            "caption": "Dades personals, finalitat i termini",
                            "columns": ["Què", "Per a què", "Fins quan"],
                            "rows": [
                                [
                                    (
                                        "Inscripcions: nom, correu, ens, càrrec,"
                                        " pregunta, llengua, invitació i la seva"
                                        " resposta"
                                    ),
                                    "Fer les sessions i saber què en penseu",
                                    (
                                        "Dotze mesos després de la sessió; després,"
                                        " només xifres"
                                    ),
                                ],
                                [
                                    "Què us cal per seguir una sessió",
                                    "Que tothom la pugui seguir",
                                    "Trenta dies després de la sessió",
                                ],
                                [
                                    "Adreces que volen saber de noves sessions",
                                    "Avisar-les",
                                    (
                                        "Fins que en marxeu; set dies si no ho vau"
                                        " confirmar"
                                    ),
                                ],
                                [
                                    "El text de cada correu que us enviem",
                                    (
                                        "Tornar-lo a enviar igual i respondre a qui en"
                                        " pregunta"
                                    ),
                                    "Noranta dies",
                                ],
                                [
                                    "A qui hem escrit, quan i amb quin assumpte",
                                    "Poder dir què es va comunicar",
                                    "Dotze mesos",
                                ],
                                [
                                    "Comptes: correu, nom, llengua, unitats i permisos",
                                    "Deixar entrar qui hi treballa",
                                    "Dos anys després de l’últim cop que hi heu entrat",
                                ],
                                [
                                    (
                                        "Qui parla en una sessió o signa un apunt: nom,"
                                        " càrrec i foto, que són públics"
                                    ),
                                    "Dir qui ha parlat i qui ha escrit",
                                    "Fins que es retira o ho demaneu",
                                ],
                                [
                                    (
                                        "Qui de l’equip ha obert o exportat llistes de"
                                        " persones"
                                    ),
                                    "Poder dir qui ha vist què",
                                    "Vint-i-quatre mesos",
                                ],
                                [
                                    (
                                        "Enviaments de codis i enllaços personals, mai"
                                        " el codi"
                                    ),
                                    "Saber per què algú no ha pogut entrar",
                                    "Trenta dies",
                                ],
                            ],
                        },
                    ),
                    ("heading", "El que no fem"),
                    (
                        "paragraph",
                        (
                            "<ul><li>No publiquem mai qui s’ha inscrit a una"
                            " sessió.</li>"
                            "<li>No hi ha cap galeta que us segueixi: mireu la <a"
                            ' href="page:galetes">pàgina de galetes</a>.</li>'
                            "<li>Obrir i exportar les llistes queda apuntat, i a les"
                            " vostres dades hi veieu quan ha passat.</li></ul>"
                        ),
                    ),
                    ("heading", "Si no hi esteu d’acord"),
                    (
                        "paragraph",
                        (
                            "<p>Escriviu a la persona delegada de protecció de dades de"
                            " la institució. Si la resposta no us convenç, podeu"
                            " reclamar a l’Autoritat Catalana de Protecció de"
                            " Dades.</p>"
                        ),
                    ),
                    (
                        "panels",
                        [
                            {
                                "tag": "Exemple, per completar",
                                "tone": "plain",
                                "title": "El que hi ha de posar la institució",
                                "text": (
                                    "<p>Nom i adreça de qui respon de les dades,"
                                    " contacte de la persona delegada de protecció de"
                                    " dades i enllaç al registre d’activitats de"
                                    " tractament.</p>"
                                ),
                            },
                        ],
                    ),
                ],
            ),
            Section(
                slug="galetes",
                title="Galetes",
                lead=(
                    "Només les que calen perquè el web funcioni. Llegir-lo no en deixa"
                    " cap."
                ),
                body=[
                    (
                        "paragraph",
                        (
                            "<p>Per això no us demanem permís: la llei no ho exigeix"
                            " per a les galetes tècniques, i d’altres no n’hi ha. Cap"
                            " és d’una altra empresa i cap serveix per seguir-vos.</p>"
                        ),
                    ),
                    (
                        "table",
                        {
                            "caption": "Les galetes d’aquest web",
                            "columns": [
                                "Galeta",
                                "Quan es posa",
                                "Per a què",
                                "Quant dura",
                            ],
                            "rows": [
                                [
                                    "De sessió",
                                    (
                                        "En entrar amb un compte, en enviar una"
                                        " inscripció o en obrir les vostres dades"
                                    ),
                                    (
                                        "Saber que continueu sent vós d’una pàgina a"
                                        " l’altra"
                                    ),
                                    "Dues setmanes, o fins que sortiu",
                                ],
                                [
                                    "De seguretat (CSRF)",
                                    "En obrir un formulari",
                                    "Que ningú pugui enviar formularis en nom vostre",
                                    "Un any",
                                ],
                                [
                                    "D’aparença",
                                    "Si trieu clar o fosc al peu de la pàgina",
                                    "Recordar la tria",
                                    "Un any",
                                ],
                                [
                                    "D’avís",
                                    "En entrar i en sortir",
                                    "Dir-vos una cosa un sol cop, com ara «Heu sortit»",
                                    "Fins a la pàgina següent",
                                ],
                            ],
                        },
                    ),
                    ("heading", "Vídeos d’altres llocs"),
                    (
                        "paragraph",
                        (
                            "<p>Si una pàgina porta un vídeo que és en un altre servei,"
                            " no es carrega res fins que hi premeu. Aleshores aquell"
                            " servei en sap la vostra adreça i pot fer servir les seves"
                            " galetes; us ho diem abans, i la transcripció és sempre al"
                            " costat.</p>"
                        ),
                    ),
                    (
                        "paragraph",
                        (
                            "<p>Podeu esborrar les galetes quan vulgueu, des del"
                            " navegador. L’únic que notareu és que haureu de tornar a"
                            " entrar i a triar l’aparença.</p>"
                        ),
                    ),
                ],
            ),
            Section(
                slug="accessibilitat",
                title="Declaració d’accessibilitat",
                lead=(
                    "Què hem fet perquè tothom pugui fer servir aquest web, què hi"
                    " falta i on us podeu queixar."
                ),
                body=[
                    (
                        "panels",
                        [
                            {
                                "tag": "Exemple, per completar",
                                "tone": "plain",
                                "title": "Qui la fa seva",
                                "text": (
                                    "<p>El Reial decret 1112/2018 demana aquesta"
                                    " declaració a cada institució. Aquesta és la del"
                                    " programa: qui el faci servir l’ha de revisar amb"
                                    " els seus continguts, posar-hi el nom i la data, i"
                                    " respondre’n.</p>"
                                ),
                            },
                        ],
                    ),
                    ("heading", "Situació de compliment"),
                    (
                        "paragraph",
                        (
                            "<p>Aquest web es fa per complir el nivell AA de les WCAG"
                            " 2.2, que inclou el que exigeixen la norma EN 301 549 i el"
                            " Reial decret 1112/2018. Mentre ningú de fora no l’hagi"
                            " avaluat, el declarem <b>parcialment conforme</b>.</p>"
                        ),
                    ),
                    ("heading", "Contingut no accessible"),
                    (
                        "paragraph",
                        (
                            "<ul><li><b>Falta de conformitat.</b> No en coneixem cap al"
                            " web mateix. Les reunions en línia depenen de l’aplicació"
                            " en què es fan i no les hem avaluades.</li>"
                            "<li><b>Càrrega desproporcionada.</b> No se n’al·lega"
                            " cap.</li>"
                            "<li><b>Contingut fora de l’àmbit.</b> Els documents que hi"
                            " pengin els ens poden venir de fora; si en trobeu cap que"
                            " no es pot llegir, us el passarem a text.</li></ul>"
                        ),
                    ),
                    ("heading", "Preparació d’aquesta declaració"),
                    (
                        "facts",
                        [
                            {
                                "term": "Data",
                                "value": "21 de novembre de 2026",
                                "note": "",
                            },
                            {
                                "term": "Mètode",
                                "value": (
                                    "Autoavaluació: revisió automàtica de cada tipus de"
                                    " pàgina, i a mà amb teclat, a 320 píxels i amb"
                                    " lletra gran"
                                ),
                                "note": "",
                            },
                            {
                                "term": "Última revisió",
                                "value": "21 de novembre de 2026",
                                "note": (
                                    "La institució n’ha de posar la seva, i la de la"
                                    " propera"
                                ),
                            },
                        ],
                    ),
                    ("heading", "Observacions i contacte"),
                    (
                        "paragraph",
                        (
                            "<p>Podeu avisar d’una barrera, demanar un contingut en un"
                            " altre format o fer-nos propostes. Responem en un termini"
                            " màxim de vint dies hàbils.</p>"
                        ),
                    ),
                    (
                        "contact",
                        {
                            "name": "Accessibilitat del web (exemple)",
                            "role": "Barreres, altres formats i propostes",
                            "unit": None,
                            "email": "accessibilitat@placa.example",
                            "phone": "930 00 00 00",
                            "hours": "De dilluns a divendres, de 9 a 14 h",
                            "address": "",
                        },
                    ),
                    ("heading", "Procediment de reclamació"),
                    (
                        "paragraph",
                        (
                            "<p>Si no us responem dins del termini, o la resposta no us"
                            " satisfà, podeu presentar una reclamació segons l’article"
                            " 13 del Reial decret 1112/2018. La institució ha de dir"
                            " aquí davant de quina unitat i amb quin formulari.</p>"
                        ),
                    ),
                    ("heading", "Contingut opcional"),
                    (
                        "paragraph",
                        (
                            "<p>El web es llegeix bé amb els navegadors actuals, sense"
                            " JavaScript, en mode clar i fosc i amb les lletres al"
                            " doble. Si feu servir un programa que no hi va bé,"
                            " digueu-nos quin és: el provarem.</p>"
                        ),
                    ),
                ],
            ),
        ),
    ),
)
