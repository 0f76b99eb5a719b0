"""Languages, voices and formats that are not to be had."""

from .base import BadInput, YtDubberError


class UnknownLanguage(BadInput):
    code = "unknown_language"
    template = (
        "'{language}' is not a language we know. Name it by its code or in English, such as pt or "
        "Spanish."
    )
    language: str


class LocaleNotMade(BadInput):
    code = "locale_not_made"
    template = (
        "'{wanted}' is not made here: {made} stands for {language} as {locale}. Name {made} if "
        "that will do."
    )
    wanted: str
    made: str
    language: str
    locale: str


class LanguageNotSpoken(BadInput):
    code = "language_not_spoken"
    template = "No voice at hand speaks {language}. The targets with a voice: {languages}."
    language: str
    languages: str


class NoPremiumVoices(BadInput):
    code = "no_premium_voices"
    template = "There are no premium voices here. Ask for the standard ones."


class PairNotTranslatable(BadInput):
    code = "pair_not_translatable"
    template = (
        "Nothing at hand translates {source} into {target}. Choose another language, or have what "
        "translates it added: {models}."
    )
    source: str
    target: str
    models: str = ""


class PairNotOffered(PairNotTranslatable):
    code = "pair_not_offered"
    template = (
        "Nothing at hand translates {source} into {target}, and Mozilla has no model for it. "
        "Choose another language."
    )


class PairNotFetched(YtDubberError):
    code = "pair_not_fetched"
    template = (
        "What translates {source} into {target} could not be fetched. Submit the recording again "
        "later."
    )
    source: str
    target: str


class UnknownVoice(BadInput):
    code = "unknown_voice"
    template = "'{voice}' is not a voice for {language}. Choose one of: {voices}."
    voice: str | None
    language: str
    voices: str


class UnknownFormat(BadInput):
    code = "unknown_format"
    template = "'{format}' is not an output format. Choose from: {formats}."
    format: str
    formats: str
