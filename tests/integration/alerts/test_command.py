"""`ytdubber alerts test` says whether a message arrives."""

from pathlib import Path

import pytest
from tests.integration.alerts.receiving import hook
from typer.testing import CliRunner

from ytdubber.cli.alerts import app
from ytdubber.domain.errors import BadSetting
from ytdubber.settings import variables


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def test_it_says_what_arrived_and_what_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with hook() as chat:
        monkeypatch.setenv("YTDUBBER_ALERT_WEBHOOK_URL", chat.url)
        monkeypatch.setenv("YTDUBBER_ALERT_RUNBOOKS", "https://docs.test/runbooks/*.html")
        shown = CliRunner().invoke(app, ["test"])
        assert (shown.exit_code, shown.stdout) == (0, "webhook: it arrived\n")
        (told,) = chat.told
        assert told["summary"] == (
            "This is a test, made by `ytdubber alerts test`; nothing is wrong."
        )
        assert told["runbook"] == "https://docs.test/runbooks/index.html"
        chat.status = 403
        shown = CliRunner().invoke(app, ["test"])
        assert shown.exit_code == 1
        assert "webhook: An alert did not reach the webhook: it answered 403." in shown.stdout


def test_it_names_the_setting_where_nobody_is_told() -> None:
    shown = CliRunner().invoke(app, ["test"])
    assert isinstance(shown.exception, BadSetting)
    assert str(shown.exception).startswith("YTDUBBER_ALERT_WEBHOOK_URL: nobody is told of alerts")
