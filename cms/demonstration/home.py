"""The front door."""

from cms.demonstration.shapes import Body

HERO = "Governar en\u00a0obert s’aprèn plegats"

LEAD = (
    "La comunitat on els ens locals comparteixen dubtes, recursos i bones pràctiques de"
    " transparència, dades obertes i integritat."
)

BODY: Body = [
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
        "related",
        {
            "title": "Més coses de la plaça",
            "pages": ["temes", "municipi360", "fem-ho-facil"],
        },
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
