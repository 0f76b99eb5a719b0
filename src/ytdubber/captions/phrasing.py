"""Where a caption may be broken: after punctuation, before a conjunction or a preposition, never
between an article and its noun, an auxiliary and its verb, or a first and a last name.

The word lists are the commonest function words of each language; a language without a list breaks
by punctuation and balance alone.
"""

from collections.abc import Sequence

from ytdubber.domain.punctuation import ends_clause, ends_sentence

# Conjunctions and prepositions: a good place to break is before them, a bad one after them.
_LINKS: dict[str, str] = {
    "de": "und oder aber denn weil dass wenn als ob sondern mit von zu in an auf für aus bei nach"
    " über unter vor durch ohne gegen um zwischen während",
    "en": "and or but nor so yet because that if when while although than as to of in on at by for"
    " with from into about over under after before through without between against during",
    "es": "y e o u pero sino porque que si cuando aunque como de del a al en con por para sin sobre"
    " entre hasta desde hacia contra durante mientras",
    "fr": "et ou mais donc car que si quand lorsque parce comme de du des à au aux en dans avec par"
    " pour sans sur sous entre vers chez contre pendant depuis",
    "it": "e ed o ma perché che se quando mentre come di del della a al alla in nel nella con per"
    " da dal dalla su sul sulla tra fra senza contro durante",
    "nl": "en of maar want omdat dat als toen terwijl van in op aan met voor bij naar uit over"
    " onder door zonder tegen tussen tijdens",
    "pl": "i a oraz lub albo ale bo że żeby jeśli kiedy gdy w we z ze na do od po za przed przez"
    " dla bez o przy między",
    "pt": "e ou mas porque que se quando embora como de do da dos das a ao à em no na nos nas com"
    " por pelo pela para sem sobre entre até desde contra durante enquanto",
    "ru": "и или но а что чтобы если когда потому как в во на с со к ко от до из за по о об при"
    " для без над под между через",
}
# Articles, determiners and auxiliaries: what follows belongs to them.
_LEADS: dict[str, str] = {
    "de": "der die das den dem des ein eine einen einem einer mein sein ihr ist war hat hatte wird"
    " wurde kann muss nicht",
    "en": "a an the my your his her its our their this that these those is are was were be been has"
    " have had will would can could may might must shall should do does did not mr. mrs. ms. dr.",
    "es": "el la los las un una unos unas mi tu su ha han había es era fue será puede no sr. sra.",
    "fr": "le la les un une mon ma ton son sa ce cette ces a ont avait est était sera peut ne n'"
    " m. mme",
    "it": "il lo la i gli le un uno una mio mia suo sua ha hanno aveva è era sarà può non sig.",
    "nl": "de het een mijn zijn haar is was heeft had zal kan moet niet",
    "pl": "ten ta to jest był była będzie może nie",
    "pt": "o a os as um uma uns umas meu minha seu sua ter tem tinha é era foi será pode poderia"
    " não sr. sra. dr.",
    "ru": "этот эта это был была было будет может не",
}

AFTER_SENTENCE, AFTER_CLAUSE, BEFORE_LINK = -0.35, -0.25, -0.12
AFTER_LINK, AFTER_LEAD, INSIDE_NAME = 0.25, 0.30, 0.30


def break_cost(tokens: Sequence[str], cut: int, language: str) -> float:
    """How bad a break before tokens[cut] reads; below 0 where it reads well."""
    last, following = tokens[cut - 1], tokens[cut]
    if ends_sentence(last):
        return AFTER_SENTENCE
    if ends_clause(last):
        return AFTER_CLAUSE
    links, leads = _words(_LINKS, language), _words(_LEADS, language)
    cost = BEFORE_LINK if _bare(following) in links else 0.0
    if _bare(last) in leads:
        cost = AFTER_LEAD
    elif _bare(last) in links:
        cost = AFTER_LINK
    elif cut > 1 and last[:1].isupper() and following[:1].isupper():
        cost = INSIDE_NAME
    return cost


def _words(lists: dict[str, str], language: str) -> frozenset[str]:
    return frozenset(lists.get(language, "").split())


def _bare(token: str) -> str:
    return token.lower().strip("\"'“”«»()[]")
