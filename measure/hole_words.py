# SPDX-License-Identifier: BSD-3-Clause
"""Words for measure/holes.py that no list of the project is meant to have in this form."""

# What people write behind a word when a digit is asked for, the commonest first.
TAILS = """
1 123 12 2 3 7 01 5 4 11 13 22 1234 23 21 1! 10 8 9 6 99 69 88 12345 007 77 00 123! @123 14 18
2020 2023 2024 2025 666 1. 12! 111 .123""".split()

# Those who live in a town or a country: as they call themselves. Feminine and plural are made.
DEMONYMS = {"fr": """
anderlechtois ixellois schaerbeekois molenbeekois ucclois forestois etterbeekois saintgillois
everois jettois ganshorenois koekelbergeois auderghemois woluwéen boitsfortois bruxellois
laekenois liégeois namurois carolorégien montois tournaisien verviétois hutois dinantais arlonais
bastognard nivellois wavrien louviérois binchois mouscronnois athois sonégien hennuyer ardennais
gaumais borain hesbignon condruzien famennois brabançon wallon flamand anversois gantois brugeois
courtraisien ostendais malinois louvaniste hasseltois limbourgeois eupenois malmédien spadois
stavelotain sérésien herstalien ansois waremmien andennais cinacien philippevillois couvinois
chimacien thudinien beaumontois lessinois enghiennois tubizien brainois waterlootois ottintois
jodoignois gembloutois floreffois neufchâtelois libramontois virtonais florenvillois bouillonnais
marchois rochois durbuysien parisien lyonnais marseillais lillois roubaisien tourquennois
dunkerquois nantais rennais bordelais toulousain niçois strasbourgeois messin nancéien rémois
amiénois rouennais havrais grenoblois dijonnais stéphanois montpelliérain valenciennois douaisien
arrageois lensois calaisien breton normand alsacien lorrain picard bourguignon savoyard provençal
corse basque champenois auvergnat luxembourgeois hollandais allemand espagnol portugais italien
polonais marocain algérien tunisien congolais rwandais burundais camerounais sénégalais canadien
québécois suisse""".split(),
            "nl": """
antwerpenaar gentenaar bruggeling kortrijkzaan oostendenaar mechelaar leuvenaar hasselaar
aalstenaar brusselaar lokeraar ninovieter geraardsbergenaar dendermondenaar roeselarenaar
ieperling lierenaar turnhoutenaar genkenaar tongenaar truienaar vilvoordenaar hallenaar tienenaar
diestenaar aarschottenaar waregemnaar izegemnaar tieltenaar diksmuideling veurnaar poperingenaar
blankenbergenaar knokkenaar beverenaar zelenaar hamenaar wetteraar deinzenaar eeklonaar ronsenaar
oudenaardist bilzenaar maaseikenaar lommelaar peltenaar molenaar geelnaar herentalsenaar molnaar
amsterdammer rotterdammer hagenaar utrechter groninger maastrichtenaar eindhovenaar tilburger
bredanaar nijmegenaar arnhemmer haarlemmer leidenaar zwollenaar limburger brabander zeeuw fries
vlaming waal belg hollander kempenaar maaslander""".split(),
            "de": """
berliner hamburger kölner münchner frankfurter stuttgarter düsseldorfer aachener eupener
malmedyer trierer luxemburger bonner leipziger dresdner wiener zürcher schweizer essener
dortmunder bochumer duisburger bremer hannoveraner nürnberger mainzer saarländer bayer hesse
schwabe pfälzer rheinländer westfale sachse thüringer eifeler ostbelgier""".split()}

# The words of which the sentences of people are made, and which are too short for other classes.
SMALL_WORDS = {
    "fr": "et un une il je tu de du le la les en au on ma mon mes ta ton se ce si ou a y".split(),
    "nl": "en een de het ik je ze we in is op te van mijn jij hij er zo nu ja of al om".split(),
    "de": "und ein der die das ich du er es in im ist zu am an so ja mein wo um".split(),
    "en": "and a an the i my we he it is in on at to of no be me go do so by".split()}

# Other scripts: the commonest words, names and wishes that people take for passwords, as they are
# typed on a keyboard of that script, and as they are transliterated.
SCRIPTS = {
    "Russian": ("""
пароль привет любовь солнце наташа москва россия марина сергей максим андрей дмитрий александр
екатерина анастасия светлана людмила владимир николай михаил виктория кристина татьяна любимая
любимый мамочка машина собака котенок зайчик рыбка ангел принцесса королева счастье мама папа
секрет доступ админ компьютер футбол спартак зенит динамо ленинград питер сибирь медведь звезда
дракон тигр волк победа родина жизнь спасибо хорошо красота малышка кошка весна осень зима лето""",
                """
parol privet lubov lyubov solnce natasha moskva rossiya marina sergey maksim andrey dmitriy
aleksandr ekaterina anastasia svetlana ludmila vladimir nikolay mihail viktoria kristina tatyana
lubimaya lubimiy mamochka mashina sobaka kotenok zaichik rybka angel princessa koroleva schastye
mama papa sekret dostup admin komputer futbol spartak zenit dinamo leningrad piter sibir medved
zvezda drakon tigr volk pobeda rodina zhizn spasibo horosho krasota malishka koshka vesna osen
zima leto""",
                "йцукенгшщзхъ фывапролджэ ячсмитьбю"),
    "Ukrainian": ("""
пароль привіт кохання сонце наталя київ україна марина сергій максим андрій дмитро олександр
катерина анастасія світлана людмила володимир микола михайло вікторія христина тетяна олена
оксана ірина юлія кохана коханий матуся машина собака кошеня зайчик рибка ангел принцеса щастя
мама тато секрет доступ футбол динамо шахтар львів одеса харків козак воля слава перемога
батьківщина життя дякую калина зірка дракон тигр вовк весна осінь зима літо бандура червона""",
                  """
parol pryvit kohannya sonce natalya kyiv ukraina maryna sergiy maksym andriy dmytro oleksandr
kateryna anastasiya svitlana lyudmyla volodymyr mykola myhaylo viktoriya hrystyna tetyana olena
oksana iryna yuliya kohana kohanyi matusya mashyna sobaka koshenya zaychyk rybka angel pryncesa
schastya mama tato sekret dostup futbol dynamo shahtar lviv odesa harkiv kozak volya slava
peremoga batkivschyna zhyttya dyakuyu kalyna zirka drakon tygr vovk vesna osin zyma lito""",
                  "йцукенгшщзхї фівапролджє ячсмитьбю"),
    "Greek": ("""
κωδικός αγάπη ελλάδα αθήνα θεσσαλονίκη γιώργος γιάννης κώστας δημήτρης νίκος παναγιώτης βασίλης
χρήστος μαρία ελένη κατερίνα βασιλική σοφία αγγελική γεωργία δήμητρα καλημέρα καλησπέρα ευχαριστώ
ουρανός θάλασσα ήλιος αστέρι καρδιά ψυχή ζωή ελευθερία μωρό αγόρι κορίτσι μαμά μπαμπάς οικογένεια
σπίτι σκύλος γάτα άγγελος παναθηναϊκός ολυμπιακός παοκ κρήτη κύπρος ρόδος κέρκυρα μύκονος
σαντορίνη καλοκαίρι""",
              """
kodikos agapi ellada athina thessaloniki giorgos giannis kostas dimitris nikos panagiotis vasilis
christos maria eleni katerina vasiliki sofia aggeliki georgia dimitra kalimera kalispera
efxaristo ouranos thalassa ilios asteri kardia psixi zoi eleftheria moro agori koritsi mama
mpampas oikogeneia spiti skilos gata aggelos panathinaikos olympiakos paok kriti kypros rodos
kerkyra mykonos santorini kalokairi""",
              "ςερτυθιοπ ασδφγηξκλ ζχψωβνμ"),
    "Arabic": ("""
محمد أحمد علي فاطمة عائشة خديجة مريم يوسف إبراهيم عبدالله عبدالرحمن خالد عمر حسن حسين مصطفى كريم
سعيد ياسين حمزة نور سارة ليلى سلمى أمينة زينب السلام سلام مرحبا حبيبي حبيبتي حياتي عمري قلبي روحي
الله اللهاكبر الحمدلله بسمالله ماشاءالله انشاءالله سبحانالله المغرب الجزائر تونس مصر فلسطين سوريا
لبنان العراق القدس مكة المدينة بغداد دمشق بيروت القاهرة الدارالبيضاء الرجاء الوداد الاهلي الزمالك
القمر شمس نجمة وردة ملك اميرة اسد الحب""",
               """
mohamed ahmed ali fatima aicha khadija mariam youssef ibrahim abdallah abderrahman khaled omar
hassan hussein mustafa karim said yassine hamza nour sara layla salma amina zineb salam assalam
marhaba habibi habibti hayati omri galbi albi rouhi allah allahakbar allahouakbar hamdoulillah
alhamdulillah bismillah machallah mashallah inchallah inshallah soubhanallah almaghrib aljazair
tounes masr falastin souria loubnan aliraq alquds makka almadina baghdad dimashq beyrouth
alqahira raja wydad alahly zamalek qamar chams shams najma warda malak amira asad hob elhob""",
               "ضصثقفغعهخحجد شسيبلاتنمكط ئءؤرىةوزظ"),
    "Hebrew": ("""
סיסמה אהבה שלום ישראל ירושלים חיפה אבי משה אברהם יצחק יעקב יוסף דוד שלמה שמואל דניאל מיכאל יונתן
אביגיל שרה רבקה רחל לאה מרים אסתר חנה תמר נועה מאיה טליה אמא אבא משפחה בית כלב חתול מלאך נסיכה
מלכה שמש ירח כוכב לב חיים נשמה מותק מכבי הפועל ביתר תודה בוקרטוב לילהטוב ברוך אלוהים תורה שבת
חנוכה פסח פורים אריה נמר זאב""",
               """
sisma ahava shalom israel yerushalayim haifa david moshe avraham yitzhak yaakov yosef shlomo
shmuel daniel michael yonatan avigail sara rivka rachel leah miriam esther hanna tamar noa maya
talia ima aba mishpaha bait kelev hatul malach nesicha malka shemesh yareach kochav lev chaim
neshama motek maccabi hapoel beitar toda bokertov lailatov baruch elohim tora shabat hanuka
pesach purim arie namer zeev""",
               "קראטוןםפ שדגכעיחלךף זסבהנמצתץ"),
}

# Where the keys of these scripts are on a QWERTY keyboard: the rows above, key for key.
UNDER_THE_KEYS = {
    "Russian": dict(zip("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")),
    "Ukrainian": dict(zip("йцукенгшщзхїфівапролджєячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")),
    "Greek": dict(zip("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm")),
    "Arabic": dict(zip("ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ", "qwertyuiop[]asdfghjkl;'zxcvnm,./")),
    "Hebrew": dict(zip("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,.")),
}

# Licence plates of Germany begin with the district; the commonest.
GERMAN_DISTRICTS = """
B M K HH F S D DO E L DD HB H N DU BO W BI BN MS KA MA A WI GE MG BS C KI AC HAL MD FR KR LB HL ER
MZ OB RO EF KS HA HAM SB MH PB HER DA REG NE ESS TÜ HD ULM KO TR EU DN HS BM SU GL RE UN ST BOR
COE WES KLE VIE ME""".split()
BANKS_NL = """
ABNA INGB RABO SNSB TRIO KNAB BUNQ ASNB RBRB REVO""".split()
BANKS_BE = """
001 035 063 068 083 091 132 143 210 220 230 240 250 271 290 310 320 330 340 360 363 377 390 410
645 651 733 734 735 736 737 738 739 745 746 778 779 850 860 967 973 979""".split()
BANKS_FR = """
30002 30003 30004 20041 10278 10107 11306 12506 13506 14506 15135 16275 17515 18206 30027 30066
10096 12548 13807 14445""".split()
BANKS_DE = """
10050000 10070024 12030000 20050550 37050198 37070024 30050110 30070024 50010517 50050201
50070024 60050101 70050000 70070024 70150000 39050000 39060180 58550130 43060967 10010010""".split()
CARDS = "4532 4556 4716 4929 4844 4973 4974 5163 5213 5255 5355 5413 5499 6703 3741 3742".split()
