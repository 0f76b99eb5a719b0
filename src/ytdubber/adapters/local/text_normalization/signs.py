"""What signs are called: decimal mark, minus, plus, equals and at, in every language spoken here.

The words for the decimal mark and for minus are those of the Unicode CLDR's spellout rules (RBNF,
version 46) where it has them for the language.
"""

from typing import NamedTuple


class Signs(NamedTuple):
    """The names of signs in one language."""

    point: str
    minus: str
    plus: str
    equals: str
    at: str


_TABLE = """
af komma|min|plus|is gelyk aan|by
am ነጥብ|ቅንስናሽ|ሲደመር|እኩል ይሆናል|አት
ar فاصل|ناقص|زائد|يساوي|آت
az tam|əksi|üstəgəl|bərabərdir|ət
be коска|мінус|плюс|роўна|сабака
bg цяло и|минус|плюс|равно на|кльомба
bn দশমিক|বিয়োগ|যোগ|সমান|অ্যাট
bs zarez|minus|plus|jednako|et
ca coma|menys|més|igual a|arrova
cs čárka|minus|plus|rovná se|zavináč
cy pwynt|minws|plws|yn hafal i|at
da komma|minus|plus|lig med|snabel a
de Komma|minus|plus|gleich|at
el κόμμα|μείον|συν|ίσον|παπάκι
en point|minus|plus|equals|at
es coma|menos|más|igual a|arroba
et koma|miinus|pluss|võrdub|ätt
eu koma|minus|gehi|berdin|a bildua
fa ممیز|منفی|به علاوه|مساوی|ات
fi pilkku|miinus|plus|on yhtä kuin|ät
fr virgule|moins|plus|égale|arobase
ga pointe|míneas|móide|cothrom le|ag
gl coma|menos|máis|igual a|arroba
gu દશાંશ|ઓછા|વત્તા|બરાબર|એટ
he נקודה|מינוס|פלוס|שווה|שטרודל
hi दशमलव|ऋण|धन|बराबर|ऐट
hr zarez|minus|plus|jednako|et
hu egész|mínusz|plusz|egyenlő|kukac
hy ստորակետ|հանած|գումարած|հավասար է|շնիկ
id koma|minus|tambah|sama dengan|at
is komma|mínus|plús|jafnt og|hjá
it virgola|meno|più|uguale|chiocciola
ja 点|マイナス|プラス|イコール|アット
ka მძიმე|მინუს|პლუს|უდრის|ეთ
kk бүтін|минус|плюс|тең|ат
kn ದಶಾಂಶ|ಮೈನಸ್|ಪ್ಲಸ್|ಸಮ|ಅಟ್
ko 점|마이너스|더하기|는|골뱅이
lt kablelis|minus|plius|lygu|eta
lv komats|mīnus|plus|vienāds ar|et
mk запирка|минус|плус|еднакво|ет
ml ദശാംശം|മൈനസ്|പ്ലസ്|സമം|അറ്റ്
mr दशांश|उणे|अधिक|बरोबर|ॲट
ms perpuluhan|negatif|campur|sama dengan|alias
mt punt|minus|plus|ugwali|at
ne दशमलव|ऋणात्मक|जोड|बराबर|एट
nl komma|min|plus|is|apenstaartje
no komma|minus|pluss|er lik|krøllalfa
pa ਦਸ਼ਮਲਵ|ਮਾਈਨਸ|ਜਮ੍ਹਾਂ|ਬਰਾਬਰ|ਐਟ
pl przecinek|minus|plus|równa się|małpa
pt vírgula|menos|mais|igual a|arroba
ro virgulă|minus|plus|egal|arond
ru целых|минус|плюс|равно|собака
sk čiarka|mínus|plus|rovná sa|zavináč
sl vejica|minus|plus|je enako|afna
sq presje|minus|plus|baraz|et
sr запета|минус|плус|једнако|ет
sv komma|minus|plus|är lika med|snabel a
sw nukta|kasoro|jumlisha|sawa na|at
ta புள்ளி|எதிர்ம|கூட்டல்|சமம்|அட்
te దశాంశం|మైనస్|ప్లస్|సమానం|ఎట్
th จุด|ลบ|บวก|เท่ากับ|แอท
tl punto|minus|plus|katumbas ng|at
tr virgül|eksi|artı|eşittir|et
uk кома|мінус|плюс|дорівнює|собака
ur اعشاریہ|منفی|جمع|برابر|ایٹ
uz butun|minus|plyus|teng|et
vi phẩy|âm|cộng|bằng|a còng
zh 点|负|加|等于|艾特
"""

SIGNS = {line[:2]: Signs(*line[3:].split("|")) for line in _TABLE.strip().splitlines()}
