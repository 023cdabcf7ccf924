"""The series Dijous GOmunicipal. How it works is fact; the sentences are ours."""

from cms.demonstration.shapes import Body

LEAD = (
    "Una hora, un tema i totes les preguntes. Cada mes resolem plegats els dubtes de"
    " transparència i govern obert dels ens locals."
)

BODY: Body = [
    ("heading", "Com funciona"),
    (
        "steps",
        [
            {
                "title": "Us hi inscriviu",
                "text": (
                    "Amb el correu de la feina i el nom del vostre ens. La invitació us"
                    " arriba al calendari a l’instant."
                ),
            },
            {
                "title": "Ens envieu el dubte",
                "text": (
                    "Podeu escriure’l en inscriure-us: preparem la sessió a partir del"
                    " que pregunteu."
                ),
            },
            {
                "title": "Ens hi trobem",
                "text": (
                    "Només cal un ordinador amb càmera i connexió a internet. Obrim la"
                    " sala uns minuts abans, per si voleu provar el so i la imatge."
                ),
            },
            {
                "title": "Dieu com ha anat",
                "text": (
                    "Els últims minuts són per dir què us ha servit i què voldríeu"
                    " tractar un altre dijous."
                ),
            },
        ],
    ),
    (
        "facts",
        [
            {
                "term": "Quan",
                "value": "Un cop al mes, gairebé sempre l’últim dijous",
                "note": "Al desembre i al març no se’n fa",
            },
            {
                "term": "Quant dura",
                "value": "Una hora, amb torn obert de preguntes",
                "note": "",
            },
            {
                "term": "On",
                "value": "En línia, per Teams",
                "note": "Si n’hi ha cap de presencial o d’híbrida, ho diu la sessió",
            },
            {
                "term": "Per a qui",
                "value": "Qualsevol persona que treballi en un ens local",
                "note": "",
            },
            {
                "term": "Acreditació",
                "value": "No s’acredita com a formació",
                "note": "",
            },
        ],
    ),
    (
        "panels",
        [
            {
                "tag": "Obertes a tothom",
                "tone": "ok",
                "title": "Sessions programades",
                "text": (
                    "<p>Les que veieu en aquesta pàgina. No cal haver demanat res"
                    " abans: us hi inscriviu i prou.</p>"
                ),
            },
            {
                "tag": "Per a ens amb un recurs acabat",
                "tone": "info",
                "title": "Suport a demanda",
                "text": (
                    "<p>Una sessió per al vostre ens, sobre el vostre cas. Cal haver"
                    " demanat i acabat un d’aquests dos recursos del catàleg:</p>"
                    "<ul><li>Gestió de la transparència municipal</li>"
                    "<li>Publicació automatitzada d’informació de transparència</li>"
                    "</ul>"
                ),
            },
        ],
    ),
    ("heading", "Preguntes freqüents"),
    (
        "questions",
        [
            {
                "question": "Cal tenir un compte per inscriure-s’hi?",
                "answer": (
                    "<p>No. Escriviu el nom, el correu de la feina i el vostre ens, i"
                    " la invitació us arriba per correu.</p>"
                ),
            },
            {
                "question": "I si la sessió és plena?",
                "answer": (
                    "<p>Us podeu apuntar a la llista d’espera. Quan algú deixa la"
                    " plaça, passa a la primera persona de la llista, que rep la"
                    " invitació sense haver de fer res.</p>"
                ),
            },
            {
                "question": "I si m’hi he inscrit i no puc venir?",
                "answer": (
                    "<p>Obriu l’enllaç del correu de la inscripció i deixeu la plaça:"
                    " potser hi ha algú que l’espera.</p>"
                ),
            },
            {
                "question": "No he fet servir mai Teams. Què em cal?",
                "answer": (
                    "<p>Un ordinador amb càmera. Connecteu-vos-hi uns minuts abans i"
                    " proveu-ho amb calma: hi haurà algú per ajudar-vos.</p>"
                ),
            },
            {
                "question": "Qui decideix els temes?",
                "answer": (
                    "<p>Surten dels dubtes que ens envieu. Si n’hi ha un que us torna"
                    " sovint, escriviu-lo en inscriure-us.</p>"
                ),
            },
        ],
    ),
]
