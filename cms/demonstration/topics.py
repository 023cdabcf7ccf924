"""The pages of the topics: what each is, in a few sentences."""

from cms.demonstration.shapes import TopicText

TITLE = "Temes"

SLUG = "temes"

LEAD = (
    "Cada tema té la seva rajola. Trieu-ne un i hi trobareu les sessions, els"
    " enregistraments i els apunts."
)

TOPICS: tuple[TopicText, ...] = (
    TopicText(
        topic="transparencia-activa",
        slug="transparencia-activa",
        title="Transparència activa",
        lead="El que es publica sense que ningú ho demani.",
        body=[
            (
                "paragraph",
                (
                    "<p>La llei fa una llista de coses que cada ens ha de publicar i"
                    " mantenir al dia: qui mana, què es gasta, què es contracta, què es"
                    " decideix. La llista és llarga; la feina de debò és que sigui"
                    " veritat cada dia. Aquí parlem d’organitzar-se, de publicar sol i"
                    " de no destapar ningú en fer-ho.</p>"
                ),
            ),
        ],
    ),
    TopicText(
        topic="acces-informacio",
        slug="acces-a-la-informacio",
        title="Accés a la informació",
        lead="El que es demana, i el mes que hi ha per respondre.",
        body=[
            (
                "paragraph",
                (
                    "<p>Qualsevol persona a partir de setze anys pot demanar la"
                    " informació que teniu, sense dir per què. Hi ha un mes per"
                    " respondre, i si no es respon, l’accés es dona per concedit."
                    " Sembla senzill fins que arriba la primera: per això en parlem amb"
                    " casos.</p>"
                ),
            ),
        ],
    ),
    TopicText(
        topic="gestio-transparencia",
        slug="gestio-de-la-transparencia",
        title="Gestió de la transparència",
        lead="Qui fa què, quan i amb quin avís.",
        body=[
            (
                "paragraph",
                (
                    "<p>Darrere d’un portal al dia no hi ha una persona molt aplicada:"
                    " hi ha un repartiment, un calendari i algú que se’l mira. Papers,"
                    " suplències, plans i indicadors, perquè la transparència aguanti"
                    " els canvis de govern i els mesos d’agost.</p>"
                ),
            ),
        ],
    ),
    TopicText(
        topic="bon-govern",
        slug="bon-govern",
        title="Bon govern",
        lead="Com ens comportem quan ningú no mira, i quan sí.",
        body=[
            (
                "paragraph",
                (
                    "<p>Integritat, codis de conducta, canals d’alertes, conflictes"
                    " d’interès. Paraules grosses que un dimarts qualsevol es tornen"
                    " molt concretes. Aquí les fem petites: què hi diu, qui respon i"
                    " què passa l’endemà.</p>"
                ),
            ),
        ],
    ),
    TopicText(
        topic="dades-obertes",
        slug="dades-obertes",
        title="Dades obertes",
        lead="Fitxers que algú altre pot fer servir, i que no envelleixen.",
        body=[
            (
                "paragraph",
                (
                    "<p>Una dada oberta és un fitxer que es pot baixar, llegir amb una"
                    " màquina i tornar a fer servir, amb una fitxa que diu què és i de"
                    " quin dia. No cal començar gran. Cal que algú la renovi.</p>"
                ),
            ),
        ],
    ),
    TopicText(
        topic="serveis-digitals",
        slug="serveis-digitals",
        title="Serveis digitals",
        lead="Tràmits, cartes i pantalles que s’entenen a la primera.",
        body=[
            (
                "paragraph",
                (
                    "<p>La transparència també és que un formulari es pugui acabar des"
                    " del telèfon i que una carta digui què heu de fer. Llenguatge"
                    " planer, documents accessibles, calendaris, la caravana: petites"
                    " coses que fan que l’administració sigui més a prop.</p>"
                ),
            ),
        ],
    ),
)
