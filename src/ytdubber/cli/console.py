"""Two consoles: results go to standard output, everything else to standard error."""

from rich.console import Console
from rich.text import Text

from ytdubber.domain.printable import printable

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def plain(text: object) -> Text:
    """A name or text of others for a table: no markup is read in it, and it does nothing."""
    return Text(printable(str(text)))
