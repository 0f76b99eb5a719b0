"""Languages, voices and formats that are not to be had."""

from .base import BadInput, YtDubberError


class UnknownLanguage(BadInput):
    """'{language}' is not a language we know. Name it by its code or in English, such as pt or
    Spanish."""

    code = "unknown_language"


class LocaleNotMade(BadInput):
    """'{wanted}' is not made here: {code} stands for {language} as {locale}. Name {code} if that
    will do."""

    code = "locale_not_made"


class LanguageNotSpoken(BadInput):
    """No voice at hand speaks {language}. The targets with a voice: {languages}."""

    code = "language_not_spoken"


class NoPremiumVoices(BadInput):
    """There are no premium voices here. Ask for the standard ones."""

    code = "no_premium_voices"


class PairNotTranslatable(BadInput):
    """Nothing at hand translates {source} into {target}. Choose another language, or have what
    translates it added: {models}."""

    code = "pair_not_translatable"


class PairNotOffered(PairNotTranslatable):
    """Nothing at hand translates {source} into {target}, and Mozilla has no model for it. Choose
    another language."""

    code = "pair_not_offered"


class PairNotFetched(YtDubberError):
    """What translates {source} into {target} could not be fetched. Submit the recording again
    later."""

    code = "pair_not_fetched"


class UnknownVoice(BadInput):
    """'{voice}' is not a voice for {language}. Choose one of: {voices}."""

    code = "unknown_voice"


class UnknownFormat(BadInput):
    """'{format}' is not an output format. Choose from: {formats}."""

    code = "unknown_format"
