"""What stands around the pages: who signs, the foot, an alert that is over."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cms.demonstration.shapes import AuthorText, Texts

# By the name that articles use.
AUTHORS: dict[str, AuthorText] = {
    "mireia": AuthorText(
        name="Mireia Mostra",
        role={
            "ca": "Tècnica de transparència (persona inventada)",
            "es": "Técnica de transparencia (persona inventada)",
            "en": "Transparency officer (an invented person)",
        },
    ),
    "ona": AuthorText(
        name="Ona Esbós",
        role={
            "ca": "Secretària interventora (persona inventada)",
            "es": "Secretaria interventora (persona inventada)",
            "en": "Secretary and comptroller (an invented person)",
        },
    ),
    "pau": AuthorText(
        name="Pau Plantilla",
        role={
            "ca": "Arxiver municipal (persona inventada)",
            "es": "Archivero municipal (persona inventada)",
            "en": "Municipal archivist (an invented person)",
        },
    ),
    "roc": AuthorText(
        name="Roc Model",
        role={
            "ca": "Tècnic de dades obertes (persona inventada)",
            "es": "Técnico de datos abiertos (persona inventada)",
            "en": "Open data officer (an invented person)",
        },
    ),
    "equip": AuthorText(
        name="Equip de Plaça",
        role={
            "ca": "Redacció de la demostració",
            "es": "Redacción de la demostración",
            "en": "Editors of the demonstration",
        },
        is_of_the_house=True,
    ),
}

ABOUT: Texts = {
    "ca": (
        "La comunitat on els ens locals comparteixen dubtes, recursos i bones"
        " pràctiques. Contingut de demostració: les persones i els contactes són"
        " inventats."
    ),
    "es": (
        "La comunidad donde los entes locales comparten dudas, recursos y buenas"
        " prácticas. Contenido de demostración: las personas y los contactos son"
        " inventados."
    ),
    "en": (
        "Where local bodies share doubts, resources and good practice. Demonstration"
        " content: people and contacts are invented."
    ),
}

CONTACT: Texts = {
    "ca": "Equip de govern obert (exemple)\nDe dilluns a divendres, de 9 a 14 h",
    "es": "Equipo de gobierno abierto (ejemplo)\nDe lunes a viernes, de 9 a 14 h",
    "en": "Open government team (example)\nMonday to Friday, 9 to 14 h",
}

EMAIL = "govern.obert@placa.example"

TELEPHONE = "930 00 00 00"

CARD = "placa"

# The pages that the foot leads to, by their slug.
FOOT = ("qui-som", "ajuda", "fem-ho-facil")

FOOT_LEGAL = ("avis-legal", "privacitat", "galetes", "accessibilitat")

ALERT: Texts = {
    "ca": (
        "Dissabte 12 de setembre de 2026, de 8 a 10 h, actualitzarem el web i no s’hi"
        " podrà entrar."
    ),
    "es": (
        "El sábado 12 de septiembre de 2026, de 8 a 10 h, actualizaremos la web y no se"
        " podrá entrar."
    ),
    "en": (
        "On Saturday 12 September 2026, from 8 to 10 h, we update the site and nobody"
        " can get in."
    ),
}

ALERT_LINK: Texts = {
    "ca": "Què podeu fer mentrestant",
    "es": "Qué puede hacer mientras tanto",
    "en": "What you can do meanwhile",
}

ALERT_PAGE = "ajuda"

ALERT_STARTS = datetime(2026, 9, 7, 8, tzinfo=ZoneInfo("Europe/Madrid"))
ALERT_UNTIL = datetime(2026, 9, 12, 10, tzinfo=ZoneInfo("Europe/Madrid"))
