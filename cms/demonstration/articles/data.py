"""On open data and automated publication."""

from datetime import date

from cms.demonstration.shapes import Article

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="tres-conjunts-de-dades-que-ja-teniu",
        title="Tres conjunts de dades que ja teniu",
        lead=(
            "Obrir dades no comença amb un portal nou. Comença amb tres fulls de càlcul"
            " que algú ja omple cada mes."
        ),
        published=date(2025, 2, 20),
        authors=("roc",),
        topics=("dades-obertes",),
        tags=("dades obertes", "primers passos"),
        body=[
            (
                "paragraph",
                (
                    "<p>Quan un ajuntament es planteja les dades obertes, la primera"
                    " reunió sol anar de plataformes. Proposem que la primera vagi de"
                    " calaixos. Què hi ha, en un full, que algú de fora ja us ha"
                    " demanat alguna vegada?</p>"
                ),
            ),
            (
                "table",
                {
                    "caption": "Tres conjunts per començar",
                    "columns": [
                        "Conjunt",
                        "Una fila és",
                        "Canvia",
                        "Què se n’ha de treure",
                    ],
                    "rows": [
                        [
                            "Equipaments",
                            "Un edifici o una instal·lació",
                            "Poques vegades l’any",
                            "El telèfon mòbil de qui en té la clau",
                        ],
                        [
                            "Agenda d’activitats",
                            "Una activitat, un dia",
                            "Cada setmana",
                            "Noms de participants i d’infants",
                        ],
                        [
                            "Contractes menors",
                            "Un contracte",
                            "Cada trimestre",
                            "El document d’identitat de les persones físiques",
                        ],
                    ],
                },
            ),
            ("heading", "El mínim perquè siguin dades"),
            (
                "paragraph",
                (
                    "<ul><li>Un fitxer CSV: una fila per cosa, una columna per"
                    " pregunta, la primera fila amb els noms.</li>"
                    "<li>Dates sempre igual (2025-02-20), imports sense símbols i un"
                    " codi que no canviï per a cada fila.</li>"
                    "<li>Una fitxa: què és, de quin dia, cada quant es renova, amb"
                    " quina llicència i a qui s’hi escriu.</li>"
                    "<li>Una adreça que no canviï. El fitxer nou substitueix el vell;"
                    " l’enllaç és el mateix.</li></ul>"
                ),
            ),
            ("heading", "I després, que no envelleixin"),
            (
                "paragraph",
                (
                    "<p>Un conjunt sol que es renova val més que deu d’oblidats. Si"
                    " ningú no pot dir qui el renovarà al juliol, encara no és l’hora"
                    " de publicar-lo. Quan el primer hagi passat un any sencer sense"
                    " que ningú el persegueixi, obriu el segon.</p>"
                ),
            ),
            (
                "documents",
                [
                    {
                        "document": "equipaments-exemple.csv",
                        "title": "Equipaments d’un municipi inventat",
                    },
                    {
                        "document": "fitxa-de-conjunt.csv",
                        "title": "La fitxa que l’acompanya",
                    },
                ],
            ),
        ],
    ),
    Article(
        slug="quan-la-dada-no-arriba",
        title="Quan la dada no arriba: publicació automàtica sense ensurts",
        lead=(
            "El que es publica sol també deixa de publicar-se sol, i en silenci. Tres"
            " llocs on mirar i una revisió de deu minuts al mes."
        ),
        published=date(2026, 10, 22),
        authors=("roc", "mireia"),
        topics=("transparencia-activa", "dades-obertes"),
        tags=("publicació automatitzada", "qualitat"),
        body=[
            (
                "paragraph",
                (
                    "<p>La publicació automatitzada és una gran cosa: el contracte que"
                    " es registra en un programa apareix al portal sense que ningú el"
                    " torni a teclejar. Fins que un dimarts deixa d’aparèixer. Com que"
                    " ningú no ho feia, ningú no ho troba a faltar. El portal continua"
                    " dret, amb les dades de fa quatre mesos.</p>"
                ),
            ),
            ("heading", "Els tres llocs on es trenca"),
            (
                "steps",
                [
                    {
                        "title": "A la font",
                        "text": (
                            "Ha canviat el programa, una columna es diu d’una altra"
                            " manera o qui omplia el camp ha marxat."
                        ),
                    },
                    {
                        "title": "Pel camí",
                        "text": (
                            "Ha caducat una clau o un certificat, s’ha mogut un"
                            " servidor, algú ha tancat una porta per seguretat."
                        ),
                    },
                    {
                        "title": "Al final",
                        "text": (
                            "La dada arriba, però el portal la rebutja o la publica on"
                            " no es veu."
                        ),
                    },
                ],
            ),
            ("heading", "Deu minuts al mes"),
            (
                "paragraph",
                (
                    "<p>Poseu-vos-ho al calendari, amb nom i suplent. Per a cada"
                    " conjunt que es publica sol, mireu tres coses i apunteu-les en una"
                    " ratlla:</p>"
                    "<ol><li>La data de l’últim registre. Si és més vella que el ritme"
                    " normal, alguna cosa passa.</li>"
                    "<li>Quants n’hi ha. Un conjunt que cada mes creix i aquest mes no,"
                    " o que perd la meitat de files, demana una trucada.</li>"
                    "<li>Un registre qualsevol, comparat amb l’original. Un de sol,"
                    " cada mes un de diferent.</li></ol>"
                ),
            ),
            (
                "panels",
                [
                    {
                        "tag": "Què diem mentrestant",
                        "tone": "ok",
                        "title": "La veritat, amb data",
                        "text": (
                            "<p>«Les dades d’aquest apartat són del 3 de juny. La"
                            " connexió que les renova ha fallat i l’estem arreglant;"
                            " mentrestant, les podeu demanar a l’oficina.» Tres frases"
                            " i ningú no s’enfada.</p>"
                        ),
                    },
                    {
                        "tag": "Què no fem",
                        "tone": "plain",
                        "title": "Un zero no és un buit",
                        "text": (
                            "<p>No publiqueu zeros quan no hi ha dada. «Cap contracte»"
                            " i «no ho sabem» són coses molt diferents, i la gent fa"
                            " sumes.</p>"
                        ),
                    },
                ],
            ),
            (
                "call_to_action",
                {
                    "title": "En parlem un dijous",
                    "text": (
                        "A la sessió sobre publicació automatitzada mirem casos i"
                        " sortim amb la revisió feta."
                    ),
                    "button": "Mira quan és",
                    "page": "dijous-gomunicipal",
                    "tone": "accent",
                },
            ),
        ],
        picture="rajola",
        files={"revisio-mensual.csv": "Revisió mensual, amb dues files d’exemple"},
    ),
    Article(
        slug="publicar-sense-destapar-ningu",
        title="Publicar sense destapar ningú",
        lead=(
            "Transparència i protecció de dades no són adversàries. Quatre preguntes"
            " per fer-se abans de prémer «publica»."
        ),
        published=date(2025, 6, 19),
        authors=("pau", "ona"),
        topics=("transparencia-activa", "dades-obertes"),
        tags=("dades personals", "protecció de dades"),
        body=[
            (
                "paragraph",
                (
                    "<p>La por de publicar una dada personal fa que sovint no es"
                    " publiqui res. I la pressa fa el contrari: una llista d’ajuts amb"
                    " noms, adreces i documents d’identitat sencers. Entre l’una i"
                    " l’altra hi ha una mirada de dos minuts que es pot aprendre.</p>"
                ),
            ),
            ("heading", "Quatre preguntes"),
            (
                "steps",
                [
                    {
                        "title": "Qui hi surt?",
                        "text": (
                            "Una empresa no és una persona; un autònom, sí. Un càrrec"
                            " electe ho és en la seva funció, no a casa seva."
                        ),
                    },
                    {
                        "title": "Qui ho mana?",
                        "text": (
                            "Si una llei obliga a publicar-ho amb el nom, publiqueu el"
                            " nom i res més. Si no, el nom segurament hi sobra."
                        ),
                    },
                    {
                        "title": "Es pot fer mal?",
                        "text": (
                            "Ajuts socials, salut, violència, menors. Aquí la resposta"
                            " és que no es publica, encara que només hi hagi inicials."
                        ),
                    },
                    {
                        "title": "Fins quan?",
                        "text": (
                            "Poseu-hi la data de retirada el mateix dia que ho pengeu."
                            " D’aquí a cinc anys ningú no hi pensarà."
                        ),
                    },
                ],
            ),
            ("heading", "El document d’identitat, mai sencer"),
            (
                "paragraph",
                (
                    "<p>Quan s’ha d’identificar algú en una publicació, s’hi posa el"
                    " nom, els cognoms i quatre xifres del document d’identitat, no pas"
                    " totes. I sempre les mateixes quatre posicions: si cada llista"
                    " n’ensenya unes de diferents, amb dues llistes es pot refer el"
                    " número. Les autoritats de protecció de dades han publicat un"
                    " criteri comú per triar-les; feu-lo servir.</p>"
                ),
            ),
            ("heading", "Els racons on s’amaguen"),
            (
                "paragraph",
                (
                    "<ul><li>Les propietats del fitxer: qui l’ha fet, qui l’ha revisat,"
                    " els comentaris.</li>"
                    "<li>Les columnes ocultes del full de càlcul i els altres fulls del"
                    " llibre.</li>"
                    "<li>El quadre negre dibuixat damunt del nom: a sota hi ha el"
                    " nom.</li>"
                    "<li>La foto amb coordenades i les matrícules.</li>"
                    "<li>Els grups petits: «una persona de 94 anys» en un poble de"
                    " tres-cents habitants té nom i cognoms.</li></ul>"
                ),
            ),
            (
                "paragraph",
                (
                    "<p>Si dubteu, parleu amb la persona delegada de protecció de dades"
                    " abans, i no després. I si s’ha escapat una dada, traieu-la,"
                    " apunteu quan i digueu-ho: aquell rellotge també corre.</p>"
                ),
            ),
        ],
        picture="persianes",
    ),
)
