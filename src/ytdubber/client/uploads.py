"""A new job: announced, its files sent to where they are kept, submitted."""

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.effects import Blocking, Flow, Send, Store, Stretch
from ytdubber.client.errors import Refused
from ytdubber.client.resumable import UploadCreation, sent_in_pieces, upload_creation
from ytdubber.client.values import OnTransfer, Transfer

PATIENT_S = 300.0
"""How long a submission may take: recordings are decoded to their true length."""

_TYPES = {
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "video/webm",
}
"""What this system may call otherwise."""


class YouTubeTexts(TypedDict, total=False):
    """What goes to the page of a video.

    Attributes:
        titles: Its title by language, of up to 100 characters.
        descriptions: Its description by language, of up to 5,000 bytes.
    """

    titles: Mapping[str, str]
    descriptions: Mapping[str, str]


class JobOptions(TypedDict, total=False):
    """How dubs are made. What is left out is as the service does it by itself.

    Attributes:
        source_language: What is spoken.
        formats: How finished sound is written: `flac`, `mp3`, `m4a`, `opus`, `wav`.
        voices: A voice's id, `female` or `male`, by language.
        voice_tier: `standard` or `premium`.
        loudness: `youtube`, `ebu`, `netflix`, `podcast` or `source`.
        duck: Lower the background while the voice speaks.
        glossary: Names and terms to recognize, and to write as they are given.
        spoken_as: What voices say for terms that are written otherwise; `pt:LUFS` in one language.
        track: Which of several sounds in the voice file: its number from 1, or its language.
        title: What people call the job; the voice file's name.
        separate: Take what is under the voice out of the recording itself: `auto`, `yes` or `no`.
        speakers: How many people speak.
        video: Also write the picture, as `mp4` or `mkv`.
        video_per_language: One video for each language, in which it is what is heard.
        captions: Captions besides the usual ones: `sdh`, `bilingual`.
        keep: What stays as in the original: people (`B`), times (`0:10-0:25`).
        script: What is said, as text: SRT, VTT, TTML, plain text or JSON.
        translations: What to say, as text, by language.
        editable: Keep what is needed to change lines later, as long as the files are kept.
        youtube: What goes to the page of the video on YouTube, for its zip.
        webhooks: Which of the user's endpoints are told of the job, by their ids; all of them where
            it is left out.
        watermark: Whether voices carry the watermark; as the service does where it is left out.
    """

    source_language: str
    formats: Sequence[str]
    voices: Mapping[str, str]
    voice_tier: str
    loudness: str
    duck: bool
    glossary: Sequence[str]
    spoken_as: Mapping[str, str]
    track: int | str
    title: str
    separate: str
    speakers: int
    video: str
    video_per_language: bool
    captions: Sequence[str]
    keep: Sequence[str]
    script: str
    translations: Mapping[str, str]
    editable: bool
    youtube: YouTubeTexts
    webhooks: Sequence[str]
    watermark: bool


def several(languages: str | Sequence[str]) -> list[str]:
    """One language or several, as several."""
    return [languages] if isinstance(languages, str) else list(languages)


def created(
    files: Mapping[str, Path],
    to: str | Sequence[str],
    options: JobOptions,
    on_transfer: OnTransfer,
    retries: Retries,
) -> Flow[str]:
    """The id of a job whose files have arrived; it is not submitted.

    Raises:
        Refused: what was asked for cannot be met, or a file is none.
        ServiceError: as `asked`.
    """
    body: dict[str, Any] = {"languages": several(to), **options}
    if "duck" in options:
        body["ducking"] = body.pop("duck")
    for name in {"captions", "formats", "glossary", "keep", "webhooks"} & body.keys():
        body[name] = several(body[name])
    for name in {"spoken_as", "translations", "voices"} & body.keys():
        body[name] = dict(body[name])
    if "youtube" in options:
        body["youtube"] = {name: dict(texts) for name, texts in body["youtube"].items()}
    for track, file in files.items():
        body[f"{track}_name"] = file.name
        body[track] = yield Blocking(partial(_facts, file))
    answer = yield from asked(Send("POST", "/api/jobs/upload-urls", body), retries)
    job_id, urls, offers = told(answer, _places)
    for track, file in files.items():
        size, kind = body[track]["size"], body[track]["type"]
        offer = offers.get(track)
        if offer is None:
            yield from _sent(urls[track], file, size, kind, on_transfer, retries)
        else:
            yield from sent_in_pieces(offer, file, size, on_transfer, retries)
    return job_id


def _places(new: Any) -> tuple[str, Mapping[str, str], Mapping[str, UploadCreation | None]]:
    offers = {
        track: each and upload_creation(each)
        for track, each in (new.get("resumable") or {}).items()
    }
    return str(new["job_id"]), new["upload_urls"], offers


def _facts(file: Path) -> dict[str, object]:
    """What is announced of a file, so that nothing else is taken for it."""
    try:
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.", code="unreadable") from None
    if not size:
        raise Refused(f"{file} is empty.", code="empty_file")
    return {"size": size, "type": _type(file), "sha256": sha256}


def _type(file: Path) -> str:
    known = _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0]
    return known or "application/octet-stream"


def _sent(
    url: str, file: Path, size: int, kind: str, on_transfer: OnTransfer, retries: Retries
) -> Flow[None]:
    body = Stretch(file, 0, size, lambda done: on_transfer(Transfer(file, done, size)))
    try:
        yield from asked(Store("PUT", url, {"content-type": kind}, body), retries)
    except Refused as error:
        if error.code != "already_uploaded":  # the answer to an attempt before was lost
            raise


def submitted(job_id: str, retries: Retries) -> Flow[None]:
    """The job is queued, and charged once however often this is done."""
    send = Send("POST", "/api/jobs", {"job_id": job_id}, timeout_s=PATIENT_S)
    yield from asked(send, retries)
