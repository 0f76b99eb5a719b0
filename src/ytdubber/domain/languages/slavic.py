"""Slavic and Baltic languages."""

from .language import Language, words

LANGUAGES = (
    Language(
        code="be",
        name="Belarusian",
        locale="be",
    ),
    Language(
        code="bg",
        name="Bulgarian",
        locale="bg-BG",
    ),
    Language(
        code="bs",
        name="Bosnian",
        locale="bs",
    ),
    Language(
        code="cs",
        name="Czech",
        locale="cs-CZ",
    ),
    Language(
        code="hr",
        name="Croatian",
        locale="hr-HR",
    ),
    Language(
        code="lt",
        name="Lithuanian",
        locale="lt-LT",
    ),
    Language(
        code="lv",
        name="Latvian",
        locale="lv-LV",
    ),
    Language(
        code="mk",
        name="Macedonian",
        locale="mk",
    ),
    Language(
        code="pl",
        name="Polish",
        locale="pl-PL",
        links=words(
            "i a oraz lub albo ale bo że żeby jeśli kiedy gdy w we z ze na do od po za przed "
            "przez dla bez o przy między"
        ),
        leads=words("ten ta to jest był była będzie może nie"),
        negations=words("nie nigdy nic nikt bez"),
    ),
    Language(
        code="ru",
        name="Russian",
        locale="ru-RU",
        links=words(
            "и или но а что чтобы если когда потому как в во на с со к ко от до из за по о об при "
            "для без над под между через"
        ),
        leads=words("этот эта это был была было будет может не"),
        negations=words("не ни нет никогда ничего никто без"),
    ),
    Language(
        code="sk",
        name="Slovak",
        locale="sk-SK",
    ),
    Language(
        code="sl",
        name="Slovenian",
        locale="sl-SI",
    ),
    Language(
        code="sr",
        name="Serbian",
        locale="sr-RS",
    ),
    Language(
        code="uk",
        name="Ukrainian",
        locale="uk-UA",
    ),
)
