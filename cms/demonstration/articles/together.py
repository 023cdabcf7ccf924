"""On what local bodies do together: the caravan, Municipi360."""

from datetime import date

from cms.demonstration.shapes import Article

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="que-us-deixa-una-parada-de-la-caravana",
        title="Què us deixa una parada de la caravana",
        lead=(
            "La Caravana d’Innovació Digital porta gent d’un ens a veure com treballa"
            " un altre. Què hi posa cadascú i què en queda quan se’n va."
        ),
        published=date(2024, 11, 21),
        authors=("equip",),
        topics=("serveis-digitals", "bon-govern"),
        tags=("caravana", "bones pràctiques"),
        body=[
            (
                "paragraph",
                (
                    "<p>Quan una cosa us surt bé, el més difícil és adonar-vos-en."
                    " Sembla normal: «això ho fa tothom». La caravana serveix per a"
                    " això: algú d’una altra administració ve, mira, pregunta coses"
                    " òbvies i, en respondre-les, us adoneu que no ho eren.</p>"
                ),
            ),
            ("heading", "Una parada, de principi a fi"),
            (
                "steps",
                [
                    {
                        "title": "Us proposeu",
                        "text": (
                            "Com a amfitrions, amb una pràctica que ja funciona. No cal"
                            " que sigui gran ni que l’hagi premiada ningú."
                        ),
                    },
                    {
                        "title": "Us busquem relator",
                        "text": (
                            "Algú d’un altre ens, que fa una feina semblant i té ganes"
                            " de saber com ho heu fet."
                        ),
                    },
                    {
                        "title": "La visita",
                        "text": (
                            "Es veu funcionant, no en diapositives. I es parla també"
                            " del que va sortir malament."
                        ),
                    },
                    {
                        "title": "La crònica",
                        "text": (
                            "L’escriu qui hi ha anat i la valida qui l’ha rebut. Es"
                            " publica com a bona pràctica."
                        ),
                    },
                    {
                        "title": "L’adaptació",
                        "text": (
                            "Altres ens la prenen i la fan seva. És aquí on una visita"
                            " d’un matí val la pena."
                        ),
                    },
                ],
            ),
            ("heading", "El que en queda"),
            (
                "paragraph",
                (
                    "<ul><li><b>A qui ha obert la porta</b>, una explicació escrita de"
                    " la seva pròpia feina. El dia que marxi qui la fa, hi serà.</li>"
                    "<li><b>A qui hi ha anat</b>, un telèfon. Poder trucar a algú que"
                    " ja s’hi ha trobat estalvia setmanes.</li>"
                    "<li><b>A tots els altres</b>, la crònica: què es va fer, amb què,"
                    " quant va costar i què no repetirien.</li></ul>"
                ),
            ),
            (
                "paragraph",
                (
                    "<p>La caravana ja s’ha aturat, per exemple, a l’Institut Municipal"
                    " d’Hisenda de Barcelona, amb una tècnica de Rubí. Un ens gran i"
                    " una ciutat del Vallès: les preguntes bones no depenen de la"
                    " mida.</p>"
                ),
            ),
        ],
        picture="caravana",
    ),
    Article(
        slug="amfitrio-o-relator-trieu-seient",
        title="Amfitrió o relator: trieu seient a la caravana",
        lead=(
            "Dues maneres de pujar-hi i cinc àmbits per triar. Una guia per decidir-ho"
            " en el temps d’un cafè."
        ),
        published=date(2025, 3, 27),
        authors=("mireia",),
        topics=("serveis-digitals", "dades-obertes"),
        tags=("caravana", "bones pràctiques"),
        body=[
            (
                "paragraph",
                (
                    "<p>L’amfitrió comparteix una pràctica. El relator entrevista qui"
                    " l’ha desenvolupada, des d’una altra administració. Són dos papers"
                    " diferents i no són per sempre: qui avui pregunta, demà pot obrir"
                    " la porta.</p>"
                ),
            ),
            ("heading", "Quin és el vostre?"),
            (
                "panels",
                [
                    {
                        "tag": "Obriu la porta",
                        "tone": "ok",
                        "title": "Amfitrió, si…",
                        "text": (
                            "<ul><li>Teniu alguna cosa en marxa, encara que us faci"
                            " vergonya ensenyar-la.</li>"
                            "<li>Podeu dedicar un matí a explicar-la i una tarda a"
                            " revisar la crònica.</li>"
                            "<li>Esteu disposats a dir què no va funcionar.</li></ul>"
                        ),
                    },
                    {
                        "tag": "Feu les preguntes",
                        "tone": "plain",
                        "title": "Relator, si…",
                        "text": (
                            "<ul><li>Teniu al davant un problema que algú altre ja ha"
                            " resolt.</li>"
                            "<li>Us agrada escoltar i escriure curt.</li>"
                            "<li>Treballeu en una altra administració que l’amfitrió."
                            " És l’única condició fixa.</li></ul>"
                        ),
                    },
                ],
            ),
            ("heading", "Els cinc àmbits"),
            (
                "facts",
                [
                    {
                        "term": "Serveis per a col·lectius",
                        "value": (
                            "Gent gran, empreses, jovent: serveis digitals que els"
                            " queden a prop"
                        ),
                        "note": "",
                    },
                    {
                        "term": "Obertura de dades",
                        "value": "Dades públiques que la societat pot fer servir",
                        "note": "",
                    },
                    {
                        "term": "Transparència efectiva",
                        "value": "Pràctica i a l’abast de tothom",
                        "note": "",
                    },
                    {
                        "term": "Serveis fàcils",
                        "value": "Hiperautomatitzats per dins i senzills per fora",
                        "note": "",
                    },
                    {
                        "term": "Dades massives i sensors",
                        "value": "Per millorar serveis i preveure què farà falta",
                        "note": "",
                    },
                ],
            ),
            ("heading", "Un kit perquè no comenceu de zero"),
            (
                "paragraph",
                (
                    "<p>Hi ha un conjunt d’eines per a amfitrions i relators. Unes són"
                    " per triar, segons com sigueu i què ensenyeu; d’altres són per a"
                    " tothom, perquè les cròniques es puguin comparar. L’espai de la"
                    " caravana en aquest web encara s’està construint: mentrestant, si"
                    " us ve de gust una parada, digueu-ho en un <a"
                    ' href="page:dijous-gomunicipal">Dijous</a>.</p>'
                ),
            ),
        ],
    ),
    Article(
        slug="municipi360-explicat-a-vitoria-gasteiz",
        title="Municipi360, explicat a Vitòria-Gasteiz",
        lead=(
            "El model de suport als municipis va ser a la XI Cimera Global de l’Aliança"
            " per al Govern Obert. Què és, en quatre idees."
        ),
        published=date(2025, 10, 23),
        authors=("equip",),
        topics=("bon-govern", "gestio-transparencia"),
        tags=("Municipi360", "govern obert"),
        body=[
            (
                "paragraph",
                (
                    "<p>A principis d’octubre, Vitòria-Gasteiz va acollir la XI Cimera"
                    " Global de l’Aliança per al Govern Obert. La Fundació Democràcia i"
                    " Govern Local hi va organitzar la taula rodona «Governs locals"
                    " intermedis i transparència», i s’hi va parlar de Municipi360, el"
                    " servei de suport i assistència de la Diputació de Barcelona.</p>"
                ),
            ),
            ("heading", "Quatre idees"),
            (
                "paragraph",
                (
                    "<ol><li><b>Primer, qui té menys.</b> El suport en transparència és"
                    " una prioritat sobretot per als ens amb menys població i menys"
                    " recursos tècnics, econòmics o materials.</li>"
                    "<li><b>Tot d’una peça.</b> Govern obert, serveis digitals, dades,"
                    " intel·ligència artificial i transparència, accés i integritat:"
                    " l’ajuntament truca a una sola porta.</li>"
                    "<li><b>També la ciutadania.</b> Amb Fem-ho fàcil hi ha un canal"
                    " d’atenció directa a les persones, no només als ens.</li>"
                    "<li><b>Escoltar és part de la feina.</b> Atendre qui pregunta fa"
                    " que l’organització aprengui què no s’entén.</li></ol>"
                ),
            ),
            ("heading", "Per què explicar-ho a fora"),
            (
                "paragraph",
                (
                    "<p>Perquè el mateix problema el tenen a tot arreu: molts governs"
                    " petits, una llei igual per a tots i poca gent per complir-la. Un"
                    " govern intermedi, com una diputació, un cabildo o un consell"
                    " comarcal, hi pot posar el que cap ajuntament sol no es pot pagar:"
                    " algú que hi entengui, eines compartides i un lloc on preguntar"
                    " sense vergonya. El que canvia d’un territori a l’altre és com es"
                    " fa; d’això es parlava.</p>"
                ),
            ),
            (
                "paragraph",
                (
                    "<p>La resta —la caravana i els recursos del catàleg, des de la"
                    " publicació automatitzada fins als tallers del canal electrònic—"
                    " són maneres d’arribar-hi. Us ho expliquem amb calma a la pàgina"
                    ' de <a href="page:municipi360">Municipi360</a>, àmbit per'
                    " àmbit.</p>"
                ),
            ),
        ],
        picture="constellacio",
    ),
)
