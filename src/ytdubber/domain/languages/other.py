"""Languages of other families."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="am",
        name="Amharic",
        locale="am",
        abbreviations=words("ዶ ፕሮፌ"),
        spoken_chars_per_second=8.0,
    ),
    Language(
        code="ar",
        name="Arabic",
        locale="ar-SA",
        abbreviations=words("د أ م ص ت هـ"),
        final_abbreviations=words("إلخ الخ"),
        negation_pattern=(
            r"\b[وف]?(?:لا|لم|لن|ليس\w*|لست|لسنا|غير|بدون|بلا|دون|عدم|كلا|مش|مستحيل\w*)\b"
            r"|(?:^|[،؛.!؟:]\s*|\bلكن )[وف]?ما "
            r"(?!ال|(?:هو|هي|هم|هذا|هذه|تلك|ذلك|زال\w*|زلت\w*|[أنيت]زال\w*|دام\w*|دمت|إذا|شاء)\b"
            r"|(?:اسم|معنى|رأي|سبب|لون)(?:ه|ها|ك|كم|ي)?\b)"
        ),
        numerals=numerals(
            "صفر واحد/واحدة اثنان/اثنين/اثنتان ثلاثة/ثلاث أربعة/أربع خمسة/خمس ستة/ست سبعة/سبع "
            "ثمانية/ثماني تسعة/تسع عشرة/عشر"
        ),
        rtl=True,
        caption_dash="- ",
        caption_chars_per_second=20,
        caption_most_chars_per_second=23,
        spoken_chars_per_second=11.0,
        links=words(
            "في من إلى على عن مع أو ثم لكن بل حتى إذا لأن أن إن كما عندما بعد قبل بين خلال ضد دون "
            "منذ حول الذي التي الذين"
        ),
        leads=words("لا لم لن ما قد سوف كان كانت هذا هذه ذلك تلك كل غير يا ليس ليست"),
    ),
    Language(
        code="az",
        name="Azerbaijani",
        locale="az",
        abbreviations=words("dr prof dos küç pr məs və s"),
        final_abbreviations=words("s"),
        openers=words("mən sən biz siz onlar burada orada indi sonra kim nə necə harada bəli xeyr"),
        negations=words("yox deyil heç"),
    ),
    Language(
        code="cy",
        name="Welsh",
        locale="cy",
        abbreviations=words("mr mrs ms dr prof st e.e h.y"),
        final_abbreviations=words("etc ayyb"),
        openers=words("mae roedd dw rydw fe mi hi ni chi nhw yna nawr pwy beth sut ble pam"),
        negations=words("na nid ddim dim heb neb byth"),
    ),
    Language(
        code="el",
        name="Greek",
        locale="el-GR",
        sentence_marks=";",
        declines_names=True,
        abbreviations=words("κ κα κος δρ καθ αγ λεωφ οδ αρ τηλ π.χ δηλ βλ πρβλ σελ εκ χλμ περ"),
        final_abbreviations=words("κλπ κ.λπ κ.ά κ.τ.λ μ.χ π.χρ μ.μ π.μ"),
        openers=words(
            "εγώ εσύ αυτός αυτή αυτό εμείς εσείς αυτοί εδώ εκεί τώρα τότε ποιος τι πώς πού ναι "
            "όχι ίσως όλοι κανείς σήμερα χθες αύριο και ή αλλά ότι πως αν όταν γιατί σε στο στη "
            "στην με από για χωρίς μέχρι πριν μετά ο η το οι τα τον την του της των ένας μια ένα "
            "είναι ήταν έχει θα να δεν"
        ),
        negations=words(
            "δεν δε μη μην όχι ποτέ τίποτα τίποτε κανείς κανένας καμία καμιά κανένα χωρίς δίχως "
            "ούτε μήτε"
        ),
        links=words(
            "και ή αλλά ότι πως γιατί αν όταν με σε από για προς χωρίς μετά πριν κατά στο στη στην "
            "στον στα στις στους που να"
        ),
        leads=words(
            "ο η το οι τα τον την του της των τους ένας μια ένα δεν θα μην είναι ήταν έχει είχε"
        ),
    ),
    Language(
        code="et",
        name="Estonian",
        locale="et-EE",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("hr pr dr prof st nr nt s.t s.o u lk tel jne"),
        final_abbreviations=words("jt jms"),
        openers=words(
            "mina sina tema meie teie nemad ma sa ta me te nad siin seal nüüd siis kes mis kuidas "
            "kus miks jah ei"
        ),
        negations=words("ei ära ärge mitte pole polnud ilma"),
    ),
    Language(
        code="eu",
        name="Basque",
        locale="eu",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("jn dr prof adib etab zk"),
        final_abbreviations=words("etab"),
        openers=words("ni zu hura gu haiek hemen han orain gero nor zer nola non zergatik bai ez"),
        negations=words("ez inoiz ezer inor gabe"),
    ),
    Language(
        code="fa",
        name="Persian",
        locale="fa-IR",
        abbreviations=words("دکتر ص"),
        negations=words("نه نیست نیستم نیستند ندارد ندارم بدون هرگز هیچ هیچکس بی"),
        negation_pattern=r"\bن(?:می|خواه|داشت|بود)\w*",
        rtl=True,
        spoken_chars_per_second=11.0,
    ),
    Language(
        code="fi",
        name="Finnish",
        locale="fi-FI",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words(
            "hra rva nti dr prof tri fil maist esim mm ns ts n nro puh s ko em huom vrt ks kpl "
            "klo milj mrd synt p"
        ),
        final_abbreviations=words("jne yms ym ynnä jr"),
        openers=words(
            "minä sinä hän me te he tässä täällä siellä nyt sitten silloin kuka mikä mitä miten "
            "missä miksi kyllä ehkä kaikki kukaan tänään eilen huomenna myös jokainen ne nämä ja "
            "tai mutta että jos kun koska kuin joka sekä ilman tämä se on oli ei"
        ),
        negations=words(
            "en et ei emme ette eivät älä älkää älköön ilman eikä enkä etkä eivätkä ettei etten "
            "ettet"
        ),
    ),
    Language(
        code="ga",
        name="Irish",
        locale="ga",
        abbreviations=words("dr prof st m.sh i.e"),
        final_abbreviations=words("srl"),
        openers=words("tá bhí mé tú sé sí muid sinn siad anois ansin cé cad conas cá"),
        negations=words("ní níl nach gan riamh"),
    ),
    Language(
        code="he",
        name="Hebrew",
        locale="he-IL",
        abbreviations=words("פרופ"),
        number_abbreviations=words("מס"),
        negation_pattern=(
            r"\b[ושכ]*(?:לא|אין|אינ(?:ו|ה|י|ם|ן|ני|נו|ך)|בלי|ללא|מעולם)\b|\bאל (?=ת)(?!תל )"
        ),
        numerals=numerals(
            "אפס אחד/אחת שניים/שתיים/שני/שתי שלושה/שלוש ארבעה/ארבע חמישה/חמש שישה/שש שבעה/שבע "
            "שמונה תשעה/תשע עשרה/עשר"
        ),
        rtl=True,
        spoken_chars_per_second=11.5,
        links=words("של על עם או אבל כי אם כאשר בין לפני אחרי בלי נגד אל עד כמו גם אלא מתוך"),
        leads=words("את לא זה זאת הזה יש אין היה הייתה כל אל"),
    ),
    Language(
        code="hu",
        name="Hungarian",
        locale="hu-HU",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words("dr prof ifj id özv szt st gr kb pl ill ún u tel sz old bp krt"),
        final_abbreviations=words("stb kft rt zrt nyrt bt jr"),
        number_abbreviations=words("jan febr márc ápr jún júl aug szept okt nov dec"),
        openers=words(
            "én te ő mi ti ők itt ott most aztán akkor ki miért hogyan hol igen nem talán "
            "mindenki senki semmi ma tegnap holnap is minden és vagy de hogy ha mert mint mikor "
            "amikor míg a az egy ez volt lesz lehet"
        ),
        negations=words("nem ne nincs nincsenek nincsen sem se nélkül"),
        negation_pattern=r"\b(?:senki|semmi|sehol|soha|sosem)\w*",
        caption_dash="- ",
        links=words("és vagy de hogy mert ha amikor mint meg hanem pedig valamint aki ami"),
        leads=words("a az egy ez nem ne volt lesz kell dr."),
        trails=words("után előtt alatt között felett mellett nélkül szerint is sem"),
    ),
    Language(
        code="hy",
        name="Armenian",
        locale="hy",
        abbreviations=words("պրոֆ դր ն"),
        final_abbreviations=words("այլն"),
        negations=words("ոչ չէ չի մի երբեք ոչինչ առանց"),
        negation_pattern=r"\bչ(?:եմ|ես|է|ենք|եք|են|ի)\b",
    ),
    Language(
        code="ka",
        name="Georgian",
        locale="ka",
        abbreviations=words("ბ-ნი ქ-ნი დოქ პროფ მაგ ე.ი ე.წ"),
        final_abbreviations=words("ა.შ"),
        negations=words("არ არა ვერ ნუ აღარ არასოდეს არაფერი არავინ"),
    ),
    Language(
        code="kk",
        name="Kazakh",
        locale="kk",
        abbreviations=words("проф доц акад қ көш б т.б мыс"),
        final_abbreviations=words("т.б т.с.с"),
        openers=words("мен сен ол біз сіз олар бұл осы мұнда енді содан кім не қалай қайда иә жоқ"),
    ),
    Language(
        code="mt",
        name="Maltese",
        locale="mt",
        abbreviations=words("sur sra dr prof san eż p.eż"),
        final_abbreviations=words("eċċ"),
        openers=words(
            "jien int hu hi aħna intom huma hawn hemm issa min x'inhu kif fejn għaliex iva le"
        ),
    ),
    Language(
        code="sq",
        name="Albanian",
        locale="sq-AL",
        abbreviations=words("z znj dr prof sh p.sh nr f"),
        final_abbreviations=words("etj"),
        openers=words("unë ti ai ajo ne ju ata ato këtu atje tani kush çfarë si ku pse po jo"),
        negations=words("jo nuk s mos asnjë asgjë askush kurrë pa as"),
    ),
    Language(
        code="sw",
        name="Swahili",
        locale="sw-KE",
        abbreviations=words("bw bi dkt prof mh k.m n.k"),
        final_abbreviations=words("nk"),
        openers=words(
            "mimi wewe yeye sisi ninyi wao hapa pale sasa kisha nani nini vipi wapi ndiyo hapana"
        ),
        negations=words("si hapana bila hakuna hamna sio siyo kamwe"),
    ),
    Language(
        code="tr",
        name="Turkish",
        locale="tr-TR",
        ordinal_stop=True,
        declines_names=True,
        abbreviations=words(
            "dr prof doç av sn yrd öğr alb yzb gen müh mim sok cad mah no tel bkz krş örn vb çev"
        ),
        final_abbreviations=words("vs vd a.ş ltd şti"),
        number_abbreviations=words("s sf md böl"),
        openers=words(
            "ben sen biz siz onlar burada orada şimdi sonra kim ne nasıl nerede neden niçin evet "
            "hayır belki herkes hiç bugün dün yarın ayrıca her ve veya ama fakat çünkü ki ile "
            "için gibi kadar göre bir bu şu o"
        ),
        negations=words("hayır değil değilim değildi yok yoktu hiç asla hiçbir"),
        negation_pattern=(
            r"\w(?:m[ae](?:d[ıi]|m[ıi]ş|z|y[ae]c[ae]|y[ıi]n\b|d[ae]n\b|m[ae]l[ıi]|s[ıi]n\b)"
            r"|m[ıiuü]yor)|\wm[ae](?=!)|\w{2}(?<!fran)s[ıiuü]z\b"
        ),
        numerals=numerals("sıfır bir iki üç dört beş altı yedi* sekiz dokuz on*"),
        caption_dash="-",
        links=words("ve veya ama fakat çünkü ki eğer ancak hem ya"),
        leads=words("bir bu şu o her hiç çok en daha"),
        trails=words("ile için gibi kadar de da mi mı mu mü değil sonra önce göre karşı idi"),
    ),
    Language(
        code="uz",
        name="Uzbek",
        locale="uz",
        abbreviations=words("prof dots dr h.k mas"),
        final_abbreviations=words("h.k"),
        openers=words(
            "men sen u biz siz ular bu shu yerda endi keyin kim nima qanday qayerda ha yo'q"
        ),
    ),
)
