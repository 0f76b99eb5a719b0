"""What kinds of routes may answer when they refuse."""

from ytdubber.domain import errors

ASKED = (
    errors.InvalidRequest,
    errors.Unauthorized,
    errors.SignInUnavailable,
    errors.TooManyRequests,
)
"""What every route with a user may answer."""

WISHED = (
    errors.BadField,
    errors.LanguageNotSpoken,
    errors.LocaleNotMade,
    errors.NoPremiumVoices,
    errors.NoSoundForVideo,
    errors.NothingToDub,
    errors.PairNotOffered,
    errors.PairNotTranslatable,
    errors.ScriptEmpty,
    errors.ScriptNotReadable,
    errors.TranslationNotAsked,
    errors.UnknownFormat,
    errors.UnknownLanguage,
    errors.UnknownVoice,
)
"""What a route may answer to options that are not supported."""

UPLOADED = (
    errors.EmptyFile,
    errors.MediaChanged,
    errors.MediaEncrypted,
    errors.MediaMissing,
    errors.NoSound,
    errors.NoSuchTrack,
    errors.NotAudio,
    errors.SoundTooLong,
    errors.StorageNotWorking,
    errors.TooManyUploads,
    errors.UnsupportedAudio,
    errors.UploadMismatch,
    errors.UploadMissing,
    errors.UploadRefused,
    errors.UploadTooLarge,
    errors.WrongContentType,
)
"""What a route that looks into uploads may answer."""
