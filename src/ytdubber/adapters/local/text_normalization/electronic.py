"""Addresses of mail and of pages, handles, tags and names with signs, in words."""

import re

from .readings import reading_of
from .signs import SIGNS

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(
    r"(?<![\w@])(?:https?://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:/[\w./~%-]*\w)?/?(?![\w@])"
)
_KNOWN_DOMAIN = re.compile(
    r"^(?:https?://|www\.)|\.(?:com|org|net|edu|gov|io|ai|tv|co|info|eu|app|dev|me|br|pt|es|mx|ar|fr|"
    r"it|in|de|nl|pl|se|ru|ua|tr|kr|jp|cn|uk|us|ca|au)(?:[:/]|$)"
)
_HANDLE = re.compile(r"(?<![\w.])@(\w*[^\W\d_]\w*)")
_TAG = re.compile(r"(?<!\w)#(\w*[^\W\d_]\w*)")
_SHARP = {"en": "sharp", "pt": "sharp", "fr": "dièse"}


def with_addresses(text: str, language: str) -> str:
    """A text with its addresses in words: `info arroba company ponto org`."""
    text = _EMAIL.sub(lambda match: _spelled(match[0], language), text)
    text = _ADDRESS.sub(lambda match: _page(match[0], language), text)
    at = SIGNS[language].at if language in SIGNS else "at"
    text = re.sub(r"(?<!\w)([A-G])#(?!\w)", rf"\1 {_SHARP.get(language, 'sharp')}", text)
    plus = SIGNS[language].plus
    text = re.sub(r"(?<!\w)([A-Z])\+\+(?!\w)", rf"\1 {plus} {plus}", text)
    text = _HANDLE.sub(lambda match: f"{at} {match[1].replace('_', ' ')}", text)
    return _TAG.sub(lambda match: f"hashtag {match[1].replace('_', ' ')}", text)


def _page(address: str, language: str) -> str:
    if not _KNOWN_DOMAIN.search(address):
        return address
    return _spelled(re.sub(r"^https?://", "", address).rstrip("/"), language)


def _spelled(address: str, language: str) -> str:
    reading, signs = reading_of(language), SIGNS[language]
    names = {
        "@": signs.at,
        ".": reading.dot or signs.point,
        "-": reading.hyphen if reading.hyphen != "-" else signs.minus,
        "_": reading.underscore,
        "/": reading.slash,
        "+": signs.plus,
    }
    spelled = re.sub(r"[^\w]|_", lambda sign: f" {names.get(sign[0], ' ')} ", address)
    spelled = re.sub(r"(?<!\w)www(?!\w)", "w w w", spelled)
    return " ".join(spelled.split())
