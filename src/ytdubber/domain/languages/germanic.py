"""Germanic languages."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="af",
        name="Afrikaans",
        locale="af",
        abbreviations=words("mnr mev mej dr prof st nr bv o.a d.w.s"),
        final_abbreviations=words("ens etc"),
        openers=words("ek jy hy sy dit ons hulle dan nou hier daar die"),
        negations=words("nee nie nooit niks niemand geen sonder"),
    ),
    Language(
        code="da",
        name="Danish",
        locale="da-DK",
        ordinal_stop=True,
        abbreviations=words(
            "d hr frk dr prof skt st nr f.eks fx bl.a d.v.s dvs ca jf kl tlf inkl ekskl maks evt "
            "osv mht pga ift p.g.a m.h.t s.k m.v adr f bl"
        ),
        final_abbreviations=words("etc jr sr m.m m.fl o.l o.s.v"),
        number_abbreviations=words("s kap jan feb mar apr jun jul aug sep sept okt nov dec"),
        openers=words(
            "jeg du han hun vi i man da nu her der hvem hvad hvor hvordan hvorfor ja nej også "
            "måske alle ingen dette denne disse så og men eller for at fordi hvis når mens som af "
            "på til med fra over under uden mellem mod gennem før efter en et den det de min din "
            "sin hans hendes er var har havde kan skal skulle ikke"
        ),
        negations=words("nej ikke ej aldrig ingen intet ingenting ingensteder hverken uden"),
        numerals=numerals("nul en/et to tre fire fem seks syv otte ni ti elleve tolv"),
        links=words(
            "og eller men at som om når for i på af til med fra ved over under efter før uden "
            "mellem mod fordi mens"
        ),
        leads=words("en et den det de min din sin hans hendes er var har havde skal kan ikke"),
    ),
    Language(
        code="de",
        name="German",
        locale="de-DE",
        ordinal_stop=True,
        abbreviations=words(
            "hr hrn fr frl dr prof dipl ing st nr str z.b z d.h d u.a u s o bzw ca vgl evtl ggf "
            "inkl exkl zzgl max min mio mrd tel geb gest abs bd jh jhd allg bes sog urspr ugs frz "
            "engl lat griech i.d.r v.a v.chr n.chr bspw gegr hl kgl ehem eigtl etw geh insb "
            "ausschl einschl mind abt aufl hrsg hg jur kath ev geschl"
        ),
        final_abbreviations=words("usw etc usf jr sen u.s.w"),
        number_abbreviations=words("art abb kap jan feb mär apr jun jul aug sep sept okt nov dez"),
        openers=words(
            "ich du er sie es wir ihr man dann da hier jetzt nun so auch doch wer was wie wo "
            "warum ja nein vielleicht heute gestern morgen danach später trotzdem deshalb dies "
            "dieser diese dieses jeder jede jedes alle viele einige niemand jemand keiner"
        ),
        capitals=words("sie ihr ihnen ihre ihren ihrem ihrer ihres"),
        negations=words(
            "nein nicht nie niemals nichts niemand niemanden niemandem ohne weder nirgends "
            "nirgendwo keinesfalls keineswegs"
        ),
        negation_pattern=r"\b(?:kein(?:e[mnrs]?|erlei)?|unmöglich(?:e[mnrs]?)?)\b",
        numerals=numerals("null eins zwei drei vier fünf sechs sieben acht* neun zehn elf zwölf"),
        capital_nouns=True,
        links=words(
            "und oder aber denn weil dass wenn als ob sondern mit von zu in an auf für aus bei "
            "nach über unter vor durch ohne gegen um zwischen während"
        ),
        leads=words(
            "der die das den dem des ein eine einen einem einer mein sein ihr ist war hat hatte "
            "wird wurde kann muss nicht"
        ),
        spoken_chars_per_second=14.0,
    ),
    Language(
        code="en",
        name="English",
        locale="en-US",
        abbreviations=words(
            "mr mrs ms mx messrs dr prof st gen capt col lt sgt cmdr adm maj cpl pvt gov sen rep "
            "rev hon pres supt insp det mt ft vs e.g i.e cf al ca approx dept est"
        ),
        final_abbreviations=words("etc jr sr inc ltd co corp bros esq ave blvd rd ph.d"),
        number_abbreviations=words(
            "no nos vol p pp ch fig figs sec art par ex op cap jan feb mar apr jun jul aug sep "
            "sept oct nov dec"
        ),
        openers=words(
            "i i'm i've i'd i'll he she it it's we we're they they're you you're there here then "
            "now what who why how where yes well also however maybe perhaps everyone everybody "
            "nobody some many most all both each one another no not please let don't after before "
            "meanwhile today later still moreover furthermore thus finally instead"
        ),
        capitals=words(
            "i i'm i've i'd i'll monday tuesday wednesday thursday friday saturday sunday january "
            "february march april may june july august september october november december "
            "christmas easter god english american british african european asian australian "
            "brazilian portuguese spanish french german italian dutch polish russian ukrainian "
            "swedish danish norwegian finnish greek turkish chinese japanese korean indian arabic "
            "hebrew mexican canadian irish scottish latin roman christian catholic jewish muslim"
        ),
        negations=words(
            "no not never none nobody nothing nowhere neither nor without cannot impossible unable"
        ),
        negation_pattern=r"n['’]t\b|\b(?:dont|wont|cant|didnt|doesnt|isnt|wasnt|couldnt|wouldnt)\b",
        numerals=numerals(
            "zero/nought one two three four five six seven eight nine ten eleven twelve"
        ),
        links=words(
            "and or but nor so yet because that if when while although than as to of in on at by "
            "for with from into about over under after before through without between against "
            "during"
        ),
        leads=words(
            "a an the my your his her its our their this that these those is are was were be been "
            "has have had will would can could may might must shall should do does did not mr. "
            "mrs. ms. dr."
        ),
    ),
    Language(
        code="is",
        name="Icelandic",
        locale="is-IS",
        ordinal_stop=True,
        abbreviations=words("hr frú dr próf nr t.d þ.e m.a sbr u.þ.b"),
        final_abbreviations=words("o.s.frv o.fl"),
        openers=words("ég þú hann hún það við þið þeir þær þau þá nú hér þar"),
        negations=words("nei ekki aldrei enginn engin ekkert engan án hvorki"),
    ),
    Language(
        code="nl",
        name="Dutch",
        locale="nl-NL",
        abbreviations=words(
            "dhr mevr mw drs ir ing mr dr prof st nr bijv bv d.w.z o.a m.b.t t.a.v i.p.v a.u.b "
            "z.o.z ca vgl evt incl excl max min tel jhr ds resp m.n n.a.v t.o.v i.v.m"
        ),
        final_abbreviations=words("enz etc jr sr n.v b.v"),
        number_abbreviations=words(
            "blz art afb hfst jan feb mrt apr jun jul aug sep sept okt nov dec"
        ),
        openers=words(
            "ik jij je hij zij ze wij we jullie u er dan nu hier daar dit dat deze die wie wat "
            "hoe waar waarom ja nee ook misschien iedereen niemand vandaag gisteren morgen later "
            "toch"
        ),
        negations=words(
            "nee niet nooit niets niks niemand nergens geen zonder noch onmogelijk onmogelijke"
        ),
        numerals=numerals("nul een/één twee drie vier vijf zes zeven acht negen tien elf twaalf"),
        links=words(
            "en of maar want omdat dat als toen terwijl van in op aan met voor bij naar uit over "
            "onder door zonder tegen tussen tijdens"
        ),
        leads=words("de het een mijn zijn haar is was heeft had zal kan moet niet"),
    ),
    Language(
        code="no",
        name="Norwegian",
        locale="no-NO",
        ordinal_stop=True,
        abbreviations=words(
            "d hr frk dr prof st nr f.eks bl.a d.v.s dvs ca jf kl tlf inkl ekskl maks evt pga mht "
            "iht vedr f bl eks adm dir"
        ),
        final_abbreviations=words("osv etc jr sr m.m m.fl o.l o.s.v"),
        number_abbreviations=words("s kap jan feb mar apr jun jul aug sep sept okt nov des"),
        openers=words(
            "jeg du han hun vi dere man da nå her der hvem hva hvor hvordan hvorfor ja nei også "
            "kanskje alle ingen dette denne disse så og men eller for at fordi hvis når mens som "
            "av i på til med fra over under uten mellom mot gjennom før etter en ei et den det de "
            "min din sin hans hennes er var har hadde kan skal skulle ikke"
        ),
        negations=words(
            "nei ikke ei aldri ingen intet inga ingenting ingensteder verken hverken uten"
        ),
        numerals=numerals(
            "null en/ei/ett to tre fire fem seks sju/syv åtte ni ti elleve/elve tolv"
        ),
        links=words(
            "og eller men at som om når for i på av til med fra ved over under etter før uten "
            "mellom mot fordi mens"
        ),
        leads=words("en et ei den det de min din sin hans hennes er var har hadde skal kan ikke"),
    ),
    Language(
        code="sv",
        name="Swedish",
        locale="sv-SE",
        abbreviations=words(
            "hr fr dr prof st s:t t.ex bl.a d.v.s dvs s.k m.m p.g.a f.d t.o.m fr.o.m o.d ang resp "
            "ca kl nr tel jfr inkl exkl max ev alt t f bl kap tfn"
        ),
        final_abbreviations=words("osv etc m.fl o.s.v jr sr"),
        number_abbreviations=words("sid jan feb mar apr jun jul aug sep sept okt nov dec"),
        openers=words(
            "jag du han hon vi ni man då nu här där vem vad hur varför ja nej också kanske alla "
            "ingen idag igår sedan detta denna dessa och men eller för att om när medan som av i "
            "på till med från över under utan mellan mot genom innan efter en ett den det de min "
            "din sin hans hennes är var har hade kan ska skulle inte"
        ),
        negations=words(
            "nej inte icke ej aldrig ingen inget inga ingenting ingenstans varken utan"
        ),
        numerals=numerals("noll en/ett två tre fyra fem sex* sju åtta nio tio elva tolv"),
        links=words(
            "och eller men att som om när för i på av till med från vid över under efter före utan "
            "mellan mot eftersom medan"
        ),
        leads=words("en ett den det de min din sin hans hennes är var har hade ska kan inte"),
    ),
)
