"""What local engines compute on, on a machine without a graphics card."""

import ctypes

import pytest
from typer.testing import CliRunner

from ytdubber.adapters.local.device import (
    Devices,
    devices,
    without_ctranslate2,
    without_onnxruntime,
)
from ytdubber.cli.main import app
from ytdubber.domain.errors import BadSetting


@pytest.fixture(autouse=True)
def _without_card() -> None:
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return
    pytest.skip("this machine has an NVIDIA driver")


def test_auto_takes_the_processor_and_says_why() -> None:
    assert devices("auto") == Devices(missing=("there is no NVIDIA driver on this machine",))
    assert devices("cpu") == Devices()


def test_each_library_says_that_it_can_use_none() -> None:
    assert "finds no CUDA device" in without_ctranslate2()
    assert "onnxruntime-gpu has to be installed" in without_onnxruntime()


def test_doctor_tells_what_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = CliRunner(env={"COLUMNS": "400"}).invoke(app, ["doctor"]).stdout
    assert (
        "device: speech recognition on cpu, Kokoro's voices on cpu (not cuda: there is no NVIDIA"
        " driver on this machine)"
    ) in " ".join(shown.split())
    monkeypatch.setenv("YTDUBBER_DEVICE", "cpu")
    assert "YTDUBBER_DEVICE is cpu" in CliRunner().invoke(app, ["doctor"]).stdout


@pytest.mark.parametrize("command", [["doctor"], ["languages"]])
def test_a_card_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("YTDUBBER_DEVICE", "cuda")
    refused = CliRunner().invoke(app, command)
    assert isinstance(refused.exception, BadSetting)
    assert str(refused.exception) == (
        "YTDUBBER_DEVICE: cuda cannot be used here: there is no NVIDIA driver on this machine."
        " Set it to auto or cpu."
    )
