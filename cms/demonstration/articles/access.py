"""On the right of access, and on writing to be understood."""

from datetime import date

from cms.demonstration.shapes import Article

ARTICLES: tuple[Article, ...] = (
    Article(
        slug="el-mes-que-comenca-quan-entra",
        title="El mes que comença el dia que entra la sol·licitud",
        lead=(
            "Accés a la informació pública, a la pràctica: com es reconeix una"
            " sol·licitud, com es compta el termini i què vol dir el silenci."
        ),
        published=date(2024, 3, 14),
        authors=("ona",),
        topics=("acces-informacio",),
        tags=("dret d’accés", "terminis", "GAIP"),
        body=[
            (
                "paragraph",
                (
                    "<p>No cal que hi digui «dret d’accés». Si algú demana una"
                    " informació que teniu, per qualsevol canal que deixi constància,"
                    " és una sol·licitud d’accés. Ho pot fer qualsevol persona a partir"
                    " de setze anys i no ha d’explicar per què la vol. El primer error"
                    " és tractar-la com una consulta i deixar-la a la safata del"
                    " correu.</p>"
                ),
            ),
            (
                "facts",
                [
                    {
                        "term": "Termini per resoldre",
                        "value": "Un mes",
                        "note": "De data a data: del 14 de març al 14 d’abril",
                    },
                    {
                        "term": "Es pot ampliar?",
                        "value": "Sí, fins a la meitat més",
                        "note": "Amb un motiu, i dient-ho abans que s’acabi",
                    },
                    {
                        "term": "I si no es respon?",
                        "value": "El silenci concedeix l’accés",
                        "note": "Llevat que una llei digui una altra cosa",
                    },
                    {
                        "term": "On es reclama",
                        "value": "A la GAIP",
                        "note": (
                            "La Comissió de Garantia del Dret d’Accés a la Informació"
                            " Pública"
                        ),
                    },
                ],
            ),
            ("heading", "El camí de la sol·licitud"),
            (
                "steps",
                [
                    {
                        "title": "El primer dia, un número",
                        "text": (
                            "Registreu-la i feu saber a qui l’ha feta quin dia ha"
                            " entrat i fins quan teniu per respondre."
                        ),
                    },
                    {
                        "title": "La primera setmana, qui ho té",
                        "text": (
                            "Si no s’entén què demana, pregunteu-ho ara i oferiu ajuda."
                            " Si no ho teniu vosaltres, envieu-la a qui ho té i"
                            " digueu-ho."
                        ),
                    },
                    {
                        "title": "La segona, els límits",
                        "text": (
                            "Hi ha dades personals? Hi ha terceres persones que hi"
                            " puguin dir alguna cosa? Aviseu-les ara, no l’últim dia."
                        ),
                    },
                    {
                        "title": "La tercera, la resposta",
                        "text": (
                            "Què es dona, què no i per què, i on es pot reclamar. Si"
                            " una part no es pot donar, doneu la resta."
                        ),
                    },
                ],
            ),
            (
                "paragraph",
                (
                    "<p>La quarta setmana no és per acabar: és per quan alguna cosa"
                    " surt malament. Una sol·licitud que es comença a mirar el dia"
                    " vint-i-cinc ja fa tard, encara que ningú no ho noti.</p>"
                    "<p>El model adjunt és una resposta amb les quatre parts a lloc."
                    " Canvieu-ne les paraules, no l’ordre. I si voleu practicar, veniu"
                    ' al <a href="page:dijous-gomunicipal">taller dels Dijous</a>: hi'
                    " resolem un cas inventat.</p>"
                ),
            ),
        ],
        picture="porta",
        files={"model-de-resposta.odt": "Model de resposta, per adaptar"},
    ),
    Article(
        slug="sollicituds-d-acces-preguntes-i-respostes",
        title="Sol·licituds d’accés: les preguntes que sempre tornen",
        lead=(
            "Set dubtes de taulell, amb una resposta curta per a cadascun. Les hem"
            " redactades com a exemple d’un recull de preguntes de després d’una"
            " sessió."
        ),
        published=date(2024, 4, 4),
        authors=("equip", "ona"),
        topics=("acces-informacio",),
        tags=("dret d’accés", "preguntes"),
        body=[
            (
                "paragraph",
                (
                    "<p>Després de cada sessió recollim les preguntes que han quedat a"
                    " l’aire i les responem per escrit, sense dir de qui són. Aquestes"
                    " serveixen de mostra: són les que qualsevol ajuntament es troba el"
                    " primer any.</p>"
                ),
            ),
            ("heading", "Abans de respondre"),
            (
                "questions",
                [
                    {
                        "question": (
                            "Arriba per correu electrònic i sense signar. L’hem de"
                            " tramitar?"
                        ),
                        "answer": (
                            "<p>Cal saber qui la demana i on respondre-li, i que en"
                            " quedi constància. Si hi falta alguna d’aquestes coses,"
                            " demaneu-la amb un termini i expliqueu per quins canals la"
                            " pot presentar. No la deixeu córrer.</p>"
                        ),
                    },
                    {
                        "question": "Pot ser que no sigui una sol·licitud d’accés?",
                        "answer": (
                            "<p>Sí. Si qui demana és part d’un procediment que encara"
                            " és obert, o és un càrrec electe que exerceix les seves"
                            " funcions, hi ha altres regles. I una queixa és una"
                            " queixa, encara que comenci amb «vull saber».</p>"
                        ),
                    },
                    {
                        "question": "Ens ho demana tot, des de sempre. Què fem?",
                        "answer": (
                            "<p>Parleu-hi. La majoria de vegades vol una cosa concreta"
                            " i no sap com es diu. Oferiu-vos a acotar-ho plegats i"
                            " deixeu escrit en què heu quedat.</p>"
                        ),
                    },
                ],
            ),
            ("heading", "En respondre"),
            (
                "questions",
                [
                    {
                        "question": "El document té noms. El podem donar?",
                        "answer": (
                            "<p>Mireu primer si calen. Si no calen, tapeu-los i doneu"
                            " la resta. Si calen, s’ha de valorar què pesa més i"
                            " escoltar les persones afectades. El que no val és negar"
                            " tot el document per un nom.</p>"
                        ),
                    },
                    {
                        "question": "El document no existeix. L’hem de fer?",
                        "answer": (
                            "<p>No heu d’elaborar un informe nou. Però si la dada surt"
                            " d’una consulta senzilla a un programa que ja teniu, és"
                            " informació vostra i es dona.</p>"
                        ),
                    },
                    {
                        "question": "Ja és publicat al portal. N’hi ha prou de dir-ho?",
                        "answer": (
                            "<p>Sí, si hi poseu l’enllaç exacte. «És al portal» no és"
                            " una resposta; l’adreça de la pàgina, sí. I si la persona"
                            " no hi pot entrar, ajudeu-la d’una altra manera.</p>"
                        ),
                    },
                    {
                        "question": "Podem cobrar-ho?",
                        "answer": (
                            "<p>Consultar la informació és gratuït. Fer-ne còpies en"
                            " paper o passar-la a un altre format pot tenir un cost, si"
                            " la vostra ordenança el preveu i ho dieu abans.</p>"
                        ),
                    },
                ],
            ),
            (
                "paragraph",
                (
                    "<p>Si teniu una pregunta que no és aquí, escriviu-la en"
                    " inscriure-us a la propera sessió. Sense noms ni expedients, si us"
                    " plau: el cas s’entén igual.</p>"
                ),
            ),
        ],
    ),
    Article(
        slug="escriure-perque-s-entengui",
        title="Escriure perquè s’entengui a la primera",
        lead=(
            "Publicar una cosa que ningú no entén és una manera educada d’amagar-la."
            " Cinc canvis petits que no demanen cap permís."
        ),
        published=date(2026, 4, 16),
        authors=("ona", "mireia"),
        topics=("acces-informacio", "serveis-digitals"),
        tags=("llenguatge planer", "comunicació"),
        body=[
            (
                "paragraph",
                (
                    "<p>La prova del taulell: llegiu la frase en veu alta, tal com és,"
                    " a algú que espera torn. Si us ha de preguntar «i això què vol"
                    " dir?», la frase no està acabada. No es tracta d’escriure pobre."
                    " Es tracta que qui llegeix sàpiga, en acabar, què ha passat, què"
                    " ha de fer i fins quan.</p>"
                ),
            ),
            (
                "table",
                {
                    "caption": "Abans i després",
                    "columns": ["En lloc de", "Escriviu"],
                    "rows": [
                        [
                            (
                                "Es procedirà a donar trasllat de la seva petició a"
                                " l’òrgan competent"
                            ),
                            (
                                "Hem enviat la vostra petició a l’Ajuntament, que és"
                                " qui té aquesta informació"
                            ),
                        ],
                        [
                            (
                                "En el termini de deu dies hàbils a comptar de l’endemà"
                                " de la recepció de la present"
                            ),
                            (
                                "Teniu fins al dijous 26 de novembre de 2026 (deu dies"
                                " hàbils)"
                            ),
                        ],
                        [
                            (
                                "La manca d’aportació comportarà que se’l tingui per"
                                " desistit"
                            ),
                            (
                                "Si no ens envieu el document, entendrem que no voleu"
                                " continuar"
                            ),
                        ],
                    ],
                },
            ),
            ("heading", "Cinc canvis petits"),
            (
                "paragraph",
                (
                    "<ol><li>La decisió, a la primera frase. Els fonaments vénen"
                    " després, sencers, per a qui els vulgui.</li>"
                    "<li>Dates amb dia de la setmana, no només terminis: qui llegeix no"
                    " té el vostre calendari de festes.</li>"
                    "<li>Un verb per frase que digui qui fa què. «Heu d’enviar» en lloc"
                    " de «caldrà l’aportació».</li>"
                    "<li>Les llistes, en llista. Tres documents en una frase són tres"
                    " documents que s’obliden.</li>"
                    "<li>El nom d’algú, o d’una oficina, i un telèfon. «Per a qualsevol"
                    " aclariment» sense número no aclareix res.</li></ol>"
                ),
            ),
            (
                "quote",
                {
                    "text": (
                        "Si l’han de trucar per saber què diu la carta, la carta no ha"
                        " arribat."
                    ),
                    "who": "Mireia Mostra",
                    "role": "Tècnica de transparència (persona inventada)",
                },
            ),
            (
                "paragraph",
                (
                    "<p>Comenceu per la carta que més sovint envieu. Una sola, ben"
                    " escrita, estalvia més trucades que un manual d’estil que ningú no"
                    " obre.</p>"
                ),
            ),
        ],
    ),
    Article(
        slug="algu-al-costat",
        title="Fem-ho fàcil: algú al costat mentre demaneu una informació",
        lead=(
            "El dret d’accés és de tothom, però no tothom sap per on s’hi entra. Un"
            " servei presencial per a la ciutadania, i què hi guanya el vostre taulell."
        ),
        published=date(2026, 2, 12),
        authors=("mireia",),
        topics=("acces-informacio", "serveis-digitals"),
        tags=("Fem-ho fàcil", "atenció ciutadana"),
        body=[
            (
                "paragraph",
                (
                    "<p>Una persona vol saber quant va costar la plaça del seu carrer."
                    " Ha sentit que ho pot demanar, ha obert el portal, ha vist una"
                    " llista de tràmits i l’ha tornat a tancar. Això no surt a cap"
                    " estadística: les sol·licituds que no s’arriben a fer no es"
                    " compten.</p>"
                ),
            ),
            (
                "paragraph",
                (
                    '<p>El servei <a href="page:fem-ho-facil">Fem-ho fàcil</a> és per a'
                    " aquest moment. Atén la ciutadania en persona: ajuda a trobar la"
                    " informació de transparència que ja és publicada i acompanya qui"
                    " vol exercir el dret d’accés. S’ofereix amb ens que han treballat"
                    " algun recurs del catàleg.</p>"
                ),
            ),
            ("heading", "Tres preguntes que ho canvien tot"),
            (
                "paragraph",
                (
                    "<ul><li><b>«Què voldríeu saber?»</b> i no «quin tràmit voleu"
                    " fer?». La persona sap la pregunta; el nom del tràmit és cosa"
                    " nostra.</li>"
                    "<li><b>«Ho mirem plegats?»</b> Moltes respostes ja són al portal."
                    " Trobar-les al costat d’algú ensenya a tornar-hi sol.</li>"
                    "<li><b>«Com voleu que us arribi?»</b> Paper, correu o en persona."
                    " La resposta que no es pot llegir no és una resposta.</li></ul>"
                ),
            ),
            ("heading", "I el taulell, què hi guanya?"),
            (
                "paragraph",
                (
                    "<p>Sol·licituds més clares, que es responen abans. Menys trucades"
                    " per saber «com està allò meu». I una llista molt útil: el que la"
                    " gent busca i no troba. Si tres persones demanen el mateix en un"
                    " mes, el que falla no és la gent; és l’índex.</p>"
                ),
            ),
            (
                "paragraph",
                (
                    "<p>La història del començament és inventada; la pregunta, no"
                    " tant.</p>"
                ),
            ),
        ],
        picture="taulell",
    ),
    Article(
        slug="un-document-que-tothom-pugui-llegir",
        title="Un document que tothom pugui llegir",
        lead=(
            "Un PDF escanejat és una fotografia d’un text. Què hi ha de tenir un"
            " document perquè s’hi pugui buscar, escoltar i copiar."
        ),
        published=date(2026, 6, 11),
        authors=("pau",),
        topics=("transparencia-activa", "serveis-digitals"),
        tags=("accessibilitat", "documents"),
        body=[
            (
                "paragraph",
                (
                    "<p>Feu la prova amb l’última acta que heu penjat: obriu-la i"
                    " busqueu-hi una paraula. Si no la troba, per a l’ordinador aquell"
                    " document és una imatge. Un lector de pantalla no la pot llegir,"
                    " ningú no en pot copiar una xifra i el cercador no la veurà"
                    " mai.</p>"
                ),
            ),
            ("heading", "Abans de desar-lo"),
            (
                "steps",
                [
                    {
                        "title": "Títols de debò",
                        "text": (
                            "Feu servir els estils de títol del vostre editor, no"
                            " lletra grossa i negreta: fan l’índex i deixen saltar d’un"
                            " apartat a l’altre."
                        ),
                    },
                    {
                        "title": "Taules senzilles",
                        "text": (
                            "Una fila de capçalera, sense cel·les combinades ni taules"
                            " dins de taules."
                        ),
                    },
                    {
                        "title": "Imatges amb paraules",
                        "text": (
                            "Si la imatge diu alguna cosa, escriviu-la al text"
                            " alternatiu. Si no diu res, marqueu-la com a decorativa."
                        ),
                    },
                    {
                        "title": "La llengua, posada",
                        "text": (
                            "Un text en català llegit amb veu castellana no l’entén"
                            " ningú. És a les propietats del document."
                        ),
                    },
                    {
                        "title": "Exportar, no imprimir",
                        "text": (
                            "«Anomena i desa com a PDF», amb l’opció d’etiquetes. Mai"
                            " imprimir i tornar a escanejar."
                        ),
                    },
                ],
            ),
            (
                "panels",
                [
                    {
                        "tag": "I si ha d’anar signat?",
                        "tone": "plain",
                        "title": "Signeu el fitxer, no el paper",
                        "text": (
                            "<p>La signatura electrònica es posa sobre el PDF exportat"
                            " i no li treu el text. El que l’hi treu és signar amb"
                            " bolígraf i passar-lo per l’escàner.</p>"
                        ),
                    },
                    {
                        "tag": "I el que ja hi ha?",
                        "tone": "plain",
                        "title": "Del present cap enrere",
                        "text": (
                            "<p>Comenceu pel que pengeu avui. Dels vells, arregleu els"
                            " que es demanen; dels altres, digueu que els passareu a"
                            " text si algú els vol.</p>"
                        ),
                    },
                ],
            ),
            (
                "paragraph",
                (
                    "<p>I una pregunta abans de tot: cal que sigui un document? Una"
                    " pàgina web es llegeix al telèfon, es corregeix en un minut i no"
                    " en queden tres versions corrent pel món. El fitxer, per al que"
                    " s’ha de signar, imprimir o desar. El full adjunt és aquesta"
                    " llista per tenir-la a mà, i està fet seguint-la.</p>"
                ),
            ),
        ],
        files={"documents-accessibles.pdf": "Abans de desar un document: la llista"},
    ),
)
