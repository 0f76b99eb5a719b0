"""XML as a tree, read so that a file can do no harm: no document types, so no entities of its own,
nothing fetched, and no depth without end.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

MOST_DEPTH = 100


class NotXml(Exception):
    """Why it is not read, as the rest of a sentence."""


@dataclass(slots=True)
class Element:
    """An element: its namespace, its name, its attributes by namespace and name, what is in it."""

    namespace: str
    name: str
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    def get(self, name: str, namespace: str = "") -> str | None:
        """An attribute, if it is there."""
        return self.attributes.get((namespace, name))

    @property
    def elements(self) -> "list[Element]":
        """The elements in it."""
        return [each for each in self.children if isinstance(each, Element)]

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.children)


def parsed(text: str) -> Element:
    """The root of a document.

    Raises:
        NotXml: it is not well formed, or does what is not allowed here.
    """
    top = Element("", "")
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MOST_DEPTH:
            raise NotXml(f"its elements are more than {MOST_DEPTH} deep")
        found = Element(*_named(name), {_named(key): value for key, value in attributes.items()})
        stack[-1].children.append(found)
        stack.append(found)

    def end(_: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].children.append(data)

    def refuse(*_: object) -> None:
        raise NotXml("it declares a document type, which may name other files")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise NotXml(f"line {error.lineno}: {what}") from None
    except UnicodeEncodeError:
        raise NotXml("it holds halves of characters") from None
    return top.elements[0]


def _named(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition(" ")
    return namespace, local
