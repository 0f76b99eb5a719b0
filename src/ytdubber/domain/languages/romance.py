"""Romance languages."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="ca",
        name="Catalan",
        locale="ca-ES",
        abbreviations=words("sr sra dr dra prof st sta p.ex pàg núm av"),
        final_abbreviations=words("etc s.a ee.uu"),
        openers=words("jo tu ell ella nosaltres ells elles això aquí llavors ara també qui què"),
        negations=words("no mai res ningú cap ni sense tampoc"),
    ),
    Language(
        code="es",
        name="Spanish",
        locale="es-ES",
        abbreviations=words(
            "sr sra srta sres dr dra d dña prof ing lic arq gral cap tte cnel sto sta ud uds vd "
            "vds av avda c p ej p.ej aprox dpto tel núm nº pág págs vol cf a.c d.c excmo excma "
            "ilmo mons fr"
        ),
        final_abbreviations=words("etc s.a s.l ee.uu ee uu cía jr"),
        number_abbreviations=words(
            "art cap p pp fig ene feb mar abr may jun jul ago sep sept oct nov dic"
        ),
        openers=words(
            "yo tú él ella ello nosotros ellos ellas usted ustedes esto eso este esta ese esa hay "
            "entonces ahora aquí allí también quién qué cómo dónde cuándo quizás tal todo todos "
            "nadie nada hoy ayer mañana después luego sin además mi así cada"
        ),
        negations=words(
            "no nunca nada jamás nadie ningún ninguno ninguna ni sin tampoco imposible "
            "imposibles incapaz incapaces"
        ),
        numerals=numerals(
            "cero uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce"
        ),
        links=words(
            "y e o u pero sino porque que si cuando aunque como de del a al en con por para sin "
            "sobre entre hasta desde hacia contra durante mientras"
        ),
        leads=words(
            "el la los las un una unos unas mi tu su ha han había es era fue será puede no sr. sra."
        ),
        caption_dash="- ",
    ),
    Language(
        code="fr",
        name="French",
        locale="fr-FR",
        abbreviations=words(
            "m mm mme mmes mlle mlles dr pr prof me st ste ets av bd bld tél env p.ex ex cf "
            "c.-à-d c.à.d apr av.j.-c j.-c mgr gal chap éd"
        ),
        final_abbreviations=words("etc cie jr"),
        number_abbreviations=words("art fig p pp no n janv févr avr juil sept oct nov déc vol"),
        openers=words(
            "je j'ai j'étais tu il elle on nous vous ils elles c'est cela ça c'était alors ici là "
            "aussi qui quoi où pourquoi peut-être oui non tout tous chacun personne rien hier "
            "aujourd'hui demain puis ensuite après ceux celui celle leur notre votre chaque voici "
            "voilà"
        ),
        negations=words(
            "ne n pas jamais rien aucun aucune sans non ni nulle guère impossible "
            "impossibles incapable incapables"
        ),
        numerals=numerals("zéro un/une deux trois quatre cinq six sept huit neuf* dix onze douze"),
        links=words(
            "et ou mais donc car que si quand lorsque parce comme de du des à au aux en dans avec "
            "par pour sans sur sous entre vers chez contre pendant depuis"
        ),
        leads=words(
            "le la les un une mon ma ton son sa ce cette ces a ont avait est était sera peut ne "
            "n' m. mme"
        ),
        caption_dash="- ",
        spoken_chars_per_second=16.5,
    ),
    Language(
        code="gl",
        name="Galician",
        locale="gl",
        abbreviations=words("sr sra dr dra prof st sta p.ex páx núm av"),
        final_abbreviations=words("etc s.a"),
        openers=words("eu ti el ela nós eles elas iso aquí entón agora tamén quen que"),
        negations=words("non nunca nada ninguén ningún ningunha nin sen xamais tampouco"),
    ),
    Language(
        code="it",
        name="Italian",
        locale="it-IT",
        abbreviations=words(
            "sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa ing avv arch geom rag on sen "
            "gen cap col ten s ss st p.es es pag pagg vol n tel ca cfr a.c d.c spett egr gent "
            "mons"
        ),
        final_abbreviations=words("ecc etc s.p.a s.r.l jr"),
        number_abbreviations=words(
            "art fig cap p pp gen feb mar apr mag giu lug ago set sett ott nov dic"
        ),
        openers=words(
            "io tu egli lei lui noi voi loro essi questo questa quello quella ciò c'è allora ora "
            "adesso qui qua lì là anche chi cosa dove forse sì no tutto tutti nessuno niente oggi "
            "ieri domani poi dopo ogni ecco così"
        ),
        negations=words(
            "no non mai niente nulla nessuno nessuna nessun né senza neanche nemmeno neppure "
            "impossibile impossibili incapace incapaci"
        ),
        numerals=numerals(
            "zero uno/una due tre quattro cinque sei* sette otto nove dieci undici dodici"
        ),
        links=words(
            "e ed o ma perché che se quando mentre come di del della a al alla in nel nella con "
            "per da dal dalla su sul sulla tra fra senza contro durante"
        ),
        leads=words(
            "il lo la i gli le un uno una mio mia suo sua ha hanno aveva è era sarà può non sig."
        ),
        caption_dash="- ",
    ),
    Language(
        code="pt",
        name="Portuguese",
        locale="pt-BR",
        abbreviations=words(
            "sr sra srs sras srta dr dra drs prof profa profª d exmo exma ilmo eng arq gen cel "
            "cap ten maj sgt dep sen gov pe fr sto sta av r tel núm nº pág págs vol ex p.ex aprox "
            "obs cf depto a.c d.c ltda"
        ),
        final_abbreviations=words("etc s.a jr cia"),
        number_abbreviations=words("art fig p pp jan fev mar abr mai jun jul ago set out nov dez"),
        openers=words(
            "eu tu ele ela nós eles elas você vocês isso isto este esta esse essa aquilo há então "
            "agora aqui ali também quem como onde talvez todo todos tudo ninguém nada hoje ontem "
            "amanhã depois sim além cada assim já"
        ),
        negations=words(
            "não nunca nada ninguém nenhum nenhuma nenhuns nenhumas nem sem jamais tampouco "
            "impossível impossíveis incapaz incapazes"
        ),
        numerals=numerals(
            "zero um/uma dois/duas três quatro cinco seis/meia* sete oito nove dez onze doze"
        ),
        links=words(
            "e ou mas porque que se quando embora como de do da dos das a ao à em no na nos nas "
            "com por pelo pela para sem sobre entre até desde contra durante enquanto"
        ),
        leads=words(
            "o a os as um uma uns umas meu minha seu sua ter tem tinha é era foi será pode "
            "poderia não sr. sra. dr."
        ),
        caption_dash="- ",
    ),
    Language(
        code="ro",
        name="Romanian",
        locale="ro-RO",
        declines_names=True,
        abbreviations=words(
            "dl d-l dna d-na dra d-ra dr prof ing sf str nr ex d.ex pag vol tel cca cf av gen col "
            "lt"
        ),
        final_abbreviations=words("etc ș.a ș.a.m.d s.a s.r.l jr"),
        number_abbreviations=words("art fig cap p ian feb mar apr iun iul aug sept oct nov dec"),
        openers=words(
            "eu tu el ea noi voi ei ele acesta aceasta acum aici acolo atunci cine ce cum unde "
            "poate da nu toți nimeni azi ieri mâine apoi și sau dar iar că dacă când în pe la cu "
            "de din pentru prin fără între până după despre ca să un o cel cea cei cele al ai ale "
            "meu mea său sa este era au avea va"
        ),
        negations=words(
            "nu n niciodată nimeni nimănui nimic niciun nicio niciunul niciuna nici fără nicăieri"
        ),
        numerals=numerals(
            "zero unu/una doi/două trei patru cinci șase/şase șapte/şapte opt nouă* zece "
            "unsprezece doisprezece/douăsprezece"
        ),
        caption_dash="- ",
        links=words(
            "și sau dar că să dacă când pentru din de la în pe cu fără între după înainte spre "
            "prin ca care"
        ),
        leads=words("un o niște al a ai ale este era sunt au am nu va poate foarte dl. dna."),
    ),
)
