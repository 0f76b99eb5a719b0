"""Scripts from files: SubRip, WebVTT, TTML, plain text, and the JSON that a dub writes."""

import html
import json
import re
from dataclasses import replace
from typing import Any

from ytdubber.domain.errors import BadField, ScriptEmpty, ScriptNotReadable
from ytdubber.domain.held_levels import HeldLevels, levels_of
from ytdubber.domain.line_edit import LineEdits, edits_of
from ytdubber.domain.media import Interval
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.domain.spacing import one_line

from .parse import blocks
from .ttml import NotTtml, looks_like_xml, read_ttml

_TAGS = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>|\{\\[^}]*\}")
_VOICE = re.compile(r"<v(?:\.[^ >]*)? ([^>]+)>")
_SOUND = re.compile(r"\[[^\]]*\]|♪[^♪]*♪?|♫[^♫]*♫?")
_DASH = re.compile(r"^\s*[-–—]\s+", re.MULTILINE)


def read_script(data: bytes, name: str, language: str | None = None) -> Script:
    """The lines of a script; what is in square brackets or between notes is no speech.

    Args:
        data: The file.
        name: What errors call it.
        language: The language of the lines that are wanted, where a file has several; None for what
            is said in the recording.

    Raises:
        ScriptNotReadable: it is none of the formats, or not UTF-8, or not in that language.
        ScriptEmpty: nothing is said in it.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScriptNotReadable(file=name, reason="it is not UTF-8") from None
    if "\0" in text:
        raise ScriptNotReadable(file=name, reason="it is not text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    left_out, sounds = list[str](), list[ScriptLine]()
    levels, edits = None, LineEdits()
    if text.lstrip().startswith("{"):
        lines, levels, edits = _from_json(text, name)
    elif looks_like_xml(text):
        lines = _from_ttml(text, name, language, left_out, sounds)
    elif timed := blocks(text):
        lines = [_from_cue(body, interval, left_out, sounds) for interval, body in timed]
    else:
        lines = [ScriptLine(_spoken(each, left_out)) for each in text.split("\n")]
    said = tuple(line for line in lines if line.text)
    if not said:
        raise ScriptEmpty(file=name)
    return Script(name, said, tuple(left_out), edits, levels=levels, sounds=tuple(sounds))


def _from_json(text: str, name: str) -> tuple[list[ScriptLine], HeldLevels | None, LineEdits]:
    """The utterances of a `transcript.json`, or of a `translation.json`; the levels to be held
    of lines that a person edits, and what else they want otherwise in them.
    """
    try:
        given = json.loads(text)
        every = given["utterances"]
        edits = edits_of({str(each["id"]): each["edit"] for each in every if "edit" in each})
        said = [each for each in every if edits.of(str(each.get("id"))).said]
        levels = levels_of(given.get("held_levels"))
        return [_from_utterance(each) for each in said], levels, edits
    except json.JSONDecodeError as error:
        reason = f"line {error.lineno}: {error.msg}"
    except (BadField, KeyError, TypeError, ValueError, AttributeError):
        reason = "its utterances do not have what those of transcript.json or translation.json have"
    raise ScriptNotReadable(file=name, reason=reason)


def _from_ttml(
    text: str,
    name: str,
    language: str | None,
    left_out: list[str],
    sounds: list[ScriptLine],
) -> list[ScriptLine]:
    try:
        found = read_ttml(text, language)
    except NotTtml as error:
        raise ScriptNotReadable(file=name, reason=str(error)) from None
    left_out += found.left_out
    sounds += [each for each in found.sounds if each.interval]
    lines = []
    for line in found.lines:
        known = len(left_out)
        lines.append(replace(line, text=_spoken(line.text, left_out)))
        if line.interval is not None:
            sounds += [ScriptLine(one_line(each), line.interval) for each in left_out[known:]]
    return lines


def _from_utterance(each: dict[str, Any]) -> ScriptLine:
    if "target" in each:
        return ScriptLine(one_line(each["target"]), utterance_id=str(each["id"]))
    interval = Interval(int(each["start_ms"]), int(each["end_ms"]))
    return ScriptLine(one_line(each["text"]), interval, speaker=each.get("speaker"))


def _from_cue(
    body: str, interval: Interval, left_out: list[str], sounds: list[ScriptLine]
) -> ScriptLine:
    voice, known = _VOICE.search(body), len(left_out)
    text = _spoken(html.unescape(_TAGS.sub("", body)), left_out)
    sounds += [ScriptLine(one_line(each), interval) for each in left_out[known:]]
    return ScriptLine(text, interval, speaker=voice[1].strip() if voice else None)


def _spoken(text: str, left_out: list[str]) -> str:
    """The text on one line without what is no speech."""
    left_out += [found for found in _SOUND.findall(text) if found.strip("♪♫ ")]
    return one_line(_SOUND.sub(" ", _DASH.sub("", text)))
