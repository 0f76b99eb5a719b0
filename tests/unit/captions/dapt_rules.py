"""What W3C's DAPT 1.0 asks of a document, as far as documents here use it.

There is no schema of it that can be installed. Each rule names where it stands: in DAPT 1.0 or in
TTML2, whose document type DAPT constrains. What stands in no list here is not allowed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

TT, TTP = "{http://www.w3.org/ns/ttml}", "{http://www.w3.org/ns/ttml#parameter}"
TTM = "{http://www.w3.org/ns/ttml#metadata}"
DAPTM = "{http://www.w3.org/ns/ttml/profile/dapt#metadata}"
XML = "{http://www.w3.org/XML/1998/namespace}"
DESIGNATOR = "http://www.w3.org/ns/ttml/profile/dapt1.0/content"
SCRIPT_TYPES = {"originalTranscript", "translatedTranscript", "preRecording", "asRecorded"}
DESCRIPTORS = {
    "audio", "audio.dialogue", "audio.nonDialogueSounds", "visual", "visual.dialogue",
    "visual.nonText", "visual.text", "visual.text.title", "visual.text.credit",
    "visual.text.location",
}  # fmt: skip
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)s", re.ASCII)
_NCNAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)


class Kind(NamedTuple):
    """What may be on an element, and in it: children in this order, each as often as told."""

    attributes: frozenset[str]
    children: tuple[tuple[str, int], ...]
    text: bool = False


MANY = 1_000_000
KINDS = {
    f"{TT}tt": Kind(
        frozenset({
            f"{TTP}contentProfiles", f"{XML}lang", f"{DAPTM}langSrc", f"{DAPTM}scriptType",
            f"{DAPTM}scriptRepresents",
        }),
        ((f"{TT}head", 1), (f"{TT}body", 1)),
    ),
    f"{TT}head": Kind(frozenset(), ((f"{TT}metadata", MANY),)),
    f"{TT}metadata": Kind(frozenset(), ((f"{TTM}title", 1), (f"{TTM}agent", MANY))),
    f"{TTM}title": Kind(frozenset(), (), text=True),
    f"{TTM}agent": Kind(frozenset({"type", f"{XML}id"}), ((f"{TTM}name", MANY),)),
    f"{TTM}name": Kind(frozenset({"type"}), (), text=True),
    f"{TT}body": Kind(frozenset(), ((f"{TT}div", MANY),)),
    f"{TT}div": Kind(
        frozenset({f"{XML}id", "begin", "end", f"{TTM}agent", f"{DAPTM}represents"}),
        ((f"{TT}p", MANY),),
    ),
    f"{TT}p": Kind(frozenset({f"{XML}lang"}), (), text=True),
}  # fmt: skip


def broken(document: bytes) -> list[str]:
    """The rules that a document breaks."""
    return [*_of_bytes(document), *_of_tree(fromstring(document))]  # noqa: S314  # it is ours


def _of_bytes(document: bytes) -> Iterator[str]:
    if document.startswith(b"\xef\xbb\xbf"):
        yield "DAPT 5.1: no byte order mark"
    if not document.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'):
        yield "DAPT 5.1: XML 1.0 in UTF-8"
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        yield "DAPT 5.1: no entity declarations"


def _of_tree(root: Element) -> Iterator[str]:
    if root.tag != f"{TT}tt":
        yield "TTML2 8.1.1: the root is tt"
    yield from _of_types(root)
    yield from _of_root(root)
    ids = [each.get(f"{XML}id", "") for each in root.iter() if f"{XML}id" in each.keys()]
    if len(ids) != len({*ids}) or not all(map(_NCNAME.fullmatch, ids)):
        yield "XML: each id is a name, and there once"
    yield from _of_people(root)
    yield from _of_events(root)


def _of_types(element: Element) -> Iterator[str]:
    kind = KINDS.get(element.tag)
    if kind is None:
        yield f"TTML2 8: no {element.tag}"
        return
    if {*element.keys()} - kind.attributes:
        yield f"TTML2 8: no such attribute on {element.tag}"
    texts = [element.text, *(each.tail for each in element)]
    if not kind.text and any(text and text.strip() for text in texts):
        yield f"TTML2 8: no text in {element.tag}"
    order, counts = [tag for tag, _ in kind.children], dict(kind.children)
    places = [order.index(each.tag) if each.tag in order else -1 for each in element]
    if -1 in places or places != sorted(places):
        yield f"TTML2 8: {element.tag} has its children, in their order"
    if any(places.count(order.index(tag)) > most for tag, most in counts.items()):
        yield f"TTML2 8: {element.tag} has too many children of a kind"
    for each in element:
        yield from _of_types(each)


def _of_root(root: Element) -> Iterator[str]:
    if DESIGNATOR not in root.get(f"{TTP}contentProfiles", "").split():
        yield "DAPT 5.3: contentProfiles has the designator"
    if root.get(f"{DAPTM}scriptType") not in SCRIPT_TYPES:
        yield "DAPT 4.1.2: scriptType"
    if not _LANGUAGE.fullmatch(root.get(f"{XML}lang", "")):
        yield "DAPT 4.1.3: a default language"
    if not _LANGUAGE.fullmatch(root.get(f"{DAPTM}langSrc", "")):
        yield "DAPT 4.1.5: langSrc is a language"
    represented = root.get(f"{DAPTM}scriptRepresents", "").split()
    if not represented or {*represented} - DESCRIPTORS:
        yield "DAPT 4.1.1: scriptRepresents has content descriptors"


def _of_people(root: Element) -> Iterator[str]:
    agents = [*root.iter(f"{TTM}agent")]
    for agent in agents:
        if agent.get("type") != "character" or not agent.get(f"{XML}id"):
            yield "DAPT 4.2: a character is an agent of this type, with an id"
        if [each.get("type") for each in agent] != ["alias"] or not (agent[0].text or "").strip():
            yield "DAPT 4.2: a character has one name, an alias"
    known = {each.get(f"{XML}id") for each in agents}
    for event in root.iter(f"{TT}div"):
        if {*event.get(f"{TTM}agent", "").split()} - known:
            yield "DAPT 4.3: an event's people are agents"


def _of_events(root: Element) -> Iterator[str]:
    languages = root.get(f"{XML}lang"), root.get(f"{DAPTM}langSrc")
    allowed = root.get(f"{DAPTM}scriptRepresents", "").split()
    for event in root.iter(f"{TT}div"):
        if not event.get(f"{XML}id"):
            yield "DAPT 4.3: an event has an id"
        represents = event.get(f"{DAPTM}represents", "")
        if represents not in DESCRIPTORS or not any(
            represents == each or represents.startswith(f"{each}.") for each in allowed
        ):
            yield "DAPT 4.3: an event represents something that the script represents"
        times = [_OFFSET.fullmatch(event.get(name, "")) for name in ("begin", "end")]
        if None in times or float(times[0][1]) >= float(times[1][1]):  # type: ignore[index]  # none is None
            yield "TTML2 12.3: an event begins before it ends"
        texts = [each.get(f"{XML}lang", languages[0]) for each in event]
        if {*texts} - {*languages} or len(texts) != len({*texts}):
            yield "DAPT 4.4: a text for the original, and one for the translation"
        if root.get(f"{DAPTM}scriptType") == "originalTranscript" and {*texts} - {languages[1]}:
            yield "DAPT 4.1.2: an original transcript is in the original's language"
