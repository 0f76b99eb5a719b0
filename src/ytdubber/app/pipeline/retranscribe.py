"""Speech in which no word was made out, heard again by itself."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from ytdubber.audio.files import read_mono
from ytdubber.audio.speech import write
from ytdubber.domain.coverage import filled, uncovered
from ytdubber.domain.errors import VendorError
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.transcript import Word
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Transcribe

log = get_logger(__name__)

CONTEXTS_MS = (1_000, 200, 3_000)
"""How much sound goes with a stretch at either end, the first time and the next: a recognizer that
begins elsewhere hears otherwise."""

TOGETHER_MS = 2_000
"""Stretches nearer to each other are heard together, and what lies between with them."""

LONGEST_MS = 25_000
"""What is heard together: a window of whisper's, with its context."""

AGAIN_MS = 600
"""What is shorter is heard again only once."""

FOREIGN_MS = 8_000
"""Stretches with as much speech may be in a language of their own, which is found out; shorter ones
are too short to be believed, and heard in the language of the words before them."""

SURE = 0.5
"""Words count that are on average as sure as this. Inventions over music and noise were seen to get
0.1 to 0.4, words in bad telephone sound 0.6 and more."""


def retranscribe(
    voice: AudioFile,
    language: str | None,
    words: Sequence[Word],
    speech: Sequence[Interval],
    speech_to_text: Engine,
    glossary: Sequence[str],
    call: CallContext,
) -> tuple[Word, ...]:
    """The words with those found where there were none.

    Each stretch is a call of its own, which is counted and remembered like any other. One that
    fails leaves its stretch as it was.

    Args:
        voice: The recording, 16 kHz mono; what is heard again is written beside it for the time
            being.
        language: What is spoken, or None to find out.
        words: What was made out, each word with its language.
        speech: When somebody speaks.
        speech_to_text: Hears the words.
        glossary: Names and terms to listen for.
        call: The work this belongs to.
    """
    words, bare = tuple(words), uncovered(speech, words)
    for number, context_ms in enumerate(CONTEXTS_MS):
        tried = [each for each in bare if not number or each.duration_ms >= AGAIN_MS]
        found: list[Word] = []
        for group in _groups(tried):
            call.raise_if_cancelled()
            clip = Interval(
                max(0, group[0].start_ms - context_ms),
                min(voice.duration_ms, group[-1].end_ms + context_ms),
            )
            spoken = language or _spoken(group, number, words)
            heard = _heard(voice, clip, spoken, speech_to_text, glossary, call)
            found += [word for stretch in group for word in _sure(heard, stretch)]
        if found:
            words = filled(words, tried, found)
            bare = uncovered(speech, words)
    return words


def _spoken(group: Sequence[Interval], number: int, words: Sequence[Word]) -> str | None:
    """The language a group is heard in, None to find out: the first time, where it is long."""
    if not words or (not number and sum(each.duration_ms for each in group) >= FOREIGN_MS):
        return None
    before = [word for word in words if word.start_ms < group[0].start_ms]
    return (before or words)[-1 if before else 0].language


def _groups(bare: Sequence[Interval]) -> list[list[Interval]]:
    """Stretches that are heard together; a longer one than can be is heard in parts."""
    groups: list[list[Interval]] = []
    for stretch in (part for each in bare for part in _parts(each)):
        if groups:
            last = groups[-1]
            near = stretch.start_ms - last[-1].end_ms <= TOGETHER_MS
            if near and stretch.end_ms - last[0].start_ms <= LONGEST_MS:
                last.append(stretch)
                continue
        groups.append([stretch])
    return groups


def _parts(stretch: Interval) -> list[Interval]:
    count = -(-stretch.duration_ms // LONGEST_MS)
    edges = [stretch.start_ms + stretch.duration_ms * i // count for i in range(count + 1)]
    return [Interval(edges[i], edges[i + 1]) for i in range(count)]


def _heard(
    voice: AudioFile,
    clip: Interval,
    language: str | None,
    speech_to_text: Engine,
    glossary: Sequence[str],
    call: CallContext,
) -> list[Word]:
    """What is said in a part of the recording, at its times in the whole."""
    rate_hz = voice.sample_rate_hz
    samples = read_mono(voice, clip.start_ms * rate_hz // 1000, clip.end_ms * rate_hz // 1000)
    path = voice.path.with_name(f"{voice.path.stem}-{clip.start_ms}-{clip.end_ms}.wav")
    try:
        write(samples, rate_hz, path)
        audio = AudioFile(path, rate_hz, 1, len(samples))
        heard = speech_to_text.run(Transcribe(audio, language, glossary), _without_callbacks(call))
    except VendorError as error:
        log.info("passage.not_heard_again", start_ms=clip.start_ms, end_ms=clip.end_ms, error=error)
        return []
    finally:
        path.unlink(missing_ok=True)
    return [
        replace(
            word,
            start_ms=word.start_ms + clip.start_ms,
            end_ms=word.end_ms + clip.start_ms,
            language=word.language or heard.language,
        )
        for word in heard.words
    ]


def _without_callbacks(call: CallContext) -> CallContext:
    """The same call, of which nobody is told how far it is, nor what a part is spoken in."""
    return replace(call, progress=lambda _: None, spoken=lambda _: None)


def _sure(heard: Sequence[Word], stretch: Interval) -> list[Word]:
    """The words in a stretch, if they are sure enough together."""
    inside = [
        word
        for word in heard
        if stretch.start_ms <= (word.start_ms + word.end_ms) / 2 < stretch.end_ms
    ]
    return inside if inside and fmean(word.confidence for word in inside) >= SURE else []
