"""A second run into a folder: what is finished stays until something better is whole."""

import shutil
import threading
from pathlib import Path

import pytest
import soundfile as sf
from tests.unit.app.conftest import FakeDubbing
from tests.waiting import PATIENCE_S

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.app.dubs.manifest import Manifest, intact, read_manifest
from ytdubber.domain.errors import AllLanguagesFailed, Cancelled, ErrorKind, VendorError
from ytdubber.domain.stage import Stage
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest
from ytdubber.testing.engines import FakeSynthesizer


def broken() -> VendorError:
    return VendorError("fake", ErrorKind.BAD_OUTPUT, "it broke")


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def of(language: str, folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in files(folder).items() if name.startswith(f"{language}/")}


def true_manifest(fakes: FakeDubbing) -> Manifest:
    """The manifest that is there; every file it names has its bytes, and no other lies there."""
    blobs = FolderBlobStore(fakes.out)
    manifest = read_manifest(blobs)
    assert manifest is not None
    assert intact(manifest.files, blobs)
    assert set(files(fakes.out)) == {file.path for file in manifest.files} | {"manifest.json"}
    return manifest


def breaks(fakes: FakeDubbing, **errors: Exception) -> None:
    """Nothing is remembered, and these languages cannot be spoken."""
    shutil.rmtree(fakes.folder / "results")
    fakes.synthesizer = FakeSynthesizer(broken=errors)


def quieter(path: Path) -> None:
    sound, rate_hz = sf.read(path, dtype="float32")
    sf.write(path, sound * 0.5, rate_hz)


def test_a_language_that_fails_anew_keeps_its_files(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    before = of("pt", fakes.out)
    breaks(fakes, pt=broken())
    outcome = fakes.dub(fakes.request("pt", "es", loudness="ebu"))
    assert of("pt", fakes.out) == before
    manifest = true_manifest(fakes)
    assert manifest.languages["pt"].status == "complete"
    assert manifest.languages["pt"].loudness == "youtube"
    assert manifest.languages["es"].loudness == "ebu"
    assert outcome.unmade["pt"].error_message == "fake could not do it (bad_output): it broke"


def test_a_language_that_fails_beside_a_skipped_one_changes_nothing(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    before = files(fakes.out)
    breaks(fakes, pt=broken())
    with pytest.raises(AllLanguagesFailed, match="it broke"):
        fakes.dub(fakes.request("pt", "en", loudness="ebu"))
    assert files(fakes.out) == before


def test_other_formats_that_fail_remove_nothing(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt", formats=("flac", "wav")))
    before = files(fakes.out)
    breaks(fakes, pt=broken())
    with pytest.raises(AllLanguagesFailed):
        fakes.dub(fakes.request("pt", formats=("mp3",)))
    assert files(fakes.out) == before


def test_another_recording_that_fails_for_a_language_leaves_the_one_before(
    fakes: FakeDubbing,
) -> None:
    first = fakes.dub(fakes.request("pt", "es")).manifest.source
    before = of("es", fakes.out)
    quieter(fakes.background)
    breaks(fakes, es=broken())
    fakes.dub(fakes.request("pt", "es", loudness="ebu"))
    manifest = true_manifest(fakes)
    assert of("es", fakes.out) == before
    assert manifest.languages["es"].source == first
    assert manifest.languages["pt"].source is None
    assert manifest.source != first
    fakes.synthesizer = FakeSynthesizer()
    fakes.dub(fakes.request("pt", "es", loudness="ebu"))
    assert true_manifest(fakes).languages["es"].source is None


def test_another_recording_that_fails_for_all_leaves_transcript_and_all(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt", "es"))
    before = files(fakes.out)
    quieter(fakes.voice)
    breaks(fakes, pt=broken(), es=broken())
    with pytest.raises(AllLanguagesFailed):
        fakes.dub(fakes.request("pt", "es", loudness="ebu"))
    assert files(fakes.out) == before


def test_naming_the_language_spoken_removes_no_other_language(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    before = of("pt", fakes.out)
    request = fakes.request("es")
    named = type(request)(request.voice, request.background, "en", ("es",), request.options)
    fakes.dub(named)
    assert of("pt", fakes.out) == before
    assert set(true_manifest(fakes).languages) == {"pt", "es"}


def test_a_recording_by_another_name_is_the_same(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    before = fakes.counts()
    renamed = fakes.background.rename(fakes.folder / "music.wav")
    request = fakes.request("pt", "es")
    again = type(request)(request.voice, renamed, None, request.target_languages, request.options)
    assert fakes.dub(again).reused == ("pt",)
    assert fakes.counts()[0] == before[0]
    assert true_manifest(fakes).languages["pt"].source is None


def test_files_that_a_person_changed_stay_when_another_language_is_made(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    (fakes.out / "pt" / "captions.srt").write_text("corrected by hand")
    fakes.dub(fakes.request("es"))
    assert (fakes.out / "pt" / "captions.srt").read_text() == "corrected by hand"
    assert (fakes.out / "pt" / "mix.flac").exists()


@pytest.mark.parametrize("stage", [Stage.DUBBING, Stage.MIXING, Stage.EXPORTING])
def test_a_cancelled_replacement_leaves_what_was_there(fakes: FakeDubbing, stage: Stage) -> None:
    fakes.dub(fakes.request("pt"))
    before = files(fakes.out)
    begun = len(fakes.progress)

    def check() -> None:
        if any(progress.stage is stage for progress in fakes.progress[begun:]):
            raise Cancelled

    with pytest.raises(Cancelled):
        fakes.dub(fakes.request("pt", "es", loudness="ebu"), check)
    assert files(fakes.out) == before


def test_a_defect_in_one_language_costs_no_other(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    before = of("pt", fakes.out)
    breaks(fakes, pt=ValueError("a defect"))
    with pytest.raises(ValueError, match="a defect"):
        fakes.dub(fakes.request("pt", "es", loudness="ebu"))
    assert of("pt", fakes.out) == before
    assert true_manifest(fakes).languages["es"].status == "complete"


class Meeting(FakeSynthesizer):
    """Speaks a language's first line when the other language's is asked for, too."""

    def __init__(self) -> None:
        super().__init__()
        self._met = {"pt": threading.Event(), "es": threading.Event()}

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        self._met[request.language].set()
        assert all(met.wait(PATIENCE_S) for met in self._met.values()), "the languages never met"
        return super().synthesize(request, into, call)


@pytest.mark.dubs
def test_languages_are_made_side_by_side_with_the_same_bytes(tmp_path: Path) -> None:
    for name in ("together", "apart"):
        (tmp_path / name).mkdir()
    together = FakeDubbing(tmp_path / "together", synthesizer=Meeting())
    together.dub(together.request("pt", "es"))
    apart = FakeDubbing(tmp_path / "apart")
    for language in ("es", "pt"):
        apart.dub(apart.request(language))
    for language in ("pt", "es"):
        assert of(language, together.out) == of(language, apart.out)
