"""Slavic and Baltic languages."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="be",
        name="Belarusian",
        locale="be",
        declines_names=True,
        abbreviations=words("г гр сп спн др праф св вул пр напр т.е г.зн стар"),
        final_abbreviations=words("г.д інш"),
        openers=words("я ты ён яна мы вы яны тут там цяпер тады хто што як дзе чаму так не"),
        negations=words("не ні няма ніколі нельга без"),
    ),
    Language(
        code="bg",
        name="Bulgarian",
        locale="bg-BG",
        abbreviations=words(
            "г-н г-жа г-ца д-р проф доц инж св ул бул бр напр т.е т.нар стр тел вкл"
        ),
        final_abbreviations=words("др т.н г"),
        openers=words(
            "аз ти той тя то ние вие те тук там сега тогава кой какво как къде защо да не"
        ),
        negations=words("не ни никога няма нищо никой никого никъде без нито нямаше недей"),
        caption_dash="- ",
    ),
    Language(
        code="bs",
        name="Bosnian",
        locale="bs",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("g gđa dr prof mr ing sv ul br npr tj tzv str"),
        final_abbreviations=words("itd sl"),
        openers=words("ja ti on ona mi vi oni ovdje tamo sada onda ko šta kako gdje zašto da ne"),
        negations=words(
            "ne nije nisam nisi nismo niste nisu nema nemam nikad nikada niko ništa bez neću neće "
            "nemoj ni niti nijedan"
        ),
    ),
    Language(
        code="cs",
        name="Czech",
        locale="cs-CZ",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words(
            "p pí sl dr prof doc ing mgr mudr judr bc rndr phdr gen plk sv ul nám č např tj tzv "
            "mj apod cca resp tel str hod min max event popř"
        ),
        final_abbreviations=words("atd aj r jr"),
        number_abbreviations=words("obr kap odst"),
        openers=words(
            "já ty on ona ono my vy oni tu tady tam teď pak potom kdo co jak kde proč ano ne "
            "možná všichni nikdo nic dnes včera zítra také každý a ale nebo protože že aby když "
            "pokud jestli jako v ve na do z ze s se od po za před přes pro bez o při mezi ten ta "
            "to je byl byla bylo bude může"
        ),
        negations=words(
            "ne bez ani žádný žádná žádné žádného žádnou nikdo nikoho nikomu nikdy nic ničeho "
            "ničím nikde nikam není"
        ),
        negation_pattern=(
            r"\bne(?!j(?!s(?:em|i|me|te|ou)\b|d(?:e|u|ou|eš|eme|ete)\b|ed|ez|ist)|b(?:e\b"
            r"|es|i\b|o\b|oť|oli)|ch(?:at|al|á(?:m|š|v|\b)|ej|\b|te\b|ť)|ž(?:\b|li)"
            r"|d(?:aleko|ávno|ěle\b|ěli\b|ělí\b|ěln)|moc|rv|teř|hod[ayuě]\b|snáz|zbytn"
            r"|gativ|urč|ustál|utrál|s(?:u|e|eš|eme|ete|ou|la?|lo|li)\b|ést)\w{2,}"
        ),
        numerals=numerals(
            "nula jeden/jedna/jedno dva/dvě tři/tří čtyři/čtyř pět/pěti šest/šesti sedm/sedmi "
            "osm/osmi devět/devíti deset/deseti jedenáct dvanáct"
        ),
        caption_dash="- ",
        links=words(
            "a i nebo ale že aby protože když jestli v ve z ze na do od po za před přes pro bez o "
            "u při mezi s se k ke jako který která které"
        ),
        leads=words("ten ta to je byl byla bylo bude může ne není můj tvůj jeho její pan paní"),
    ),
    Language(
        code="hr",
        name="Croatian",
        locale="hr-HR",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("g gđa gđica dr prof mr ing sv ul br npr tj tzv str"),
        final_abbreviations=words("itd sl"),
        openers=words("ja ti on ona mi vi oni ovdje tamo sada onda tko što kako gdje zašto da ne"),
        negations=words(
            "ne nije nisam nisi nismo niste nisu nema nemam nikad nikada nitko ništa bez neću "
            "neće nemoj ni niti nijedan"
        ),
    ),
    Language(
        code="lt",
        name="Lithuanian",
        locale="lt-LT",
        declines_names=True,
        abbreviations=words("p dr prof doc šv g pr al nr pvz t.y vad apie tel psl m d"),
        final_abbreviations=words("ir t.t kt"),
        openers=words("aš tu jis ji mes jūs jie jos čia ten dabar tada kas kaip kur kodėl taip ne"),
        negations=words("ne nė nėra niekada niekas nieko be"),
    ),
    Language(
        code="lv",
        name="Latvian",
        locale="lv-LV",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("dr prof sv nr piem t.i t.s apm tel lpp g"),
        final_abbreviations=words("utt u.c"),
        openers=words(
            "es tu viņš viņa mēs jūs viņi viņas šeit tur tagad tad kas kā kur kāpēc jā nē"
        ),
        negations=words("ne nē nav nekad nekas neko neviens bez"),
    ),
    Language(
        code="mk",
        name="Macedonian",
        locale="mk",
        abbreviations=words("г г-ѓа д-р проф св ул бр пр т.е стр"),
        final_abbreviations=words("итн"),
        openers=words("јас ти тој таа ние вие тие тука таму сега кој што како каде зошто да не"),
        negations=words("не ни никогаш нема ништо никој никого никаде без ниту"),
    ),
    Language(
        code="pl",
        name="Polish",
        locale="pl-PL",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words(
            "dr prof mgr inż hab gen płk kpt ppłk por św ks p r ul al pl os nr tzn tj tzw np m.in "
            "ok godz tel wg bł red zob j.w o.o"
        ),
        final_abbreviations=words("itd itp r w n.e jr im"),
        number_abbreviations=words("art rys rozdz s str t ust pkt"),
        openers=words(
            "ja ty on ona ono my wy oni one tu tam teraz potem wtedy kto co jak gdzie dlaczego "
            "tak nie może wszyscy nikt nic dziś wczoraj jutro czy też także każdy"
        ),
        negations=words(
            "nie nigdy nic niczego niczym nikt nikogo nikomu nikim żaden żadna żadne żadnego "
            "żadnej żadnym bez ani brak nigdzie niema"
        ),
        numerals=numerals(
            "zero jeden/jedna/jedno dwa/dwie/dwóch/dwoje trzy/trzech cztery/czterech pięć/pięciu "
            "sześć/sześciu siedem/siedmiu osiem/ośmiu dziewięć/dziewięciu dziesięć/dziesięciu "
            "jedenaście/jedenastu dwanaście/dwunastu"
        ),
        links=words(
            "i a oraz lub albo ale bo że żeby jeśli kiedy gdy w we z ze na do od po za przed "
            "przez dla bez o przy między"
        ),
        leads=words("ten ta to jest był była będzie może nie"),
        caption_dash="- ",
    ),
    Language(
        code="ru",
        name="Russian",
        locale="ru-RU",
        declines_names=True,
        abbreviations=words(
            "г-н г-жа гг гр тов др д-р проф акад доц инж ген полк кап лейт св ул пр просп пер пл "
            "кв корп т.е т.н т.к т напр см ср ок прим стр гл тел обл р-н о-в изд ред"
        ),
        final_abbreviations=words("т.д т.п д п г в н.э пр др им руб коп сек мин ч тыс млн млрд"),
        number_abbreviations=words("рис табл"),
        openers=words(
            "я ты он она оно мы вы они тут там теперь потом тогда кто как где почему да нет может "
            "все никто ничего сегодня вчера завтра этот эта это эти также каждый здесь сейчас"
        ),
        negations=words("не ни нет нету никогда нельзя без некому нечего незачем некуда"),
        negation_pattern=(
            r"\bник(?:то|ого|ому|ем|уда|ак|ак[аио]\w*)\b|\bнич(?:то|его|ему|ем)\b|\bнигде\b|\bневозмож\w+"
            r""
        ),
        numerals=numerals(
            "ноль один/одна/одно два/две/двух три/трёх/трех четыре/четырёх/четырех пять/пяти "
            "шесть/шести семь/семи восемь/восьми девять/девяти десять/десяти одиннадцать "
            "двенадцать"
        ),
        links=words(
            "и или но а что чтобы если когда потому как в во на с со к ко от до из за по о об при "
            "для без над под между через"
        ),
        leads=words("этот эта это был была было будет может не"),
        caption_dash="- ",
        caption_line_chars=39,
        spoken_chars_per_second=14.5,
    ),
    Language(
        code="sk",
        name="Slovak",
        locale="sk-SK",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("p dr prof doc ing mgr gen sv ul nám č napr tj tzv cca resp tel str"),
        final_abbreviations=words("atď apod r"),
        openers=words(
            "ja ty on ona ono my vy oni tu tam teraz potom kto čo ako kde prečo áno nie možno"
        ),
        negations=words("nie bez ani žiadny žiadna žiadne nikto nikoho nikdy nič ničoho nikde"),
        negation_pattern=(
            r"\bne(?!j(?!d|e)|b(?:o\b|e\b|es)|ch(?:a|á|\b)|ž|d(?:aleko|ávno|eľ)|moc|rv|gat"
            r"|utr|ust|s(?:ie|ú|ieme)\b)\w{2,}"
        ),
        caption_dash="- ",
    ),
    Language(
        code="sl",
        name="Slovenian",
        locale="sl-SI",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("g ga gdč dr prof mag inž sv ul št npr tj t.i oz ok"),
        final_abbreviations=words("itd ipd"),
        openers=words("jaz ti on ona mi vi oni tu tam zdaj potem kdo kaj kako kje zakaj da ne"),
        negations=words(
            "ne ni nisem nisi nismo niste niso nimam nima nimajo nikoli nihče nič brez nobeden "
            "noben nobena"
        ),
    ),
    Language(
        code="sr",
        name="Serbian",
        locale="sr-RS",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words(
            "г гђа др проф мр инж св ул бр нпр тј тзв стр g gđa dr prof mr inž sv ul br npr tj "
            "tzv str"
        ),
        final_abbreviations=words("итд сл itd sl"),
        openers=words("ја ти он она ми ви они овде тамо сада онда ко шта како где зашто да не"),
        negations=words(
            "не није нисам ниси нисмо нисте нису нема немам никад никада нико ништа без нећу неће "
            "ни нити ne nije nisam nisi nismo niste nisu nema nemam nikad nikada niko ništa bez "
            "neću neće ni niti"
        ),
    ),
    Language(
        code="uk",
        name="Ukrainian",
        locale="uk-UA",
        declines_names=True,
        abbreviations=words(
            "п д-р проф акад доц інж ген св вул просп пл буд кв ім т.зв т.ч т.б т напр див пор бл "
            "стор гл тел обл р-н хв"
        ),
        final_abbreviations=words("т.д т.п ін р ст н.е тис млн млрд грн коп"),
        number_abbreviations=words("рис табл"),
        openers=words(
            "я ти він вона воно ми ви вони тут там тепер потім тоді хто де чому так ні всі ніхто "
            "нічого сьогодні вчора завтра також кожен зараз і й та або але що щоб якщо коли тому "
            "як у в на з із зі до від за про по при для без над під між через цей ця це ці був "
            "була було буде може не"
        ),
        negations=words("не ні немає нема ніколи ніде без жоден жодна жодне жодного жодної ані"),
        negation_pattern=r"\bні(?:хто|кого|кому|ким|що|чого|чому|чим|як|як[аиі]\w*)\b|\bнеможлив\w+",
        numerals=numerals(
            "нуль один/одна/одне два/дві/двох три/трьох чотири/чотирьох п'ять/п’ять шість сім "
            "вісім дев'ять/дев’ять десять одинадцять дванадцять"
        ),
        links=words(
            "і й та або але а що щоб якщо коли бо як у в на з зі до від за по про при для без над "
            "під між через який яка яке"
        ),
        leads=words("цей ця це був була було буде може не ні мій твій його її"),
    ),
)
