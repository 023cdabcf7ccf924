"""The words of the demonstration's proposals, all ours: what somebody in a town hall
might ask, and what came of it. Nobody asked it."""

from typing import NamedTuple

TITLE, SLUG = "Propostes de tema", "propostes"
LEAD = (
    "De què hauria d’anar la propera sessió? Doneu suport al que us agradaria sentir, o"
    " proposeu una altra cosa."
)


class ProposalText(NamedTuple):
    """What is proposed, and how far it has come: one of the `WAYS` of the seed. `days`
    are how long ago it came in, was published and was settled; of what a session that
    was held treats, how long before it began, and after its end."""

    way: str
    title: str
    wanted: str
    why: str
    topic: str
    days: tuple[int, int, int]
    supporters: int = 0
    urgency: str = "soon"
    shares: bool = False
    language: str = "ca"
    # The key of the session that treats it, or the address of the page that answers it.
    of: str = ""
    answer: str = ""


PROPOSALS = (
    ProposalText(
        "treated",
        "Qui ha de publicar què dins de l’ajuntament",
        "Com es reparteix la feina quan la informació és de sis departaments i la"
        " publica una sola persona?",
        "Quan aquesta persona és de vacances no es publica res.",
        "gestio-transparencia",
        (70, 67, 6),
        4,
        of="qui-fa-que",
        answer="Ho vam treballar amb un quadre de qui fa què: cada dada té qui la"
        " genera, qui la revisa i qui la publica. El quadre és entre els materials de"
        " la sessió.",
    ),
    ProposalText(
        "treated",
        "Sol·licituds d’accés: com es compta el termini",
        "Des de quin dia compta el mes? I què passa quan hem de demanar l’opinió de"
        " terceres persones?",
        "N’hem respost una tard i no sabem si podíem haver-la ampliat.",
        "acces-informacio",
        (85, 80, 4),
        6,
        urgency="now",
        of="sollicituds-d-acces",
        answer="La gravació explica el còmput amb tres exemples: el termini corre des"
        " que entra a qui l’ha de resoldre, i s’atura mentre es demana l’opinió de"
        " terceres persones.",
    ),
    ProposalText(
        "held",
        "Què us ha funcionat per mantenir el portal al dia",
        "Volem sentir altres ajuntaments: quins recordatoris, quines reunions, quines"
        " eines.",
        "El nostre portal es posa al dia un cop l’any, i es nota.",
        "gestio-transparencia",
        (60, 58, 0),
        5,
        of="intercanvi-d-experiencies",
    ),
    ProposalText(
        "answered",
        "Quines retribucions dels càrrecs electes es publiquen",
        "Cal publicar-les amb nom i cognoms? I les indemnitzacions per assistència?",
        "Cada regidoria ens diu una cosa diferent.",
        "transparencia-activa",
        (420, 418, 409),
        2,
        answer="Sí: les retribucions i les indemnitzacions dels càrrecs electes es"
        " publiquen per persona i per any. Com que la resposta és clara, no ens cal una"
        " sessió.",
    ),
    ProposalText(
        "declined",
        "Ajuda per escriure el plec d’un contracte de neteja",
        "Algú ens pot dir quins criteris hi hem de posar?",
        "No tenim servei de contractació.",
        "bon-govern",
        (390, 386, 380),
        1,
        answer="És una feina molt concreta d’un sol ens, i les sessions són per al que"
        " comparteixen molts. Us hem escrit amb qui us hi pot ajudar.",
    ),
    ProposalText(
        "answered",
        "Límits d’accés: què s’amaga i què no",
        "Tenim una sol·licitud que demana un expedient amb dades personals. Què en"
        " podem donar?",
        "Per por d’equivocar-nos ho deneguem tot.",
        "acces-informacio",
        (200, 197, 190),
        3,
        urgency="now",
        of="sollicituds-d-acces-preguntes-i-respostes",
        answer="Ja ho tenim escrit en un apunt, amb exemples de què s’amaga i com. Si"
        " encara us queda cap dubte, feu-nos una consulta.",
    ),
    ProposalText(
        "withdrawn",
        "Com es fa una agenda pública de l’alcaldia",
        "Quines reunions hi van i quines no?",
        "",
        "transparencia-activa",
        (160, 157, 150),
    ),
    ProposalText(
        "planned",
        "Un codi de conducta per a un ajuntament petit",
        "Quin és el mínim que ha de tenir, i qui el fa complir quan som deu persones?",
        "El que hem copiat d’una ciutat gran no ens serveix.",
        "bon-govern",
        (95, 92, 30),
        7,
        of="integritat",
    ),
    ProposalText(
        "shortlisted",
        "Intel·ligència artificial a l’atenció ciutadana: què cal explicar",
        "Si un assistent respon per nosaltres, què n’hem de publicar i què hem de dir a"
        " qui pregunta?",
        "Ens n’ofereixen cada setmana i no sabem què demanar.",
        "serveis-digitals",
        (75, 72, 20),
        8,
        shares=True,
    ),
    ProposalText(
        "open",
        "Contractes menors: què es publica, on i cada quan",
        "Cada quan s’han de publicar els contractes menors, amb quines dades, i si n’hi"
        " ha prou amb el perfil del contractant.",
        "Cada ens ho fa diferent i ningú no ho troba.",
        "transparencia-activa",
        (60, 57, 0),
        9,
        urgency="now",
    ),
    ProposalText(
        "merged",
        "Publicar els contractes menors cada trimestre",
        "N’hi ha prou de penjar un full de càlcul cada tres mesos?",
        "És el que fem ara.",
        "transparencia-activa",
        (48, 46, 40),
        1,
        of="Contractes menors: què es publica, on i cada quan",
    ),
    ProposalText(
        "open",
        "Inventari de dades d’un poble de mil habitants: per on es comença",
        "Qui l’ha de fer, amb quines columnes, i quines són les tres primeres dades que"
        " val la pena obrir.",
        "No tenim cap persona informàtica.",
        "dades-obertes",
        (40, 38, 0),
        5,
    ),
    ProposalText(
        "open",
        "Cómo se anonimiza un acta antes de publicarla",
        "Qué datos hay que quitar de un acta del pleno y cómo se hace para que no se"
        " puedan recuperar.",
        "Hemos publicado alguna con nombres tapados que se podían copiar.",
        "gestio-transparencia",
        (21, 18, 0),
        3,
        language="es",
    ),
    ProposalText(
        "asked",
        "Tot sobre la transparència",
        "Ens aniria bé una sessió de repàs.",
        "",
        "transparencia-activa",
        (4, 0, 2),
        answer="És molt ampli per a una hora. Quin dubte us hi ha fet pensar?",
    ),
    ProposalText(
        "received",
        "Enregistrar els plens: quant de temps es guarden els vídeos",
        "Els hem de tenir sempre al web? I si hi surt públic?",
        "En tenim deu anys i el servidor és ple.",
        "gestio-transparencia",
        (2, 0, 0),
        urgency="whenever",
    ),
)
