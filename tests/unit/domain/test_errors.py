"""Every error has typed facts and a sentence that names them, whatever Python leaves out."""

import inspect
import os
import string
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from ytdubber.api.error_samples import sample
from ytdubber.domain import errors
from ytdubber.domain.errors import BadInput, MachineError, VendorError, YtDubberError

KINDS = sorted(
    (
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, YtDubberError) and kind is not YtDubberError
    ),
    key=lambda kind: kind.__name__,
)
ROOTS = (BadInput, MachineError, VendorError)
OUT_OF_ASCII = "naïve \u202e\x1b[31m.wav"


@pytest.mark.parametrize("kind", KINDS)
def test_its_sentence_says_every_fact_it_names(kind: type[YtDubberError]) -> None:
    error = sample(kind)
    named = {name for _, name, _, _ in string.Formatter().parse(kind.template) if name}
    needed = {each.name for each in fields(kind) if each.default is MISSING}
    for_programs = {"errors", "fault", "formats", "retry_after_s"}
    assert needed <= named | for_programs
    assert str(error)
    assert "{" not in str(error)
    assert set(error.facts) >= needed


def test_what_a_user_a_machine_and_a_vendor_did_is_told_apart() -> None:
    for kind in KINDS:
        assert sum(issubclass(kind, root) for root in ROOTS) <= 1, kind


def test_a_fact_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="form"):
        errors.UnknownFormat(form="aiff", formats="wav")  # type: ignore[call-arg]


def test_text_of_others_is_shown_made_harmless() -> None:
    assert "\x1b" not in str(errors.FileNotReadable(file=OUT_OF_ASCII, reason=OSError("\x1b[2J")))


def test_without_docstrings_a_person_still_reads_what_is_wrong(tmp_path: Path) -> None:
    words = ["dub", str(tmp_path / "none.wav"), "--to", "pt", "--out", str(tmp_path / "out")]
    ran = [
        subprocess.run(
            [sys.executable, *options, "-m", "ytdubber", *words],
            capture_output=True,
            text=True,
            env=os.environ | {"YTDUBBER_HOME": str(tmp_path)},
            check=False,
        )
        for options in ([], ["-OO"])
    ]
    assert "none.wav" in ran[1].stderr
    assert [(each.returncode, each.stdout, each.stderr) for each in ran] == [
        (2, ran[0].stdout, ran[0].stderr)
    ] * 2
