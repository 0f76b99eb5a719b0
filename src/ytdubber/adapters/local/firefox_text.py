"""One sentence through a model, and what the model has no letter for around it.

The models are small: capitals only are unknown words to them, signs that they never saw come back
as others or not at all, and a few words by themselves are gone on with.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

from ytdubber.domain.languages import language_of

_DOMAINS = (
    "com|org|net|edu|gov|info|io|ai|app|dev|tv|me|co|eu|br|pt|uk|us|ca|au|nz|ie|de|at|ch|fr|be|nl|es"
    "|mx|ar|it|pl|cz|sk|hu|ro|gr|se|no|dk|fi|ee|lv|lt|ru|ua|by|tr|il|ir|in|cn|jp|kr|tw|hk|sg|th|vn"
)
_SIGN = r"[\u00a9\u00ae\u2022\u200d\u2122\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_LITERAL = re.compile(
    rf"""(?:https?://|www\.)[^\s<>"]*[\w/]           # an address
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                 # an e-mail address
      | (?<![\w.@-])(?:[\w-]+\.)+(?:{_DOMAINS})\b(?:/[\w./~-]*\w)?
      | (?<!\w)[@\#]\w*[^\W\d_]\w*                   # a handle, a tag
      | (?<!\w)[A-Z](?:\#|\+\+)                      # C#, C++
      | (?<!\w)(?:~|[A-Z]:\\|/)[\w./\\~-]*\w         # a path
      | {_SIGN}+(?:\s*{_SIGN}+)*
    """,
    re.VERBOSE,
)
_EDGES = re.compile(rf"^((?:{_SIGN}|\s)*)(.*?)((?:{_SIGN}|\s)*)$", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PRONOUN = re.compile(r"(?<![\w'’.-])i(?=$|[\s,!?…]|['’](?:m|ve|d|ll)\b)")
_FEW_WORDS = 3
_PHRASE_WORDS = 4
_SUSPICIOUS, _SHORTER = 1.3, 0.75
"""By how much more a phrase has to come back for it to be doubted, and by how much less when it is
asked for again."""
_DOTTED_I = ("tr", "az")
"""Languages whose `I` is `ı` in small, and whose `i` is `İ` as a capital."""
_SHOUTED_WORDS = 3
_SHOUTED_LETTERS = 6
_CRIED_LETTERS = 4
"""Fewer letters, without and with an exclamation mark, are taken for an abbreviation: `NASA`."""
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"})


def translated(text: str, source: str, target: str, run: Callable[[str], str]) -> str:
    """The translation of a sentence, signs and foreign words kept.

    Text without letters stays as it is, and so does what nothing comes back for. Text in capitals
    only is translated, and comes back, as a sentence.

    Args:
        text: The sentence.
        source: Its language.
        target: The translation's language.
        run: The model.
    """
    before, inner, after = _edges(text)
    if not any(map(str.isalpha, inner)):
        return text
    made = _kept(lowered(inner, source), run)
    if target == "en":
        made = _PRONOUN.sub("I", made)
    return before + made + after


def _edges(text: str) -> tuple[str, str, str]:
    """Signs and space before the text, the text, and those after it."""
    match = _EDGES.match(text)
    return (match[1], match[2], match[3]) if match else ("", text, "")


def lowered(text: str, language: str) -> str:
    """Text in capitals only as a sentence: `WELCOME BACK` is `Welcome back`.

    In a sentence that has small letters, too, three words and more in a row.
    """
    words = [word for word in _WORD.findall(text) if word.lower() != word.upper()]
    letters = "".join(words)
    record = language_of(language)
    known = letters.lower() in record.function_words | record.negations
    shouted = len(letters) >= (_CRIED_LETTERS if text.endswith("!") else _SHOUTED_LETTERS)
    if letters.isupper() and (known or shouted):
        return _sentence_case(text, language)
    for run in _shouted_runs(text):
        begins = not any(map(str.isalpha, text[: run.start]))
        small = _sentence_case(text[run], language) if begins else _small(text[run], language)
        text = text[: run.start] + small + text[run.stop :]
    return text


def _shouted_runs(text: str) -> Iterator[slice]:
    """Where words in capitals follow one another, as many as are no name."""
    for capitals, found in groupby(_WORD.finditer(text), lambda word: word.group().isupper()):
        words = list(found)
        if capitals and len(words) >= _SHOUTED_WORDS:
            yield slice(words[0].start(), words[-1].end())


def _sentence_case(text: str, language: str) -> str:
    small = _small(text, language)
    first = next(at for at, letter in enumerate(small) if letter.isalpha())
    capital = "İ" if small[first] == "i" and language in _DOTTED_I else small[first].upper()
    return small[:first] + capital + small[first + 1 :]


def _small(text: str, language: str) -> str:
    """The text in small letters, but for words that always have a capital."""
    capitals = language_of(language).capitals

    def lower(match: re.Match[str]) -> str:
        word = match.group().lower()
        return word.capitalize() if word.replace("’", "'") in capitals else word

    dotted = text.replace("I", "ı").replace("İ", "i") if language in _DOTTED_I else text
    return _WORD.sub(lower, dotted)


def _kept(text: str, run: Callable[[str], str]) -> str:
    """The translation with every literal of the text in it."""
    literals = literals_of(text)
    made = _run(text, run)
    if all(literal in made for literal in literals):
        return made
    names = {f"XQ{number}": literal for number, literal in enumerate(literals, start=1)}
    named = text
    for name, literal in sorted(names.items(), key=lambda pair: -len(pair[1])):
        named = named.replace(literal, name)
    made = _run(named, run)
    if all(len(re.findall(rf"{name}(?!\d)", made)) == 1 for name in names):
        return re.sub(r"XQ\d+", lambda match: names.get(match.group(), match.group()), made)
    return _around(text, literals, run)


def _around(text: str, literals: list[str], run: Callable[[str], str]) -> str:
    """The text with what is between its literals translated by itself."""
    longest_first = sorted(literals, key=len, reverse=True)

    def one(piece: str) -> str:
        inner = piece.strip()
        if piece in literals or not any(map(str.isalpha, inner)):
            return piece
        return piece.replace(inner, _run(inner, run), 1)

    return "".join(map(one, re.split(f"({'|'.join(map(re.escape, longest_first))})", text)))


def literals_of(text: str) -> list[str]:
    """What has to come back as it is, each once: addresses, signs, words of another script."""
    found = _LITERAL.findall(text)
    kinds = Counter(_script(letter) for letter in text if letter.isalpha())
    usual = {kinds.most_common(1)[0][0], "LATIN"} if kinds else set()
    word = ""
    for letter in f"{_LITERAL.sub(' ', text)} ":
        foreign = letter.isalpha() and _script(letter) not in usual
        if foreign or (word and unicodedata.category(letter).startswith("M")):
            word += letter
        elif word:
            found.append(word)
            word = ""
    return list(dict.fromkeys(found))


def _script(letter: str) -> str:
    """The script of a letter, as Unicode names it; those that are mixed in one language as one."""
    script = unicodedata.name(letter, "LATIN").split()[0]
    return "CJK" if script in _EAST_ASIAN else script


def _run(text: str, run: Callable[[str], str]) -> str:
    """What the model makes of the text; a full stop is put after a few words that have none."""
    alone = len(text.split()) <= _FEW_WORDS and text[-1].lower() != text[-1].upper()
    asked = f"{text}." if alone else text
    made = run(asked) or text
    if _says_more(asked, made):
        made = _in_brackets(asked, made, run) or made
    return made.removesuffix(".") if alone else made


def _says_more(text: str, made: str) -> bool:
    """Whether a few words came back as more: the model may have gone on by itself."""
    words = len(text.split())
    longer = len(made) > _SUSPICIOUS * len(text) and len(made.split()) > words
    return words <= _PHRASE_WORDS and longer


def _in_brackets(text: str, plain: str, run: Callable[[str], str]) -> str:
    """The translation of a phrase in brackets, without them, where it is a shorter one.

    Brackets close it: `(Thank you.)` is not gone on with.
    """
    made = run(f"({text})").strip()
    inner = made[1:-1].strip()
    enclosed = made.startswith("(") and made.endswith(")") and "(" not in inner
    copied = text.rstrip(".!?") in inner and text.rstrip(".!?") not in plain
    shorter = 0 < len(inner) <= _SHORTER * len(plain)
    return inner if enclosed and shorter and not copied else ""
