"""Write the migrations as SQL into supabase/migrations, or say with --check that they differ."""

import sys
from pathlib import Path

from ytdubber.adapters.db.schema import migrate

FOLDER = Path(__file__).parents[1] / "supabase" / "migrations"
STAMP = "20261121000000"
"""Supabase sorts by time; ours follow one another by their number."""


def files() -> dict[str, str]:
    """The SQL of every revision, by file name."""
    before = None
    made = {}
    for revision in migrate.revisions():
        text = migrate.sql(revision, before)
        made[f"{int(STAMP) + int(revision)}_ytdubber_{revision}.sql"] = text.strip() + "\n"
        before = revision
    return made


def main() -> int:
    """Write, or check."""
    made = files()
    if "--check" in sys.argv:
        there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.sql")}
        if there != made:
            print("supabase/migrations differs: run `make migrations` and commit it.")
            return 1
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.sql"):
        path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
