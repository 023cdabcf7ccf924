"""Pages of text: the services, who we are, how to use the site."""

from cms.demonstration.shapes import Section

SECTIONS: tuple[Section, ...] = (
    Section(
        slug="municipi360",
        title="Municipi360",
        lead=(
            "Un servei de suport i assistència per als ajuntaments, sobretot per als"
            " que tenen menys gent i menys mitjans. Una sola porta i cinc àmbits."
        ),
        in_menu=True,
        body=[
            (
                "image",
                {
                    "image": "constellacio",
                    "alt": (
                        "Cinc cercles de rajola units per línies al voltant d’una"
                        " plaça."
                    ),
                    "caption": "",
                    "credit": "",
                },
            ),
            (
                "paragraph",
                (
                    "<p>Municipi360 és el servei integral de la Diputació de Barcelona"
                    " en govern obert i transformació digital. La idea és que un"
                    " ajuntament petit no hagi de saber quin departament porta cada"
                    " cosa: explica què li passa i troba assistència tècnica, recursos"
                    " del catàleg, sessions i altres ens amb qui comparar-se.</p>"
                ),
            ),
            ("heading", "Què hi ha al darrere"),
            (
                "panels",
                [
                    {
                        "tag": "Per als ens",
                        "tone": "ok",
                        "title": "Recursos del catàleg",
                        "text": (
                            "<p>Integritat, gestió digital, obertura de dades, accés a"
                            " la informació, publicació automatitzada, tallers.</p>"
                        ),
                    },
                    {
                        "tag": "Entre ens",
                        "tone": "plain",
                        "title": "Dijous i caravana",
                        "text": (
                            "<p>Una hora al mes per resoldre dubtes, i visites per"
                            " veure bones pràctiques funcionant.</p>"
                        ),
                    },
                    {
                        "tag": "Per a la ciutadania",
                        "tone": "plain",
                        "title": "Fem-ho fàcil",
                        "text": (
                            "<p>Atenció directa sobre transparència i dret d’accés. <a"
                            ' href="page:fem-ho-facil">Com funciona</a>.</p>'
                        ),
                    },
                ],
            ),
            (
                "paragraph",
                (
                    "<p>El model es va presentar a la <a"
                    ' href="page:municipi360-explicat-a-vitoria-gasteiz">XI Cimera'
                    " Global de l’Aliança per al Govern Obert</a> i ha rebut"
                    " reconeixements com a bona pràctica. Els textos d’aquest web,"
                    " però, són de demostració: els fets són públics, les frases són"
                    " nostres.</p>"
                ),
            ),
        ],
        below=(
            Section(
                slug="govern-obert",
                title="Govern obert",
                lead=(
                    "Retre comptes, escoltar i deixar que la gent hi participi, també"
                    " en un ajuntament petit."
                ),
                body=[
                    (
                        "paragraph",
                        (
                            "<p>Govern obert no és un departament. És una manera de"
                            " fer-ho tot: explicar què es decideix i per què, abans i"
                            " no només després; preguntar quan encara es pot canviar; i"
                            " respondre què se n’ha fet, del que la gent va dir.</p>"
                        ),
                    ),
                    ("heading", "Hi trobareu"),
                    (
                        "paragraph",
                        (
                            "<ul><li>El recurs del catàleg per impulsar la gestió"
                            " digital i el govern obert a través de les comarques.</li>"
                            "<li>Sessions dels Dijous i apunts per començar sense"
                            " plantilles buides.</li>"
                            "<li>Companyia: altres ens que ja hi han passat.</li></ul>"
                        ),
                    ),
                ],
            ),
            Section(
                slug="serveis-digitals",
                title="Serveis digitals",
                lead=(
                    "Tràmits que es fan a la primera, per a qui els demana i per a qui"
                    " els resol."
                ),
                body=[
                    (
                        "paragraph",
                        (
                            "<p>Un bon servei digital es nota pel que deixa de passar:"
                            " trucades per saber com va, documents que ja teníeu,"
                            " formularis que no es poden acabar des del telèfon."
                            " Comenceu pel tràmit que més gent abandona, no pel més"
                            " lluït.</p>"
                        ),
                    ),
                    ("heading", "Hi trobareu"),
                    (
                        "paragraph",
                        (
                            "<ul><li>SeTDIBA, els serveis de suport per a la"
                            " transformació digital.</li>"
                            "<li>Tallers per impulsar l’ús del canal electrònic.</li>"
                            "<li>La Caravana d’Innovació Digital, per veure com ho fan"
                            " els altres.</li></ul>"
                        ),
                    ),
                ],
            ),
            Section(
                slug="governanca-de-la-dada",
                title="Governança i orientació a la dada",
                lead=(
                    "Saber quines dades teniu, qui en respon i què us diuen abans de"
                    " decidir."
                ),
                body=[
                    (
                        "paragraph",
                        (
                            "<p>Abans de quadres de comandament i prediccions hi ha"
                            " tres preguntes senzilles: on és aquesta dada, qui la"
                            " corregeix quan està malament i quan es va mirar per"
                            " última vegada. Un ajuntament que les pot respondre per a"
                            " deu dades importants ja té governança.</p>"
                        ),
                    ),
                    ("heading", "Hi trobareu"),
                    (
                        "paragraph",
                        (
                            "<ul><li>Impuls per a l’obertura de dades i l’orientació a"
                            " la dada.</li>"
                            "<li>Un apunt per començar avui: <a"
                            ' href="page:tres-conjunts-de-dades-que-ja-teniu">tres'
                            " conjunts de dades que ja teniu</a>.</li></ul>"
                        ),
                    ),
                ],
            ),
            Section(
                slug="intelligencia-artificial",
                title="Solucions basades en IA",
                lead=(
                    "Intel·ligència artificial on ajuda, amb algú que en respongui i"
                    " sense dades que no hi han de ser."
                ),
                body=[
                    (
                        "paragraph",
                        (
                            "<p>Resumir, ordenar, transcriure, proposar un primer"
                            " esborrany: hi ha feines en què ajuda de debò. Decidir"
                            " sobre una persona, no. Abans d’estrenar cap eina,"
                            " escriviu en mitja pàgina per a què serveix, quines dades"
                            " hi entren, qui en revisa el resultat i com es diu a la"
                            " ciutadania que s’ha fet servir.</p>"
                        ),
                    ),
                    ("heading", "Abans de fer-la servir"),
                    (
                        "panels",
                        [
                            {
                                "tag": "Una regla de butxaca",
                                "tone": "plain",
                                "title": (
                                    "Si no ho enganxaríeu en un tauler, no ho enganxeu"
                                    " en un xat"
                                ),
                                "text": (
                                    "<p>Noms, expedients, queixes: el que no és públic"
                                    " no surt de casa per comoditat.</p>"
                                ),
                            },
                            {
                                "tag": "I una pregunta",
                                "tone": "plain",
                                "title": "Qui ho signa?",
                                "text": (
                                    "<p>Si la resposta és «ho ha fet la màquina»,"
                                    " encara no s’ha acabat de fer.</p>"
                                ),
                            },
                        ],
                    ),
                ],
            ),
            Section(
                slug="transparencia-acces-i-integritat",
                title="Transparència, accés i integritat",
                lead=(
                    "El que publiqueu, el que us demanen i com us comporteu: tres potes"
                    " del mateix tamboret."
                ),
                body=[
                    (
                        "paragraph",
                        (
                            "<p>És l’àmbit d’on neixen els Dijous GOmunicipal. Inclou"
                            " la publicitat activa, el dret d’accés a la informació"
                            " pública i la integritat institucional, i és on hi ha més"
                            " recursos del catàleg a punt per demanar.</p>"
                        ),
                    ),
                    (
                        "facts",
                        [
                            {
                                "term": "Gestió",
                                "value": "Gestió de la transparència municipal",
                                "note": "Amb una nova mesura al cap de sis mesos",
                            },
                            {
                                "term": "Publicació",
                                "value": (
                                    "Publicació automatitzada d’informació de"
                                    " transparència"
                                ),
                                "note": "",
                            },
                            {
                                "term": "Accés",
                                "value": (
                                    "Millora de la transparència i l’accés a la"
                                    " informació pública"
                                ),
                                "note": "",
                            },
                            {
                                "term": "Integritat",
                                "value": (
                                    "Assistència per desplegar el sistema d’integritat"
                                    " institucional"
                                ),
                                "note": "",
                            },
                        ],
                    ),
                    ("upcoming", {"title": "Per parlar-ne", "number": 2}),
                ],
            ),
        ),
    ),
    Section(
        slug="fem-ho-facil",
        title="Fem-ho fàcil",
        lead=(
            "Atenció directa a la ciutadania: per trobar informació pública i per"
            " exercir el dret d’accés, amb algú al costat."
        ),
        contact=(
            "<p><b>Adreça d’exemple.</b> La institució que faci servir aquest web hi"
            " posarà qui respon, quan i com.</p>"
        ),
        body=[
            (
                "image",
                {
                    "image": "taulell",
                    "alt": (
                        "Un taulell amb dues cadires, una a cada banda, i una finestra"
                        " oberta."
                    ),
                    "caption": "",
                    "credit": "",
                },
            ),
            (
                "paragraph",
                (
                    "<p>Hi ha qui no demana una informació perquè no sap que pot, i hi"
                    " ha qui ho sap i s’atura davant del formulari. Fem-ho fàcil és per"
                    " a tots dos: ajuda en persona a trobar el que ja és publicat i a"
                    " demanar el que no ho és.</p>"
                ),
            ),
            ("heading", "Com va"),
            (
                "steps",
                [
                    {
                        "title": "Digueu què voleu saber",
                        "text": (
                            "Amb les vostres paraules. No cal saber com es diu el"
                            " tràmit."
                        ),
                    },
                    {
                        "title": "Ho busquem plegats",
                        "text": "Si ja és publicat, us ensenyem on és i com tornar-hi.",
                    },
                    {
                        "title": "Si no hi és, ho demanem",
                        "text": (
                            "Us acompanyem a fer la sol·licitud d’accés i us expliquem"
                            " els terminis."
                        ),
                    },
                    {
                        "title": "I després?",
                        "text": (
                            "Teniu resposta en un mes. Si no us convenç, hi ha on"
                            " reclamar."
                        ),
                    },
                ],
            ),
            (
                "questions",
                [
                    {
                        "question": "Qui hi pot anar?",
                        "answer": (
                            "<p>Qualsevol persona, a partir de setze anys si vol fer"
                            " una sol·licitud d’accés. No cal dir per què es vol la"
                            " informació.</p>"
                        ),
                    },
                    {
                        "question": "On es fa?",
                        "answer": (
                            "<p>Als municipis que han treballat un recurs del catàleg i"
                            " l’acullen. Els llocs i els dies els posarà aquí la"
                            " institució: en aquesta demostració no n’hi ha cap de"
                            " real.</p>"
                        ),
                    },
                    {
                        "question": "El meu ajuntament el pot acollir?",
                        "answer": (
                            "<p>Si heu treballat algun recurs del catàleg, parlem-ne."
                            " Hi poseu el taulell; el mètode i les persones es preparen"
                            " plegats.</p>"
                        ),
                    },
                ],
            ),
        ],
    ),
    Section(
        slug="qui-som",
        title="Qui som",
        lead=(
            "Una plaça: gent d’ajuntaments, consells comarcals i altres ens que es"
            " troben per governar més en obert."
        ),
        body=[
            (
                "image",
                {
                    "image": "placa",
                    "alt": "Una plaça porxada amb un arbre al mig i bancs al voltant.",
                    "caption": "",
                    "credit": "",
                },
            ),
            (
                "paragraph",
                (
                    "<p>Aquest web és el punt de trobada. Hi ha una agenda de sessions,"
                    " apunts escrits per qui s’hi ha trobat abans i espai per"
                    " preguntar. Qualsevol persona que treballi en un ens local hi té"
                    " lloc; per inscriure’s a una sessió no cal cap compte.</p>"
                ),
            ),
            ("heading", "Com treballem"),
            (
                "paragraph",
                (
                    "<ul><li><b>Curt.</b> Una sessió dura una hora; un apunt es llegeix"
                    " en quatre minuts.</li>"
                    "<li><b>Concret.</b> Es parla de casos, amb el que va anar bé i el"
                    " que no.</li>"
                    "<li><b>Obert.</b> El que es fa servir en una sessió queda penjat"
                    " per a qui no hi va poder ser.</li></ul>"
                ),
            ),
            (
                "figures",
                [
                    {
                        "figure": "311",
                        "unit": "",
                        "text": "municipis a la demarcació de Barcelona",
                    },
                    {
                        "figure": "177",
                        "unit": "",
                        "text": "tenen 5.000 habitants o menys",
                    },
                    {
                        "figure": "7",
                        "unit": "sessions",
                        "text": "fetes entre setembre del 2023 i octubre del 2024",
                    },
                ],
            ),
            (
                "contact",
                {
                    "name": "Equip de govern obert (exemple)",
                    "role": "Dubtes sobre les sessions i el web",
                    "unit": "govern-obert",
                    "email": "govern.obert@placa.example",
                    "phone": "930 00 00 00",
                    "hours": "De dilluns a divendres, de 9 a 14 h",
                    "address": "",
                },
            ),
            (
                "related",
                {
                    "title": "Continueu per aquí",
                    "pages": ["dijous-gomunicipal", "municipi360", "ajuda"],
                },
            ),
        ],
    ),
    Section(
        slug="ajuda",
        title="Ajuda",
        lead=(
            "Com us hi inscriviu, com deixeu la plaça, com arriba al calendari i què"
            " podeu fer amb les vostres dades."
        ),
        contact=(
            "<p><b>Adreça d’exemple.</b> La institució que faci servir aquest web hi"
            " posarà qui respon, quan i com.</p>"
        ),
        body=[
            ("heading", "Inscriure-s’hi"),
            (
                "questions",
                [
                    {
                        "question": "Com m’hi inscric?",
                        "answer": (
                            "<p>Obriu la sessió i premeu «Inscriu-m’hi». Es demana el"
                            " nom, el correu de la feina i l’ens. Rebreu un correu de"
                            " confirmació amb una invitació de calendari.</p>"
                        ),
                    },
                    {
                        "question": "Puc inscriure més d’una persona?",
                        "answer": (
                            "<p>Sí: al formulari hi ha l’opció d’inscriure un grup del"
                            " mateix ens. Cadascú rep el seu correu i pot canviar les"
                            " seves dades.</p>"
                        ),
                    },
                    {
                        "question": "La sessió és plena. Val la pena apuntar-s’hi?",
                        "answer": (
                            "<p>Sí. La llista d’espera va per ordre d’arribada i les"
                            " places que es deixen passen soles a qui toca. Us n’avisem"
                            " per correu.</p>"
                        ),
                    },
                ],
            ),
            ("heading", "Canviar-ho o deixar-ho"),
            (
                "questions",
                [
                    {
                        "question": "Com deixo la plaça?",
                        "answer": (
                            "<p>Amb l’enllaç del correu de la inscripció. Us preguntem"
                            " si ho voleu de debò i la plaça passa a qui s’espera."
                            " També podeu rebutjar la invitació del calendari.</p>"
                        ),
                    },
                    {
                        "question": "He escrit malament el nom o l’ens.",
                        "answer": (
                            "<p>El mateix enllaç us deixa corregir-ho, i la invitació"
                            " s’actualitza.</p>"
                        ),
                    },
                    {
                        "question": "He perdut el correu.",
                        "answer": (
                            "<p>Torneu a inscriure-us-hi amb la mateixa adreça: no"
                            " ocupareu dues places i us el tornarem a enviar.</p>"
                        ),
                    },
                ],
            ),
            ("heading", "Veure-hi i sentir-hi"),
            (
                "paragraph",
                (
                    "<p>La lletra creix amb el navegador fins al dos-cents per cent"
                    " sense que es perdi res, tot es pot fer amb el teclat i al peu"
                    " podeu triar entre clar i fosc. En inscriure-us podeu dir què us"
                    " cal per seguir la sessió: intèrpret de llengua de signes,"
                    " materials abans, un lloc accessible. Ho esborrem trenta dies"
                    " després.</p>"
                ),
            ),
            ("heading", "Les vostres dades"),
            (
                "paragraph",
                (
                    "<p>A «Les vostres dades» podeu veure tot el que en tenim,"
                    " baixar-ho, corregir-ho i marxar. L’enllaç és al peu de cada"
                    " pàgina. I si voleu saber què guardem i fins quan, és a la <a"
                    ' href="page:privacitat">pàgina de privacitat</a>.</p>'
                ),
            ),
            (
                "call_to_action",
                {
                    "title": "Proveu-ho amb temps",
                    "text": (
                        "Com arriba la sessió al calendari, i quatre notes per saber si"
                        " el so us va bé."
                    ),
                    "button": "Llegeix l’apunt",
                    "page": "la-sessio-al-vostre-calendari",
                    "tone": "shade",
                },
            ),
        ],
    ),
)
