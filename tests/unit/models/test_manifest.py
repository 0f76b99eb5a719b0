import re
from urllib.parse import urlsplit

import pytest

from ytdubber.adapters.models.manifest import load_manifest
from ytdubber.adapters.models.model import Model, ModelFile
from ytdubber.adapters.models.packages import Client
from ytdubber.adapters.models.sources import HubSource, MozillaSource, PackageSource

MODELS = load_manifest()
FILES = [
    pytest.param(model, file, id=f"{model.name}/{file.name}")
    for model in MODELS
    for file in model.files
]

IN_ARCHIVES = {"spleeter-2stems"}
"""Models whose makers publish no single files."""


def test_the_models_that_the_product_needs_are_there() -> None:
    assert [model.name for model in MODELS] == [
        "whisper-base",
        "kokoro-82m",
        "kokoro-voices",
        "firefox-en-pt",
        "firefox-pt-en",
        "spleeter-2stems",
        "speakers",
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_says_what_it_is_for_and_under_which_licence(model: Model) -> None:
    assert model.purpose
    assert model.licence in {"MIT", "Apache-2.0", "MPL-2.0", "Apache-2.0, MIT"}
    assert model.licence_url.startswith("https://")
    assert re.fullmatch("[0-9a-f]{12}", model.version)
    names = [file.name for file in model.files]
    assert names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("model", "file"), FILES)
def test_a_file_is_pinned_and_has_the_hub_before_a_package(model: Model, file: ModelFile) -> None:
    assert file.size > 0
    assert re.fullmatch("[0-9a-f]{64}", file.sha256)
    assert re.fullmatch(r"[\w.-]+", file.name)
    packages = list(file.sources)
    if model.name not in IN_ARCHIVES:
        assert isinstance(packages.pop(0), HubSource | MozillaSource)
    assert packages
    assert all(isinstance(source, PackageSource) for source in packages)


@pytest.mark.parametrize(("model", "file"), FILES)
def test_hubs_are_asked_over_https_and_packages_by_exact_version(
    model: Model, file: ModelFile
) -> None:
    for source in file.sources:
        if isinstance(source, HubSource):
            assert urlsplit(source.url).scheme == "https"
        elif isinstance(source, PackageSource):
            pin = {Client.PIP: r"[\w-]+==[\d.]+", Client.NPM: r"[\w-]+@[\d.]+"}[source.client]
            assert source.members
            for member in source.members:
                assert re.fullmatch(pin, member.package)
                assert not member.path.startswith("/")


@pytest.mark.parametrize(
    ("name", "size", "sha256"),
    [
        (
            "model.bin",
            145_217_532,
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        (
            "kokoro-v1.0.int8.onnx",
            92_361_271,
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        ),
        (
            "model.enpt.intgemm.alphas.bin",
            17_140_836,
            "d968735704c75e33c2e183b9241f14c0b2a560d01d88a2728e5c0119a4d7fb22",
        ),
    ],
)
def test_the_weights_are_the_published_ones(name: str, size: int, sha256: str) -> None:
    files = {file.name: file for model in MODELS for file in model.files}

    assert (files[name].size, files[name].sha256) == (size, sha256)


def test_every_voice_is_a_table_of_510_styles_of_256_floats() -> None:
    (voices,) = (model for model in MODELS if model.name == "kokoro-voices")

    assert len(voices.files) == 13
    assert {file.size for file in voices.files} == {510 * 256 * 4}
