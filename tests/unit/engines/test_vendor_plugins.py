"""Vendors are found by the entry points that declare them, ours and those of others."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from ytdubber.domain.errors import VendorNotLoaded, VendorTwice
from ytdubber.domain.vendors import GROUP, name_of, provider_of
from ytdubber.engines.vendor.registry import collected, ranked, usual, vendors

OURS = "ytdubber.adapters.deepgram.plugin:PLUGIN"
OUTSIDE = '''
from pydantic import SecretStr
from ytdubber.engines.vendor.plugin import PluginSettings, VendorEngines, VendorPlugin, variable

class AcmeSettings(PluginSettings):
    """Acme.

    Attributes:
        api_key: A key.
        url: An address.
    """
    api_key: SecretStr | None = variable("ACME_KEY")
    url: str | None = None

PLUGIN = VendorPlugin(
    name="Acme Speech", settings=AcmeSettings, prefix="YTDUBBER_ACME_", set_up_by=("api_key",),
    ranks={"speak": 1}, engines=lambda settings: VendorEngines(), check=lambda settings: None,
)
'''
ASKS = """
from ytdubber.bootstrap.engines import engine_routing
from ytdubber.domain.waiting import vendor_name
from ytdubber.settings import load_settings
settings = load_settings().vendors
print(sorted(settings.configured), engine_routing(settings).speak.usual, vendor_name("acme-speech"))
"""


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def package(folder: Path, name: str, code: str, *vendors: str) -> None:
    """A package as it lies where packages are installed."""
    (folder / f"{name}.py").write_text(code, "utf-8")
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"[{GROUP}]", *(f"{vendor} = {name}:PLUGIN" for vendor in vendors)]
    (about / "entry_points.txt").write_text("\n".join(lines))


def asked(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a fresh process makes of the packages in a folder, beside those installed."""
    return subprocess.run(
        [sys.executable, "-c", ASKS],
        env=os.environ | {"PYTHONPATH": str(folder)} | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_vendor_of_ours_is_called_as_its_entry_point() -> None:
    found = {each.provider: each.name for each in vendors()}
    assert found.items() >= {"deepgram": "Deepgram", "openai": "OpenAI"}.items()
    assert {name_of(provider) for provider in found} == set(found.values())
    assert {provider_of(name) for name in found.values()} == set(found)


def test_a_name_that_nobody_declares_is_itself() -> None:
    assert name_of("faster-whisper") == "faster-whisper"


def test_an_order_may_name_whoever_does_it_and_the_usual_one_names_fewer() -> None:
    assert set(usual("premium_speak")) < set(ranked("premium_speak")) == set(ranked("speak"))
    assert ranked("premium_speak")[: len(usual("premium_speak"))] == usual("premium_speak")
    assert not set(ranked("translate")) & set(ranked("speak"))


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (("Gone", "ytdubber.no_such_module:PLUGIN"), "Gone, .* ModuleNotFoundError: No module"),
        (("Gone", "ytdubber.adapters.deepgram.plugin:NONE"), "Gone, .* AttributeError"),
        (("Gone", "ytdubber.adapters.deepgram.plugin:DeepgramSettings"), "is no VendorPlugin"),
        (("Other", OURS), "calls itself Deepgram"),
    ],
)
def test_a_broken_plugin_says_which_package_brings_it(declared: tuple[str, str], told: str) -> None:
    with pytest.raises(VendorNotLoaded, match=told):
        collected([point(*declared)])


def test_two_that_claim_one_name_are_told() -> None:
    with pytest.raises(VendorTwice, match=r"the vendor DEEPGRAM: .* Remove one of them\."):
        collected([point("Deepgram", OURS), point("DEEPGRAM", OURS)])


def test_a_package_of_others_adds_a_vendor(tmp_path: Path) -> None:
    package(tmp_path, "acme", OUTSIDE, "Acme Speech")
    assert asked(tmp_path).stdout == "[] ('local',) Acme Speech\n"
    said = asked(tmp_path, ACME_KEY="k", YTDUBBER_ACME_URL="http://127.0.0.1")
    assert said.stdout == "['acme-speech'] ('acme-speech', 'local') Acme Speech\n"


def test_its_settings_are_checked_as_ours_are(tmp_path: Path) -> None:
    package(tmp_path, "acme", OUTSIDE, "Acme Speech")
    alone = asked(tmp_path, YTDUBBER_ACME_URL="http://127.0.0.1").stderr
    assert "ACME_KEY: YTDUBBER_ACME_URL needs it beside it." in alone
    named = asked(tmp_path, YTDUBBER_SPEAK="acme-speech").stderr
    assert "ACME_KEY: YTDUBBER_SPEAK names acme-speech, which needs it." in named
    wrong = asked(tmp_path, ACME_KEY="k", YTDUBBER_ACME_URL="x").stderr
    assert "YTDUBBER_ACME_URL: it must begin with https://." in wrong
    assert (
        "YTDUBBER_ACME_UR: there is no such setting" in asked(tmp_path, YTDUBBER_ACME_UR="x").stderr
    )


def test_a_package_that_claims_a_name_of_ours_is_named(tmp_path: Path) -> None:
    package(tmp_path, "acme", OUTSIDE, "Deepgram")
    said = asked(tmp_path).stderr
    assert "Two packages bring the vendor Deepgram: " in said
    assert "acme" in said
