"""Two consoles: results go to standard output, everything else to standard error."""

import json
from typing import Any

from rich.console import Console
from rich.text import Text

from ytdubber.domain.printable import printable, printable_message


class _Plain(Console):
    """A console that reads nothing in what it is given, no markup and no names of emoji, and shows
    nothing that acts on a terminal: what it is told may be anybody's. What has a style is a `Text`.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """Any text that is printed, or stands in a cell of a table."""
        return super().render_str(
            printable_message(text), **options | {"markup": False, "emoji": False}
        )

    def print_values(self, values: object) -> None:
        """Values for a program, as JSON; characters that act are escaped in it."""
        text = json.dumps(values, indent=2, ensure_ascii=False, default=str)
        shown = "".join(
            each if each == "\n" or printable(each) == each else f"\\u{ord(each):04x}"
            for each in text
        )
        self.print(Text(shown))


out = _Plain(highlight=False, soft_wrap=True)
err = _Plain(stderr=True, highlight=False, soft_wrap=True)


def plain(text: object) -> Text:
    """A name or text of others for a table: no markup is read in it, and it does nothing."""
    return Text(printable(str(text)))
