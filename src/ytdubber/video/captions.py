"""Soft captions as packets, and their text from one coding to another."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av

from ytdubber.video.clocks import Packet
from ytdubber.video.orders import Caption

TICK = Fraction(1, 1000)

STYLES = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""How MP4's captions look, in the form from which FFmpeg makes their sample description."""

_TAGS = re.compile(r"<[^>]*>|\{[^}]*\}")
_ASS_FIELDS_BEFORE_TEXT = 8
"""ReadOrder, Layer, Style, Name, three margins and Effect, as Matroska stores an ASS event."""


def packets(captions: Iterable[Caption], coding: str) -> Iterator[Packet]:
    """The captions in this coding, in milliseconds."""
    for caption in captions:
        packet: Packet = av.Packet(encoded(caption.text, coding))
        packet.time_base = TICK
        packet.pts = packet.dts = caption.start_ms
        packet.duration = caption.end_ms - caption.start_ms
        packet.is_keyframe = True
        yield packet


def encoded(text: str, coding: str) -> bytes:
    """Text as a packet has it; MP4's stands behind its length (3GPP TS 26.245)."""
    data = text.encode()[: (1 << 16) - 1]
    return len(data).to_bytes(2) + data if coding == "mov_text" else data


def text_of(packet: Packet, coding: str) -> str:
    """The bare text of a packet of captions; empty where it shows nothing."""
    data = bytes(packet)
    if coding == "mov_text":
        return data[2 : 2 + int.from_bytes(data[:2])].decode(errors="replace")
    text = data.decode(errors="replace")
    if coding == "ass":
        text = text.split(",", _ASS_FIELDS_BEFORE_TEXT)[-1]
        text = text.replace("\\N", "\n").replace("\\n", "\n")
    return _TAGS.sub("", text).strip()
