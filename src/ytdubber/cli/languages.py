"""`ytdubber languages`."""

from typing import Annotated

import typer
from rich.table import Table

from ytdubber.bootstrap.local import local_runtime
from ytdubber.cli.console import out
from ytdubber.domain.languages import NAMES, language_of


def languages(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    with local_runtime() as machine:
        engines = machine.engines
        found = [
            {
                "language": target,
                "name": NAMES[target],
                "locale": language_of(target).locale,
                "from": engines.sources(target),
                "voices": [voice.id for voice in engines.voices(target)],
            }
            for target in engines.spoken()
        ]
    ready = [entry for entry in found if entry["from"]]
    if as_json:
        out.print_values({"targets": ready, "needs_translation_models": found})
        return
    table = Table(title="Can be dubbed", title_justify="left")
    table.add_column("into")
    table.add_column("as spoken in")
    table.add_column("from")
    table.add_column("voices")
    for entry in ready:
        table.add_row(
            f"{entry['name']} ({entry['language']})",
            str(entry["locale"]),
            ", ".join(entry["from"]),
            ", ".join(entry["voices"]),
        )
    out.print(table, soft_wrap=False)
    others = ", ".join(f"{e['name']} ({e['language']})" for e in found if not e["from"])
    if others:
        out.print(
            f"A voice speaks these too: {others}. A dub into one fetches the Firefox models that"
            " translate it, where Mozilla has them; YTDUBBER_TRANSLATION_MODELS names folders of"
            " your own.",
        )
