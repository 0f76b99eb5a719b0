"""What people call languages: codes of two and three letters, locales, English and own names.

Three-letter codes: ISO 639-2 (both kinds) and 639-3, with the individual language that stands for
a macrolanguage. Scripts and regions: CLDR's likely subtags. Own names: CLDR.
"""

import re
import unicodedata
from dataclasses import dataclass

_ROWS = """\
af afr Latn ZA Afrikaans
am amh Ethi ET አማርኛ
ar ara,arb Arab EG العربية
az aze,azj Latn AZ azərbaycan
be bel Cyrl BY беларуская
bg bul Cyrl BG български
bn ben Beng BD বাংলা
bs bos Latn BA bosanski
ca cat Latn ES català
cs ces,cze Latn CZ čeština
cy cym,wel Latn GB Cymraeg
da dan Latn DK dansk
de deu,ger Latn DE Deutsch
el ell,gre Grek GR Ελληνικά
en eng Latn US English
es spa Latn ES español
et est,ekk Latn EE eesti
eu eus,baq Latn ES euskara
fa fas,per,pes Arab IR فارسی
fi fin Latn FI suomi
fr fra,fre Latn FR français
ga gle Latn IE Gaeilge
gl glg Latn ES galego
gu guj Gujr IN ગુજરાતી
he heb,iw Hebr IL עברית
hi hin Deva IN हिन्दी
hr hrv Latn HR hrvatski
hu hun Latn HU magyar
hy hye,arm Armn AM հայերեն
id ind,in Latn ID Indonesia
is isl,ice Latn IS íslenska
it ita Latn IT italiano
ja jpn Jpan JP 日本語
ka kat,geo Geor GE ქართული
kk kaz Cyrl KZ қазақ тілі
km khm Khmr KH ខ្មែរ
kn kan Knda IN ಕನ್ನಡ
ko kor Kore KR 한국어
lo lao Laoo LA ລາວ
lt lit Latn LT lietuvių
lv lav,lvs Latn LV latviešu
mk mkd,mac Cyrl MK македонски
ml mal Mlym IN മലയാളം
mr mar Deva IN मराठी
ms msa,may,zsm Latn MY Melayu
mt mlt Latn MT Malti
my mya,bur Mymr MM မြန်မာ
ne nep,npi Deva NP नेपाली
nl nld,dut Latn NL Nederlands
no nor,nb,nob Latn NO norsk
pa pan Guru IN ਪੰਜਾਬੀ
pl pol Latn PL polski
pt por Latn BR português
ro ron,rum Latn RO română
ru rus Cyrl RU русский
sk slk,slo Latn SK slovenčina
sl slv Latn SI slovenščina
sq sqi,alb,als Latn AL shqip
sr srp Cyrl RS српски
sv swe Latn SE svenska
sw swa,swh Latn TZ Kiswahili
ta tam Taml IN தமிழ்
te tel Telu IN తెలుగు
th tha Thai TH ไทย
tl tgl,fil Latn PH Filipino
tr tur Latn TR Türkçe
uk ukr Cyrl UA українська
ur urd Arab PK اردو
uz uzb,uzn Latn UZ o‘zbek
vi vie Latn VN Tiếng Việt
zh zho,chi,cmn Hans CN 中文
"""
_OTHER_NAMES = {
    "american english": "en-US",
    "bahasa indonesia": "id",
    "bahasa melayu": "ms",
    "bokmål": "no",
    "brazilian portuguese": "pt-BR",
    "british english": "en-GB",
    "canadian french": "fr-CA",
    "castilian": "es-ES",
    "castellano": "es-ES",
    "chinese simplified": "zh-Hans",
    "chinese traditional": "zh-Hant",
    "european portuguese": "pt-PT",
    "farsi": "fa",
    "flemish": "nl-BE",
    "latin american spanish": "es-419",
    "mandarin": "zh",
    "mandarin chinese": "zh",
    "mexican spanish": "es-MX",
    "norwegian bokmål": "no",
    "norwegian nynorsk": "nn",
    "nynorsk": "nn",
    "portuguese brazil": "pt-BR",
    "portuguese portugal": "pt-PT",
    "simplified chinese": "zh-Hans",
    "traditional chinese": "zh-Hant",
    "简体中文": "zh-Hans",
    "繁體中文": "zh-Hant",
}
_VARIETIES = {"nn": ("no", "nn"), "nno": ("no", "nn")}
"""Codes of their own for what is spoken as another language, but not written as it."""
_TRADITIONAL = frozenset({"TW", "HK", "MO"})
"""Regions that write Chinese in traditional characters."""
_LOCALE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<more>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-z0-9](?:-[a-z0-9]{1,8})+)*)"
)
_ENCODING = re.compile(r"\.utf-?8$")


@dataclass(frozen=True, slots=True)
class _Usual:
    script: str
    region: str


@dataclass(frozen=True, slots=True)
class Named:
    """A language as somebody named it.

    Attributes:
        code: Our code.
        script: The script that was named, `Hant`; empty where none was.
        region: The region that was named or that the script stands for, `BR`; empty where none was.
        variety: Whatever else was named.
    """

    code: str
    script: str = ""
    region: str = ""
    variety: str = ""


def _tables() -> tuple[dict[str, str], dict[str, _Usual], dict[str, str]]:
    codes, usual, names = {}, {}, {}
    for row in _ROWS.splitlines():
        code, others, script, region, own = row.split(maxsplit=4)
        codes.update(dict.fromkeys([code, *others.split(",")], code))
        usual[code] = _Usual(script, region)
        names[_folded(own)] = code
    return codes, usual, names | {_folded(name): code for name, code in _OTHER_NAMES.items()}


def _folded(name: str) -> str:
    """A name for comparison: without case, accents, brackets and doubled spaces."""
    bare = re.sub(r"[()\[\],_-]", " ", unicodedata.normalize("NFKD", name).casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


_CODES, _USUAL, _NAMES = _tables()
_OWN = {row.split()[0]: row.split(maxsplit=4) for row in _ROWS.splitlines()}
_BIBLIOGRAPHIC = frozenset(
    "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel".split()
)
"""The twenty codes of ISO 639-2/B that are not those of 639-2/T."""


def own_name(code: str) -> str:
    """What a language calls itself, with a capital as at the beginning of a sentence."""
    name = _OWN[code][4]
    return name[:1].upper() + name[1:]


def iso639_2(code: str, *, bibliographic: bool = False) -> str:
    """The three letters of one of our languages, as files of media carry them.

    Args:
        code: Ours.
        bibliographic: By 639-2/B, as Matroska has them (`ger`), not by 639-2/T, as MP4 (`deu`).
    """
    terminological, *others = _OWN[code][1].split(",")
    kept = (each for each in others if bibliographic and each in _BIBLIOGRAPHIC)
    return next(kept, terminological)


def named(text: str, english: dict[str, str]) -> Named | None:
    """The language that a text names; None where it names none we know.

    Args:
        text: Such as `pt`, `por`, `pt_BR.UTF-8`, `zh-Hant-TW`, `Portuguese` or `português`.
        english: The English name of every language, by code.
    """
    tag = _ENCODING.sub("", text.strip().lower()).replace("_", "-")
    found = _LOCALE.fullmatch(tag)
    if found and (code := _CODES.get(found["language"])):
        script, region = (found["script"] or "").title(), (found["region"] or "").upper()
        return Named(code, script, region, found["more"].strip("-"))
    if found and found["language"] in _VARIETIES:
        code, variety = _VARIETIES[found["language"]]
        return Named(code, variety=variety)
    name = _folded(text)
    code = next((code for code, each in english.items() if _folded(each) == name), "")
    known = code or _NAMES.get(name, "")
    return named(known, english) if known else None


def is_usual(language: Named, locale: str) -> bool:
    """Whether a language was named as its bare code means it, or with nothing beyond that.

    Args:
        language: What was named.
        locale: What the bare code means, such as `pt-BR`.
    """
    usual, (_, _, country) = _USUAL[language.code], locale.partition("-")
    script = language.script
    if language.code == "zh" and not script and language.region in _TRADITIONAL:
        script = "Hant"
    return (
        not language.variety
        and script in ("", usual.script)
        and language.region in ("", country or usual.region)
    )
