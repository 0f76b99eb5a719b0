"""What requests hold, for validation and for OpenAPI."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)

from ytdubber.app.uploads.given_texts import GivenTexts
from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.domain.caption_variant import CaptionVariant, variants_of
from ytdubber.domain.errors import BadField
from ytdubber.domain.glossary import MOST_TERMS
from ytdubber.domain.job import DubOptions
from ytdubber.domain.printable import encodable, file_name
from ytdubber.domain.separation import Separating
from ytdubber.domain.video import VideoFormat
from ytdubber.domain.voice import VoiceTier
from ytdubber.domain.youtube import MOST_DESCRIPTION_BYTES, YouTubeOptions

Text = Annotated[str, Field(max_length=255, pattern=r"^[^\x00]*$")]


def _whole(given: Any) -> Any:
    """A text without halves of characters, as browsers send them in names of files."""
    return encodable(given) if isinstance(given, str) else given


Name = Annotated[str, BeforeValidator(_whole), Field(max_length=4_096), AfterValidator(file_name)]
"""What a person calls something: whatever it holds is written out, and shortened."""


ScriptText = Annotated[str, BeforeValidator(_whole), Field(min_length=1)]
"""What is said or is to be said: SubRip, WebVTT, TTML, plain text, or JSON of ours."""


Term = Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")]
"""A name or a term, behind the code of a language or by itself; or what is spoken for it."""


Number = Annotated[int, Field(strict=True)]
"""A number, and nothing that could be taken for one."""


def whole_number(given: Any) -> Any:
    """A number that is written with a point and is whole, as JSON Schema has integers."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


Language = Annotated[str, Field(min_length=2, max_length=40)]
"""A code, a locale or a name, as `domain.languages` knows them."""


VoiceOf = Annotated[str, Field(min_length=1, max_length=40)]
"""Whose a voice is: a language's, a person's (`A`), or a person's in a language (`pt:A`)."""


Track = (
    Annotated[Number, Field(ge=1, le=1_000)] | Annotated[str, Field(min_length=1, max_length=40)]
)
"""One of several sounds in a file: its number from 1, or its language."""


def as_written(pattern: str) -> Callable[[Any], Any]:
    """A check that a part of an address is written in this way alone, before it is read."""
    known = re.compile(pattern, re.ASCII)

    def check(given: Any) -> Any:
        if isinstance(given, str) and not known.fullmatch(given):
            raise ValueError("it is not written as it should be")
        return given

    return check


Day = Annotated[date, BeforeValidator(as_written(r"\d{4}-\d{2}-\d{2}"))]
"""A day as YYYY-MM-DD."""


def _written_moment(given: Any) -> Any:
    """A number would be taken for seconds since 1970."""
    if not isinstance(given, str):
        raise ValueError("it is not a text")
    return as_written(r"\d{4}-\d{2}-\d{2}[Tt ].+")(given)


Moment = Annotated[AwareDatetime, BeforeValidator(_written_moment)]
"""A time with its zone, as ISO 8601 writes it."""


class Request(BaseModel):
    """A body: what it has too much is ignored, and nothing is taken for what it is not."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, allow_inf_nan=False)


_SEPARATING = {"auto": Separating.AUTO, "yes": Separating.ALWAYS, "no": Separating.NEVER}


class FileFacts(Request):
    """What is known of a file before it is sent."""

    size: Annotated[Number, Field(ge=1, le=2**40)] | None = None
    type: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None


_YouTubeText = Annotated[str, BeforeValidator(_whole), Field(max_length=MOST_DESCRIPTION_BYTES)]


class YouTubeRequest(Request):
    """What goes to the page of a video on YouTube: its title and its description by language."""

    titles: Annotated[dict[Language, _YouTubeText], Field(max_length=100)] = {}
    descriptions: Annotated[dict[Language, _YouTubeText], Field(max_length=100)] = {}


class JobChange(Request):
    """What is to be otherwise of a job: what it is called."""

    title: Annotated[Name, Field(min_length=1)]


class UploadUrlsRequest(Request):
    """A new job: its languages, the names of its stems, and how the dubs are to be made."""

    languages: Annotated[list[Language], Field(min_length=1, max_length=100)]
    voice_track_name: Annotated[Name, Field(min_length=1)]
    background_track_name: Annotated[Name, Field(min_length=1)] | None = None
    content_types: dict[Literal["voice", "background"], Text] | None = None
    voice_track: FileFacts | None = None
    background_track: FileFacts | None = None
    source_language: Language | None = None
    formats: Annotated[list[Text], Field(min_length=1, max_length=5)] | None = None
    voices: dict[VoiceOf, Text] | None = None
    voice_tier: VoiceTier | None = None
    loudness: Text | None = None
    ducking: StrictBool | None = None
    glossary: Annotated[list[Text], Field(max_length=MOST_TERMS)] | None = None
    spoken_as: Annotated[dict[Term, Term], Field(max_length=MOST_TERMS)] | None = None
    track: Track | None = None
    editable: StrictBool | None = None
    title: Name | None = None
    separate: Literal["auto", "yes", "no"] | None = None
    speakers: Annotated[Number, Field(ge=0, le=100)] | None = None
    video: VideoFormat | None = None
    video_per_language: StrictBool | None = None
    captions: Annotated[list[CaptionVariant], Field(max_length=2)] | None = None
    keep: Annotated[list[Text], Field(max_length=100)] | None = None
    script: ScriptText | None = None
    translations: Annotated[dict[Language, ScriptText], Field(max_length=100)] | None = None
    youtube: YouTubeRequest | None = None
    webhooks: Annotated[list[UUID], Field(max_length=100)] | None = None
    watermark: StrictBool | None = None

    def job_options(self) -> JobOptions:
        """What the job is to be.

        Raises:
            BadField: a recording with a background of its own is to be separated.
        """
        given = {
            "formats": tuple(self.formats) if self.formats else None,
            "voices": self.voices,
            "voice_tier": self.voice_tier,
            "loudness": self.loudness,
            "ducking": self.ducking,
            "glossary": tuple(self.glossary) if self.glossary else None,
            "spoken_as": self.spoken_as,
            "editable": self.editable,
            "watermark": self.watermark,
            "track": None if self.track is None else str(self.track),
            "separate": self._separating(),
            "speakers": self.speakers or None,
            "video": self.video or (VideoFormat.MP4 if self.video_per_language else None),
            "video_per_language": self.video_per_language,
            "keep": tuple(self.keep) if self.keep else None,
            "youtube": YouTubeOptions(**self.youtube.model_dump()) if self.youtube else None,
            "captions": variants_of(tuple(self.captions)) if self.captions else None,
        }
        if self.webhooks is not None:
            given["webhooks"] = tuple(str(each) for each in self.webhooks)
        options = DubOptions(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]  # each has its field's type
        texts = GivenTexts(self.script or "", self.translations or {})
        return JobOptions(
            tuple(self.languages), self.source_language, options, self.title or "", texts
        )

    def _separating(self) -> Separating:
        """When the voice file is taken apart; one that comes with a background never is."""
        if self.background_track_name is None:
            return _SEPARATING[self.separate or "auto"]
        if self.separate == "yes":
            reason = "the background is a file of its own; give one of the two"
            raise BadField(field="separate", reason=reason)
        return Separating.NEVER


class SubmitRequest(Request):
    """The stems are uploaded. Languages given here take the place of those announced."""

    job_id: UUID
    languages: Annotated[list[Language], Field(max_length=100)] | None = None
    voice_track_uploaded: StrictBool = True
    background_track_uploaded: StrictBool | None = None


class MeRequest(Request):
    """Changes to the profile."""

    fullName: Text | None = None
    avatarUrl: Annotated[str, Field(max_length=2048, pattern=r"^(https?://[^\x00]*)?$")] | None = (
        None
    )
    timezone: Text | None = None
    languagePreference: Text | None = None


class PaymentIntentRequest(Request):
    """How much to pay, in cents."""

    amount: Annotated[Number, Field(ge=1, le=100_000_000)]
