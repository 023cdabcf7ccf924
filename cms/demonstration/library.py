"""The pictures and documents of the demonstration: drawn, played and written for it,
and given to everybody (CC0 1.0)."""

from cms.demonstration.shapes import Picture

# By the name of the file in `pictures/`.
PICTURES: dict[str, Picture] = {
    "bustia": Picture(
        title="Bústia en una paret de rajoles",
        alt="Una bústia verda en una paret de rajoles, amb una carta que hi entra.",
    ),
    "calendari": Picture(
        title="Calendari amb una placa que es mou",
        alt="Un full de calendari amb una placa que s’ha mogut dos dies més enllà.",
    ),
    "caravana": Picture(
        title="Caravana pel camí",
        alt=(
            "Tres carros de colors amb rajoles que avancen per un camí, sota una"
            " garlanda."
        ),
    ),
    "constellacio": Picture(
        title="Cinc cercles i una plaça",
        alt="Cinc cercles de rajola units per línies al voltant d’una plaça.",
    ),
    "escala": Picture(
        title="Escala de rajoles",
        alt="Una escala de rajoles que puja d’esquerra a dreta.",
    ),
    "persianes": Picture(
        title="Façana amb persianes",
        alt=(
            "Una façana amb vuit finestres: unes obertes, unes a mitges i unes"
            " tancades."
        ),
    ),
    "placa": Picture(
        title="Plaça porxada",
        alt="Una plaça porxada amb un arbre al mig i bancs al voltant.",
    ),
    "porta": Picture(
        title="Porta oberta",
        alt="Una porta oberta de bat a bat, amb llum a dins i papers a la vista.",
    ),
    "rajola": Picture(
        title="Paret amb una rajola caiguda",
        alt="Una paret de rajoles amb un buit: la que falta ha caigut a terra.",
    ),
    "taulell": Picture(
        title="Taulell amb dues cadires",
        alt="Un taulell amb dues cadires, una a cada banda, i una finestra oberta.",
    ),
}

# By the name of the file in `files/`.
DOCUMENTS: dict[str, str] = {
    "calendari-de-publicacio.csv": "Calendari de publicació, per omplir",
    "com-va-una-parada.vtt": "Com va una parada (subtítols)",
    "com-va-una-parada.webm": "Com va una parada (vídeo)",
    "de-la-inscripcio-al-calendari.webm": "De la inscripció al calendari (vídeo)",
    "documents-accessibles.pdf": "Abans de desar un document: la llista",
    "equipaments-exemple.csv": "Equipaments d’un municipi inventat",
    "fitxa-de-conjunt.csv": "Fitxa d’un conjunt de dades",
    "fitxa-de-projecte.odt": "Fitxa de projecte, model d’exemple",
    "full-eina-de-seguiment.pdf": (
        "Full de la sessió: Treu-li suc a l’eina de seguiment"
    ),
    "full-intercanvi-d-experiencies.pdf": (
        "Full de la sessió: Intercanvi d’experiències"
    ),
    "full-nous-electes.pdf": "Full de la sessió: Nous electes a l’ajuntament",
    "full-portal-de-transparencia.pdf": "Full de la sessió: El portal de transparència",
    "full-qui-fa-que.pdf": "Full de la sessió: Qui té cada paper",
    "full-sistema-d-avisos.pdf": "Full de la sessió: Un sistema d’avisos",
    "full-sollicituds-d-acces.pdf": "Full de la sessió: Les sol·licituds d’accés",
    "model-de-resposta.odt": "Model de resposta, per adaptar",
    "quatre-notes.mp3": "Quatre notes per provar el so",
    "revisio-mensual.csv": "Revisió mensual, amb dues files d’exemple",
}
