import re
from pathlib import Path

import pytest

from ytdubber.domain.errors import BadSetting
from ytdubber.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"


def test_the_example_names_every_setting_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = set(re.findall(r"^#(YTDUBBER_\w+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE))
    fields = {f"YTDUBBER_{name.upper()}" for name in Settings.model_fields}
    assert named == fields | {"YTDUBBER_DEBUG"}
    monkeypatch.chdir(tmp_path)
    for name in named:
        monkeypatch.delenv(name, raising=False)
    before = load_settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text("utf-8").replace("#YTDUBBER", "YTDUBBER"))
    assert load_settings().model_dump(exclude={"offline", "threads"}) == before.model_dump(
        exclude={"offline", "threads"}
    )
    assert (before.offline, before.threads) == (False, 0)


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_THREADS", "many")
    with pytest.raises(BadSetting, match="YTDUBBER_THREADS"):
        load_settings()


def test_a_folder_of_models_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YTDUBBER_TRANSLATION_MODELS", str(tmp_path / "none"))
    with pytest.raises(BadSetting, match="YTDUBBER_TRANSLATION_MODELS"):
        load_settings()
