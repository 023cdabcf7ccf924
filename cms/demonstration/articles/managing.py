"""On organising the work of transparency."""

from datetime import date

from cms.demonstration.shapes import Article

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="transparencia-ajuntament-petit",
        title="Transparència en un ajuntament petit: per on es comença",
        lead=(
            "Quan tothom fa una mica de tot, la transparència no pot ser una feina més."
            " Ha de ser l’últim pas de la feina que ja feu."
        ),
        published=date(2024, 2, 8),
        authors=("ona",),
        topics=("gestio-transparencia", "transparencia-activa"),
        tags=("ajuntaments petits", "organització"),
        body=[
            (
                "paragraph",
                (
                    "<p>Penseu en un ajuntament de mil dos-cents habitants: una"
                    " secretària, dues persones a l’oficina, una arquitecta que ve els"
                    " dimarts. La llei els demana gairebé el mateix que a una ciutat, i"
                    " el dia té les mateixes hores. No hi ha cap truc per fer-ho tot"
                    " alhora. Hi ha, això sí, un ordre que fa que el primer trimestre"
                    " ja es noti.</p>"
                ),
            ),
            ("heading", "Comenceu pel que ja es mou sol"),
            (
                "paragraph",
                (
                    "<p>Hi ha informació que neix d’un tràmit que no us podeu saltar:"
                    " l’acta del ple, el contracte que se signa, el pressupost que"
                    " s’aprova. Publicar-la és l’últim pas d’aquell tràmit, no una"
                    " tasca a part. Si l’acta s’aprova un dijous, el mateix dijous es"
                    " penja. L’endemà ja costa més, i al cap d’un mes ningú no recorda"
                    " qui ho havia de fer.</p>"
                ),
            ),
            ("heading", "Quatre passos per al primer trimestre"),
            (
                "steps",
                [
                    {
                        "title": "Feu la llista",
                        "text": (
                            "Què us obliga a publicar la llei, qui ho té i cada quant"
                            " canvia. Un full de càlcul i una fila per a cada cosa."
                        ),
                    },
                    {
                        "title": "Poseu-hi noms",
                        "text": (
                            "Cada fila té qui guarda la informació, qui la revisa i qui"
                            " la penja. Pot ser la mateixa persona, però ha de constar."
                        ),
                    },
                    {
                        "title": "Marqueu el dia",
                        "text": (
                            "El que canvia cada mes va al calendari. El que canvia amb"
                            " un acord va al final de l’acord."
                        ),
                    },
                    {
                        "title": "Mireu-ho des de fora",
                        "text": (
                            "Un cop al trimestre, busqueu-hi tres coses com ho faria un"
                            " veí. El que no trobeu en tres clics, no hi és."
                        ),
                    },
                ],
            ),
            ("heading", "El que pot esperar"),
            (
                "paragraph",
                (
                    "<ul><li>Els apartats a mitges. Val més una relació de contractes"
                    " menors completa que deu apartats començats.</li>"
                    "<li>Els textos de presentació. Si un apartat explica què és la"
                    " transparència i no té cap dada, traieu-ne l’explicació.</li>"
                    "<li>El disseny. Un portal senzill i al dia guanya sempre un portal"
                    " bonic i vell.</li></ul>"
                    "<p>Al full adjunt hi ha dotze files d’exemple perquè no comenceu"
                    " amb la pàgina en blanc: esborreu el que no us serveixi i poseu-hi"
                    " els vostres noms. Si dubteu de com repartir-vos els papers,"
                    ' continueu per <a href="page:qui-fa-que-tambe-a-l-agost">qui fa'
                    " què, també a l’agost</a>.</p>"
                ),
            ),
            (
                "quote",
                {
                    "text": (
                        "La transparència no és una carpeta: és l’última ratlla de cada"
                        " tràmit."
                    ),
                    "who": "Ona Esbós",
                    "role": "Secretària interventora (persona inventada)",
                },
            ),
        ],
        picture="placa",
        files={"calendari-de-publicacio.csv": "Calendari de publicació, per omplir"},
    ),
    Article(
        slug="qui-fa-que-tambe-a-l-agost",
        title="Qui fa què, també a l’agost",
        lead=(
            "Si el portal depèn d’una sola persona, el portal fa vacances. Un"
            " repartiment que aguanta baixes, canvis i estius."
        ),
        published=date(2024, 3, 7),
        authors=("pau",),
        topics=("gestio-transparencia",),
        tags=("organització", "suplències"),
        body=[
            (
                "paragraph",
                (
                    "<p>En una sessió dels Dijous vam preguntar-nos quin paper té"
                    " cadascú. Sovint la resposta és «tot ho fa la mateixa persona». No"
                    " és cap pecat, però té un preu: quan aquella persona és fora,"
                    " ningú no sap què tocava, on era ni amb quina clau s’hi"
                    " entrava.</p>"
                ),
            ),
            (
                "table",
                {
                    "caption": "Tres papers i un suplent per a cadascun",
                    "columns": ["Paper", "Què fa", "Qui el sol fer"],
                    "rows": [
                        [
                            "Qui té la informació",
                            "La dona completa i diu quan ha canviat",
                            "L’àrea que fa el tràmit",
                        ],
                        [
                            "Qui la revisa",
                            "Mira les dades personals, el format i si s’entén",
                            "Secretaria o arxiu",
                        ],
                        [
                            "Qui la publica",
                            "La penja, la data i comprova que es veu des de fora",
                            "Oficina d’atenció o comunicació",
                        ],
                    ],
                },
            ),
            ("heading", "Una pàgina, no un reglament"),
            (
                "paragraph",
                (
                    "<p>El repartiment ha de cabre en una pàgina i estar penjat on es"
                    " treballa. Quatre columnes: què, qui, qui el substitueix i quan"
                    " toca. Si necessiteu una segona pàgina és que heu barrejat papers"
                    " amb instruccions; les instruccions van a banda, una per tasca,"
                    " amb captures de pantalla i la data en què es van fer.</p>"
                    "<p>Feu-ne una prova abans de l’estiu: qui substitueix publica una"
                    " cosa petita, sol, amb la pàgina al davant. El que pregunti és el"
                    " que faltava escriure.</p>"
                ),
            ),
            (
                "questions",
                [
                    {
                        "question": "I si només som dues persones?",
                        "answer": (
                            "<p>Aleshores cadascuna és la suplent de l’altra. El que"
                            " importa és que les dues sàpiguen entrar al portal i que"
                            " cap contrasenya no sigui d’una de sola.</p>"
                        ),
                    },
                    {
                        "question": "Qui respon si es publica una errada?",
                        "answer": (
                            "<p>L’ens. Per això val la pena que algú altre se la miri"
                            " abans, encara que siguin dos minuts, i que l’errada es"
                            " corregeixi dient que s’ha corregit.</p>"
                        ),
                    },
                ],
            ),
        ],
    ),
    Article(
        slug="del-37-68-al-90-44",
        title="Del 37,68\u00a0% al 90,44\u00a0%: què passa quan es torna a mesurar",
        lead=(
            "Un ens va revisar els seus indicadors de transparència, va treballar-hi"
            " sis mesos i els va tornar a comptar. La segona xifra és bonica; el que"
            " ensenya és el camí."
        ),
        published=date(2024, 5, 16),
        authors=("mireia",),
        topics=("transparencia-activa", "gestio-transparencia"),
        tags=("indicadors", "catàleg de serveis"),
        body=[
            (
                "figures",
                [
                    {
                        "figure": "37,68",
                        "unit": "%",
                        "text": "dels indicadors complerts el primer dia",
                    },
                    {
                        "figure": "6",
                        "unit": "mesos",
                        "text": "entre una mesura i l’altra",
                    },
                    {
                        "figure": "90,44",
                        "unit": "%",
                        "text": "dels indicadors complerts en tornar-los a comptar",
                    },
                ],
            ),
            (
                "paragraph",
                (
                    "<p>Aquestes dues xifres són d’un cas real del recurs <i>Gestió de"
                    " la transparència municipal</i>: es mesura, s’hi treballa i, al"
                    " cap de sis mesos, es torna a mesurar. No direm de quin ens són,"
                    " perquè podria ser gairebé qualsevol. La resta d’aquest apunt és"
                    " nostra: idees per fer el mateix camí, no la crònica del seu.</p>"
                ),
            ),
            ("heading", "Per què la primera xifra sempre fa mal"),
            (
                "paragraph",
                (
                    "<p>Un indicador no mesura si treballeu bé: mesura si una cosa"
                    " concreta es troba, sencera i al dia, des de fora. Moltes caselles"
                    " en vermell són coses que ja existeixen en una carpeta compartida."
                    " Per això la primera mesura s’ha de llegir amb calma i en grup:"
                    " una part es resol penjant el que ja hi ha.</p>"
                ),
            ),
            ("heading", "Sis mesos, un mes darrere l’altre"),
            (
                "steps",
                [
                    {
                        "title": "Primer mes: el que ja teniu",
                        "text": (
                            "Pengeu tot el que existeix i no s’havia publicat. És el"
                            " salt més gran i el més barat."
                        ),
                    },
                    {
                        "title": "Segon i tercer: el que té amo",
                        "text": (
                            "Demaneu a cada àrea una sola cosa, amb data i amb un"
                            " exemple de com ha de quedar."
                        ),
                    },
                    {
                        "title": "Quart i cinquè: el que no és de ningú",
                        "text": (
                            "Inventaris, agendes, retribucions. Decidiu qui ho farà"
                            " abans de decidir com es farà."
                        ),
                    },
                    {
                        "title": "Sisè: torneu a comptar",
                        "text": (
                            "Amb la mateixa llista i, si pot ser, amb uns altres ulls."
                            " I deseu la data de la propera."
                        ),
                    },
                ],
            ),
            (
                "quote",
                {
                    "text": (
                        "Una xifra sola és una nota. Dues, amb la data al costat, són"
                        " una direcció."
                    ),
                    "who": "Mireia Mostra",
                    "role": "Tècnica de transparència (persona inventada)",
                },
            ),
            (
                "paragraph",
                (
                    "<p>I el 9,56\u00a0% que falta? Val més saber per què hi falta que"
                    " maquillar-lo: potser no us pertoca, potser depèn d’un altre ens,"
                    " potser encara no sabeu com fer-ho. Escriviu-ho al costat de la"
                    " casella. Qui us mesuri d’aquí a un any us ho agrairà, i"
                    " segurament sereu vosaltres.</p>"
                ),
            ),
            (
                "call_to_action",
                {
                    "title": "I vosaltres, per on començaríeu?",
                    "text": (
                        "Porteu la vostra pitjor casella al proper Dijous GOmunicipal:"
                        " la mirem plegats."
                    ),
                    "button": "Mira les properes sessions",
                    "page": "dijous-gomunicipal",
                    "tone": "accent",
                },
            ),
        ],
        picture="escala",
    ),
    Article(
        slug="els-estats-d-un-pla-de-transparencia",
        title="No iniciat, en curs, completat… i els tres estats que falten",
        lead=(
            "Un projecte pot quedar aturat, descartar-se o deixar pas a un altre. Si la"
            " fitxa no té on dir-ho, acaba dient el que no és."
        ),
        published=date(2024, 12, 12),
        authors=("mireia", "pau"),
        topics=("gestio-transparencia", "bon-govern"),
        tags=("plans", "seguiment"),
        body=[
            (
                "paragraph",
                (
                    "<p>Hi ha fitxes de seguiment que es contradiuen soles. L’estat diu"
                    " «no iniciat»; les actuacions, «el donaríem per finalitzat»; i les"
                    " observacions, que al final no s’ha pogut fer. Ningú no hi ha"
                    " mentit. Qui omplia la fitxa tenia tres caselles per marcar i la"
                    " realitat en demanava sis.</p>"
                ),
            ),
            (
                "table",
                {
                    "caption": "Sis estats, i què cal escriure al costat de cadascun",
                    "columns": ["Estat", "Què vol dir", "Què hi escriviu"],
                    "rows": [
                        [
                            "No iniciat",
                            "Encara no s’hi ha fet res",
                            "Quan es preveu començar",
                        ],
                        [
                            "En curs",
                            "Hi ha algú que hi treballa",
                            "L’última actuació i la propera, amb data",
                        ],
                        ["Completat", "El que es volia ja hi és", "On es pot veure"],
                        [
                            "Aturat",
                            "S’hi treballava i s’ha hagut de deixar",
                            "Què l’atura i qui ho pot desencallar",
                        ],
                        [
                            "Descartat",
                            "S’ha decidit que no es farà",
                            "Qui ho ha decidit, quan i per què",
                        ],
                        [
                            "Substituït",
                            "Un altre projecte en fa la funció",
                            "Quin, amb enllaç a la seva fitxa",
                        ],
                    ],
                },
            ),
            ("heading", "El percentatge no és l’estat"),
            (
                "paragraph",
                (
                    "<p>Un projecte aturat al seixanta per cent continua al seixanta"
                    " per cent, i continua aturat. Separeu les dues coses i feu que"
                    " cada canvi d’estat porti un motiu d’una frase. Qui llegeixi el"
                    " pla d’aquí a dos anys no hi serà per demanar-vos-el.</p>"
                ),
            ),
            (
                "panels",
                [
                    {
                        "tag": "Senyal d’alerta",
                        "tone": "plain",
                        "title": "Quan les parts no quadren",
                        "text": (
                            "<ul><li>«No iniciat» amb actuacions fetes.</li>"
                            "<li>«Completat» amb menys d’un cent per cent.</li>"
                            "<li>«En curs» i res de nou des de fa sis mesos.</li></ul>"
                        ),
                    },
                    {
                        "tag": "Bon costum",
                        "tone": "ok",
                        "title": "Dues dates a cada fitxa",
                        "text": (
                            "<p>L’última actualització i la propera. Si la propera ja"
                            " ha passat, la fitxa ho diu ella mateixa i no cal que"
                            " ningú renyi ningú.</p>"
                        ),
                    },
                ],
            ),
            (
                "paragraph",
                (
                    "<p>Dir que un projecte s’ha descartat no és cap fracàs: és la part"
                    " del pla que més confiança dona. Amagar-lo rere un «no iniciat»"
                    " etern, en canvi, es nota.</p>"
                ),
            ),
        ],
        files={"fitxa-de-projecte.odt": "Fitxa de projecte, model d’exemple"},
    ),
    Article(
        slug="la-sessio-al-vostre-calendari",
        title="La sessió, al vostre calendari; i el so, provat",
        lead=(
            "Què passa quan us inscriviu, què fa la invitació quan canvia l’hora i cinc"
            " minuts de proves que estalvien els deu primers de la sessió."
        ),
        published=date(2025, 1, 16),
        authors=("equip",),
        topics=("serveis-digitals",),
        tags=("calendari", "Teams", "ajuda"),
        body=[
            ("heading", "Una invitació que s’actualitza sola"),
            (
                "paragraph",
                (
                    "<p>Quan us inscriviu, us arriba un correu amb una invitació de"
                    " calendari. Si l’accepteu, la sessió queda desada al dia i l’hora"
                    " bons, tant si feu servir l’Outlook com el calendari del telèfon."
                    " Si la sessió es mou, la invitació es mou amb ella: no cal que"
                    " esborreu res ni que us torneu a inscriure.</p>"
                    "<p>Si no hi podeu venir, rebutgeu la invitació i us proposarem"
                    " deixar la plaça. O obriu l’enllaç del correu de la inscripció i"
                    " deixeu-la directament: potser hi ha algú que l’espera.</p>"
                ),
            ),
            (
                "video",
                {
                    "document": "de-la-inscripcio-al-calendari.webm",
                    "title": "De la inscripció al calendari",
                    "duration": "0:10",
                    "transcript": (
                        "<p>Animació muda de deu segons. S’obre una carta i en surt una"
                        " placa amb la data d’una sessió. La placa entra a la graella"
                        " d’un mes. Al cap d’un moment es mou tota sola dos dies més"
                        " enllà: la sessió ha canviat de dia i el calendari també.</p>"
                    ),
                },
            ),
            ("heading", "Cinc minuts abans"),
            (
                "steps",
                [
                    {
                        "title": "Obriu l’enllaç personal",
                        "text": (
                            "És el del correu i el de la invitació. Obrim la sala uns"
                            " minuts abans, per si voleu provar."
                        ),
                    },
                    {
                        "title": "Trieu el navegador o l’aplicació",
                        "text": (
                            "Si no teniu Teams instal·lat, escolliu de continuar al"
                            " navegador: no cal cap compte."
                        ),
                    },
                    {
                        "title": "Poseu-hi el vostre nom i l’ens",
                        "text": (
                            "«Nom, ajuntament» ajuda qui modera a donar-vos la paraula."
                        ),
                    },
                    {
                        "title": "Proveu el so",
                        "text": (
                            "Si sentiu les quatre notes d’aquí sota, els altaveus van"
                            " bé. Per al micròfon, digueu bon dia: algú us contestarà."
                        ),
                    },
                ],
            ),
            (
                "audio",
                {
                    "document": "quatre-notes.mp3",
                    "duration": "0:04",
                    "title": "Quatre notes per provar el so",
                    "transcript": (
                        "<p>Quatre notes de corda pinçada, de greu a agut, i un acord"
                        " final. No hi ha veu. Dura quatre segons.</p>"
                    ),
                },
            ),
            (
                "questions",
                [
                    {
                        "question": "No m’arriba la invitació. Què faig?",
                        "answer": (
                            "<p>Mireu el correu brossa i la pestanya d’altres"
                            " missatges. Si no hi és, torneu a inscriure-us amb el"
                            " mateix correu: no ocupareu dues places, us tornarem a"
                            " enviar la invitació.</p>"
                        ),
                    },
                    {
                        "question": "Puc posar tot el cicle al calendari?",
                        "answer": (
                            "<p>Sí. A la pàgina del cicle hi ha una adreça per"
                            " subscriure-s’hi: les sessions noves hi apareixen soles."
                            " Per tenir-hi plaça, això sí, us heu d’inscriure a"
                            " cadascuna.</p>"
                        ),
                    },
                ],
            ),
            ("upcoming", {"title": "Sessions per posar al calendari", "number": 3}),
        ],
        picture="calendari",
    ),
)
