"""What local engines compute on: the processor, or a graphics card by CUDA."""

import ctypes
import os
from dataclasses import dataclass
from typing import Literal

Device = Literal["cpu", "cuda"]
Wanted = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class Devices:
    """What each library computes on.

    Attributes:
        whisper: Speech recognition, by CTranslate2.
        kokoro: Natural voices, by ONNX Runtime.
        missing: Why not by CUDA, a sentence for each library that does not; none where nothing was
            asked but the processor.
    """

    whisper: Device = "cpu"
    kokoro: Device = "cpu"
    missing: tuple[str, ...] = ()


def devices(wanted: Wanted) -> Devices:
    """What is used of what is there, if the processor is not what is wanted."""
    if wanted == "cpu":
        return Devices()
    if not _driver():  # asked first: to load the libraries takes a second
        return Devices(missing=("there is no NVIDIA driver on this machine",))
    whisper, kokoro = without_ctranslate2(), without_onnxruntime()
    return Devices(
        "cpu" if whisper else "cuda",
        "cpu" if kokoro else "cuda",
        tuple(filter(None, (whisper, kokoro))),
    )


def _driver() -> bool:
    """Whether the library that CUDA's programs reach a card by can be loaded."""
    try:
        ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return False
    return True


def without_ctranslate2() -> str:
    """Why CTranslate2 cannot use a card; empty when it can."""
    from faster_whisper.transcribe import ctranslate2  # which brings it

    if ctranslate2.get_cuda_device_count() < 1:
        return "speech recognition (CTranslate2) finds no CUDA device"
    return ""


def without_onnxruntime() -> str:
    """Why ONNX Runtime cannot use a card; empty when it can."""
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        return (
            "ONNX Runtime is the build for processors, and onnxruntime-gpu has to be installed in"
            " its place"
        )
    return ""
