"""Scripts from TTML, and its profiles for subtitles (IMSC, EBU-TT) and for dubbing (DAPT)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from ytdubber.domain.errors import BadInput
from ytdubber.domain.languages import NAMES, normalize
from ytdubber.domain.media import Interval
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.spacing import one_line

from .ttml_times import NotATime, TimeBase, time_base
from .xml_tree import Element, NotXml, parsed

TTML = "http://www.w3.org/ns/ttml"
METADATA = TTML + "#metadata"
STYLING = TTML + "#styling"
DAPTM = TTML + "/profile/dapt#metadata"
XML = "http://www.w3.org/XML/1998/namespace"

_OLDER = ("http://www.w3.org/2006/04/ttaf1", "http://www.w3.org/2006/10/ttaf1")
_BEGINS = re.compile(r"\s*(<\?xml\b|<(\w+:)?tt[\s>/])")
_ABOVE = frozenset(("rt", "text", "textContainer", "delimiter"))
"""What stands above or beside a word, by `tts:ruby`: how it is read, which is not said twice."""
_SOUNDS = "audio.nonDialogueSounds"


class NotTtml(Exception):
    """Why nothing is read from it, as the rest of a sentence."""


@dataclass(frozen=True, slots=True)
class TtmlScript:
    """What a document has: lines that are said, sounds, and what else was left out."""

    lines: tuple[ScriptLine, ...]
    sounds: tuple[ScriptLine, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for what is in an element.

    Attributes:
        begin_s: When it begins.
        end_s: When it ends; None where nothing says.
        language: The language of its text.
        source: What its text is a translation of; empty where nothing says.
        agent: Who says it.
        represents: What it stands for.
        own: Whether the element itself has a time.
    """

    begin_s: Fraction = Fraction(0)
    end_s: Fraction | None = None
    language: str = ""
    source: str = ""
    agent: str = ""
    represents: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A text, and what holds for it; `event` is the element that it is a part of."""

    text: str
    context: _Context
    event: int

    @property
    def interval(self) -> Interval | None:
        """When it is, to the millisecond."""
        begin_s, end_s = self.context.begin_s, self.context.end_s
        if end_s is None or round(end_s * 1000) <= round(begin_s * 1000):
            return None
        return Interval(round(begin_s * 1000), round(end_s * 1000))

    @property
    def original(self) -> bool:
        """Whether it is what is said, and no translation of it."""
        context = self.context
        return not context.source or _code(context.source) == _code(context.language)


def looks_like_xml(text: str) -> bool:
    """Whether a text is to be read as XML."""
    return _BEGINS.match(text) is not None


def read_ttml(text: str, language: str | None) -> TtmlScript:
    """The lines of a document.

    Args:
        text: It.
        language: The language of the lines that are wanted; None for what is said in the recording,
            whatever language that is.

    Raises:
        NotTtml: it is something else, or has no such lines.
    """
    try:
        root = parsed(text)
        if root.name != "tt" or root.namespace not in (TTML, *_OLDER):
            raise NotTtml(f"it is XML, but no TTML: its root is <{root.name}>")
        reader = _Reader(root, time_base(root))
        found = list(reader.paragraphs())
    except NotXml as error:
        raise NotTtml(str(error)) from None
    except NotATime as error:
        raise NotTtml(f"its times cannot be read: {error}") from None
    heard = [each for each in found if each.context.represents.startswith(_SOUNDS)]
    shown = [each for each in found if each.context.represents.startswith("visual")]
    said = [each for each in found if not each.context.represents.startswith((_SOUNDS, "visual"))]
    wanted = _wanted(said, language)
    sounds = _wanted(heard, language, needed=False)
    return TtmlScript(
        tuple(_lines(wanted, reader.names)),
        tuple(_lines(sounds, reader.names)),
        tuple(each.text for each in (*sounds, *shown)),
    )


def _wanted(
    found: Sequence[_Paragraph], language: str | None, *, needed: bool = True
) -> list[_Paragraph]:
    """Those in a language, or those that are the original."""
    if language is None:
        wanted = [each for each in found if each.original]
        if found and not wanted and needed:
            raise NotTtml("all of it is a translation, and nothing in it is what is said")
        return wanted
    there = {_code(each.context.language) for each in found}
    if there <= {"", "und"}:
        return list(found)
    wanted = [each for each in found if _code(each.context.language) == language]
    if found and not wanted and needed:
        names = ", ".join(sorted(NAMES.get(code, code) for code in there))
        raise NotTtml(f"nothing in it is in {NAMES.get(language, language)}; it is in {names}")
    return wanted


def _lines(found: Sequence[_Paragraph], names: dict[str, str]) -> Iterator[ScriptLine]:
    """The paragraphs as lines; those of one event that have no times of their own are one."""

    def together(each: _Paragraph) -> tuple[object, ...]:
        own = id(each) if each.context.own else 0
        return each.event, own, each.interval

    for _, group in groupby(found, together):
        parts = list(group)
        text = one_line(" ".join(each.text for each in parts))
        agent = parts[0].context.agent.partition(" ")[0]
        yield ScriptLine(text, parts[0].interval, speaker=names.get(agent))


def _code(language: str) -> str:
    """Our code of a language, or what is written there."""
    try:
        return normalize(language) if language else ""
    except BadInput:
        return language.lower()


class _Reader:
    """Walks through a document.

    Args:
        root: It.
        base: How it counts.

    Attributes:
        names: Who speaks, by id.
    """

    def __init__(self, root: Element, base: TimeBase) -> None:
        self._root, self._base = root, base
        self.names = {key: name for key, name in _agents(root) if name}

    def paragraphs(self) -> Iterator[_Paragraph]:
        """All that is not empty, in order."""
        whole = self._within(self._root, _Context(), None)
        for body in self._root.elements:
            if body.name == "body":
                yield from self._under(body, whole, None)

    def _under(
        self, element: Element, around: _Context, from_s: Fraction | None
    ) -> Iterator[_Paragraph]:
        context = self._within(element, around, from_s)
        in_turn = element.get("timeContainer") == "seq"
        at_s = context.begin_s
        for child in element.elements:
            start_s = at_s if in_turn else None
            if child.name == "p":
                yield from self._paragraph(child, context, start_s, id(element))
            elif child.name == "div":
                yield from self._under(child, context, start_s)
            else:
                continue
            at_s = self._within(child, context, start_s).end_s or at_s

    def _paragraph(
        self, element: Element, around: _Context, from_s: Fraction | None, event: int
    ) -> Iterator[_Paragraph]:
        context = self._within(element, around, from_s)
        if not context.own:
            context = self._of_spans(element, context)
        text = one_line(_text(element))
        if text:
            yield _Paragraph(text, context, event)

    def _of_spans(self, element: Element, context: _Context) -> _Context:
        """The times of its spans, where it has none itself."""
        spans = [self._within(each, context, None) for each in element.elements]
        timed = [each for each in spans if each.own and each.end_s is not None]
        if not timed:
            return context
        begin_s, end_s = timed[0].begin_s, max(each.end_s or each.begin_s for each in timed)
        return replace(context, begin_s=begin_s, end_s=end_s, own=True)

    def _within(self, element: Element, around: _Context, from_s: Fraction | None) -> _Context:
        """What holds within an element: its times count from those of what it is in, or from
        `from_s` where it stands in a row.
        """
        base_s = around.begin_s if from_s is None else from_s
        begin, end, dur = (element.get(name) for name in ("begin", "end", "dur"))
        begin_s = base_s + (self._base.seconds(begin) if begin else 0)
        ends = [around.end_s] if around.end_s is not None else []
        if end:
            ends.append(base_s + self._base.seconds(end))
        if dur:
            ends.append(begin_s + self._base.seconds(dur))
        given = element.get("lang", XML)
        source = element.get("langSrc", DAPTM)
        represents = element.get("represents", DAPTM)
        return _Context(
            begin_s,
            min(ends, default=None),
            around.language if given is None else given,
            around.source if source is None else source,
            element.get("agent", METADATA) or around.agent,
            around.represents if represents is None else represents,
            bool(begin or end or dur),
        )


def _agents(element: Element) -> Iterator[tuple[str, str]]:
    """The id and the name of everybody a document names: as the script calls them, if it does."""
    for child in element.elements:
        if child.namespace == METADATA and child.name == "agent":
            names = {each.get("type") or "": each for each in child.elements if each.name == "name"}
            named = names.get("alias") or next(iter(names.values()), None)
            yield child.get("id", XML) or "", one_line(named.text) if named else ""
        elif child.name in ("head", "metadata"):
            yield from _agents(child)


def _text(element: Element) -> str:
    """What is shown of an element."""
    shown = []
    for child in element.children:
        if isinstance(child, str):
            shown.append(child)
        elif child.name == "br":
            shown.append("\n")
        elif child.name == "span" and child.get("ruby", STYLING) not in _ABOVE:
            shown.append(_text(child))
    return "".join(shown)
