"""Languages by their ISO 639-1 codes (639-3 where there is none), with their English names."""

from .errors import UnknownLanguage

NAMES: dict[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "kn": "Kannada", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian",
    "ml": "Malayalam", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "ne": "Nepali",
    "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_COUNTRIES = (
    "ar:SA bg:BG bn:BD ca:ES cs:CZ da:DK de:DE el:GR en:US es:ES et:EE fa:IR fi:FI fr:FR "
    "he:IL hi:IN hr:HR hu:HU id:ID is:IS it:IT ja:JP ko:KR lt:LT lv:LV ms:MY nl:NL no:NO "
    "pl:PL pt:BR ro:RO ru:RU sk:SK sl:SI sq:AL sr:RS sv:SE sw:KE ta:IN th:TH tl:PH tr:TR "
    "uk:UA ur:PK vi:VN zh:CN "
)
FLAGS = {
    language: "".join(chr(ord(letter) + 0x1F1A5) for letter in country)
    for language, country in (pair.split(":") for pair in _COUNTRIES.split())
}
"""A flag for languages that web pages show with one."""

_ALIASES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh"}

WITHOUT_SPACES = frozenset({"ja", "th", "zh"})
"""Languages written without spaces between words."""


def normalize(code: str) -> str:
    """The code we use for a language a person named: `pt-BR`, `PT` and `pt_br` are `pt`.

    Raises:
        UnknownLanguage: it is none we know.
    """
    base = code.strip().replace("_", "-").split("-")[0].lower()
    base = _ALIASES.get(base, base)
    if base not in NAMES:
        raise UnknownLanguage(language=code)
    return base
