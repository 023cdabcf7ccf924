"""On integrity: codes of conduct and channels for alerts."""

from datetime import date

from cms.demonstration.shapes import Article

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="un-codi-de-conducta-que-cap-en-una-pagina",
        title="Un codi de conducta que cap en una pàgina",
        lead=(
            "Un sistema d’integritat és més que un document. Però el document, si és"
            " curt i concret, fa que la resta tingui on agafar-se."
        ),
        published=date(2025, 5, 22),
        authors=("ona", "pau"),
        topics=("bon-govern",),
        tags=("integritat", "codi de conducta"),
        body=[
            (
                "paragraph",
                (
                    "<p>Els codis de conducta llargs comparteixen un defecte: tothom hi"
                    " està d’acord i ningú no els recorda. «Actuarem amb honestedat» no"
                    " ajuda qui té sobre la taula una invitació a dinar d’un proveïdor."
                    " Un codi útil respon la pregunta d’aquell dimarts.</p>"
                ),
            ),
            ("heading", "Sis preguntes, sis respostes curtes"),
            (
                "questions",
                [
                    {
                        "question": "Em volen fer un regal. El puc acceptar?",
                        "answer": (
                            "<p>Digueu un límit i una sortida: què sí, què no, i què"
                            " se’n fa del que no s’ha pogut tornar. Un «depèn» sense"
                            " exemple és un no dit fluix.</p>"
                        ),
                    },
                    {
                        "question": "Conec qui es presenta al concurs. Què faig?",
                        "answer": (
                            "<p>Ho dius abans que comenci, per escrit, i decideix una"
                            " altra persona si t’has d’apartar. Avisar no és confessar"
                            " res.</p>"
                        ),
                    },
                    {
                        "question": "Puc tenir una altra feina?",
                        "answer": (
                            "<p>Sovint sí, demanant la compatibilitat primer. El codi"
                            " diu on es demana i qui ho resol.</p>"
                        ),
                    },
                    {
                        "question": "Què puc dir a les xarxes?",
                        "answer": (
                            "<p>El que vulgueu com a persona, i res del que sabeu per"
                            " la feina. I no feu servir el càrrec per tenir raó.</p>"
                        ),
                    },
                    {
                        "question": "Qui em veu l’agenda?",
                        "answer": (
                            "<p>Les reunions dels càrrecs amb qui vol influir en una"
                            " decisió es publiquen: amb qui, quan i de què.</p>"
                        ),
                    },
                    {
                        "question": "I si veig que algú no ho compleix?",
                        "answer": (
                            "<p>Hi ha un canal que protegeix qui avisa. El codi acaba"
                            " amb la seva adreça, no amb un lema.</p>"
                        ),
                    },
                ],
            ),
            ("heading", "Del paper al sistema"),
            (
                "paragraph",
                (
                    "<p>El codi és la porta. A dins hi ha d’haver algú que respongui"
                    " dubtes en pocs dies, un mapa de riscos encara que sigui de deu"
                    " ratlles, una estona de formació cada any i el canal d’alertes. El"
                    " catàleg té un recurs per desplegar el <i>sistema d’integritat"
                    " institucional</i>; si hi penseu, porteu a la primera reunió la"
                    " llista de dubtes que ja us han arribat. Val més que cap"
                    " plantilla.</p>"
                ),
            ),
            (
                "quote",
                {
                    "text": "Un bon codi no diu com hem de ser. Diu què fem dimarts.",
                    "who": "Pau Plantilla",
                    "role": "Arxiver municipal (persona inventada)",
                },
            ),
        ],
    ),
    Article(
        slug="un-canal-d-alertes-que-la-gent-gosi-fer-servir",
        title="Un canal d’alertes que la gent gosi fer servir",
        lead=(
            "Tenir-ne és obligatori. Que algú s’hi atreveixi depèn de quatre coses que"
            " es veuen abans d’escriure-hi la primera paraula."
        ),
        published=date(2025, 9, 25),
        authors=("ona",),
        topics=("bon-govern",),
        tags=("integritat", "canal d’alertes"),
        body=[
            (
                "paragraph",
                (
                    "<p>Qui pensa a avisar d’una irregularitat ja ha passat unes"
                    " quantes nits sense dormir. Obre la pàgina del canal i, en deu"
                    " segons, decideix. No llegeix el reglament: mira si hi haurà de"
                    " posar el nom, qui ho llegirà i què passarà després.</p>"
                ),
            ),
            ("heading", "Quatre coses que s’han de veure"),
            (
                "panels",
                [
                    {
                        "tag": "",
                        "tone": "ok",
                        "title": "Es pot ser anònim",
                        "text": (
                            "<p>El nom és una casella que es pot deixar buida, i s’hi"
                            " diu que no passa res si s’hi deixa.</p>"
                        ),
                    },
                    {
                        "tag": "",
                        "tone": "ok",
                        "title": "Se sap qui ho llegeix",
                        "text": (
                            "<p>Una persona o un òrgan, amb el càrrec. I qui no ho"
                            " llegirà: ni alcaldia, ni l’àrea de qui es parla.</p>"
                        ),
                    },
                    {
                        "tag": "",
                        "tone": "ok",
                        "title": "Hi ha un codi per tornar",
                        "text": (
                            "<p>Sense correu ni compte: un codi per mirar com va i"
                            " contestar preguntes. Qui el perd, ha de tornar a"
                            " començar, i val més així.</p>"
                        ),
                    },
                    {
                        "tag": "",
                        "tone": "ok",
                        "title": "Hi ha dates",
                        "text": (
                            "<p>Set dies naturals per dir que s’ha rebut. I un termini"
                            " per respondre, escrit, no «com més aviat millor».</p>"
                        ),
                    },
                ],
            ),
            ("heading", "Si sou pocs"),
            (
                "paragraph",
                (
                    "<p>En un ajuntament de vuit persones l’anonimat és fràgil: només"
                    " una sap allò de la factura. Per això la llei deixa que els"
                    " municipis petits comparteixin canal amb altres ens, i sovint és"
                    " la millor idea. Qui llegeix l’avís des de fora no creua la mirada"
                    " amb ningú al passadís.</p>"
                    "<p>I penseu en l’endemà: qui ha avisat ha de tenir a qui dir que"
                    " l’estan tractant diferent. La protecció contra les represàlies no"
                    " és un paràgraf; és una persona amb un telèfon.</p>"
                ),
            ),
            ("heading", "El dia que arriba la primera"),
            (
                "steps",
                [
                    {
                        "title": "No ho comenteu",
                        "text": (
                            "Ni per preguntar. Cada persona que ho sap és una"
                            " possibilitat que se sàpiga qui ha avisat."
                        ),
                    },
                    {
                        "title": "Digueu que ha arribat",
                        "text": (
                            "Pel mateix canal i dins dels set dies, encara que no"
                            " tingueu res més a dir."
                        ),
                    },
                    {
                        "title": "Separeu els papers",
                        "text": (
                            "Qui rep no investiga; qui investiga no decideix. En un ens"
                            " petit, demaneu ajuda a fora."
                        ),
                    },
                ],
            ),
        ],
        picture="bustia",
    ),
)
