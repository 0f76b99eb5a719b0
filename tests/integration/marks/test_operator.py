"""What an operator is told of the identity that files are signed with."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ytdubber.bootstrap.serve import serving
from ytdubber.cli.main import app
from ytdubber.domain.errors import BadSetting


def found(**settings: str) -> dict[str, object]:
    """What `doctor` says of marks."""
    shown = CliRunner(env=settings).invoke(app, ["doctor", "--json"]).stdout
    (marks,) = (each for each in json.loads(shown) if each["what"] == "marks")
    return dict(marks)


def test_doctor_tells_who_signs() -> None:
    assert found()["detail"] == (
        "files are signed by this installation, whom no list of trust names"
    )
    assert "YTDUBBER_C2PA is false" in str(found(YTDUBBER_C2PA="false")["detail"])


def test_a_certificate_that_cannot_sign_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_text("nothing")
    key.write_text("nothing")
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("YTDUBBER_C2PA_CERTIFICATES", str(chain))
    monkeypatch.setenv("YTDUBBER_C2PA_KEY", str(key))
    sentence = "YTDUBBER_C2PA_CERTIFICATES: it holds no certificates in PEM."
    marks = found()
    assert (marks["ok"], marks["detail"]) == (False, sentence)
    with pytest.raises(BadSetting) as refused, serving("127.0.0.1", 0, 1):
        pass
    assert str(refused.value) == sentence
    assert not (tmp_path / "home" / "postgres").exists()
