"""Germanic languages."""

from .language import Language, words

LANGUAGES = (
    Language(
        code="af",
        name="Afrikaans",
        locale="af",
    ),
    Language(
        code="da",
        name="Danish",
        locale="da-DK",
    ),
    Language(
        code="de",
        name="German",
        locale="de-DE",
        capital_nouns=True,
        links=words(
            "und oder aber denn weil dass wenn als ob sondern mit von zu in an auf für aus bei "
            "nach über unter vor durch ohne gegen um zwischen während"
        ),
        leads=words(
            "der die das den dem des ein eine einen einem einer mein sein ihr ist war hat hatte "
            "wird wurde kann muss nicht"
        ),
        negations=words("nicht nie niemals nichts niemand kein keine keinen ohne"),
    ),
    Language(
        code="en",
        name="English",
        locale="en-US",
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
        negations=words("no not never none nobody nothing neither nor without"),
    ),
    Language(
        code="is",
        name="Icelandic",
        locale="is-IS",
    ),
    Language(
        code="nl",
        name="Dutch",
        locale="nl-NL",
        links=words(
            "en of maar want omdat dat als toen terwijl van in op aan met voor bij naar uit over "
            "onder door zonder tegen tussen tijdens"
        ),
        leads=words("de het een mijn zijn haar is was heeft had zal kan moet niet"),
        negations=words("niet nooit niets niemand geen zonder"),
    ),
    Language(
        code="no",
        name="Norwegian",
        locale="no-NO",
    ),
    Language(
        code="sv",
        name="Swedish",
        locale="sv-SE",
    ),
)
