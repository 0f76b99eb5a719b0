"""Words of the field name what there is: identifiers that only this code would know stay out."""

import ast
from collections.abc import Iterator
from pathlib import Path

import ytdubber

SOURCES = Path(ytdubber.__file__).parent
TESTS = Path(__file__).parents[1]
PAGE = SOURCES / "web" / "page"

EVERYWHERE = ""
# Where a word may not name anything, what may not, and what the field says.
WORDS = [
    (EVERYWHERE, "Desk Pulse Held hand_back", "JobHandler, Heartbeat, HeldLease, release"),
    (EVERYWHERE, "Chore Maintenance Alone", "PeriodicTask, Scheduler, TaskLock"),
    (EVERYWHERE, "Upkeep SqlUpkeep overdue exhausted", "Reaper, past_deadline, attempts_exceeded"),
    ("worker/", "Pace pace", "WorkerTimings"),
    (EVERYWHERE, "Seal sealed SealedFile open_plain", "encrypted, EncryptedFile, open_decrypted"),
    (EVERYWHERE, "rehearse rehearsal", "probe, codec_probe"),
    ("audio/", "Setting settled settle is_settled", "GainSetting, converge, is_converged"),
    (EVERYWHERE, "likeness _likeness", "cross_correlation"),
    (EVERYWHERE, "Wishes JobWishes voice_wish", "JobOptions, CheckOptions, voice_preference"),
    ("app/", "wish wishes wished _Wish _Take _Booth _Script", "preference, SynthesisRequest"),
    (EVERYWHERE, "Announced Offer UploadOffer", "UploadMetadata, UploadHeaders, UploadCreation"),
    (EVERYWHERE, "Incoming Outgoing", "UploadSession, FileDownload"),
    (EVERYWHERE, "JobBook RetentionBook CostBook", "JobRepository, ExpiryRepository, CostReports"),
    (EVERYWHERE, "Reopen reopen reopening", "Replay"),
    ("engines/", "first_s longest_s patience_s again", "initial_backoff_s, max_backoff_s"),
    (EVERYWHERE, "LOOK_S _LOOK_S", "POLL_INTERVAL_S"),
    (EVERYWHERE, "Slots MemorySlots SqlSlots TakesTurns Turns", "Semaphores, KeyedLock"),
    (EVERYWHERE, "Breaker EngineResting on_trial", "CircuitBreaker, CircuitOpen, half_open"),
    (EVERYWHERE, "Guard Guards Remembered Limited", "middleware, Cache, ConcurrencyLimit"),
    (EVERYWHERE, "interruptible side_by_side", "AbandonOnCancel, map_concurrently"),
    ("engines/", "_unheard _unseen", "_noop"),
    (EVERYWHERE, "SpeakerTraits", "TTSCapabilities"),
    (EVERYWHERE, "Call", "CallContext"),
    (EVERYWHERE, "spoken_text spoken_readings", "text_normalization"),
    (EVERYWHERE, "Machine EngineRoom Office Orders", "LocalRuntime, EngineFactory, EngineRouting"),
    (EVERYWHERE, "Listener Watcher", "OnProgress, ProgressReporter"),
    (EVERYWHERE, "Asking AskedHere AskedElsewhere", "EngineClient, InProcess, Remote"),
    (EVERYWHERE, "calling Asked Answered Dropped", "remote, Request, Response, Cancel"),
    (EVERYWHERE, "machine_calls service_calls", "vendor_process"),
    ("adapters/deepgram/", "account listening speaking", "client, stt, tts"),
    ("adapters/elevenlabs/", "account speaking", "client, tts"),
    ("adapters/openai/", "account translating wishes", "client, translator, options"),
    ("ports/", "hear speak", "transcribe, synthesize"),
    (EVERYWHERE, "Books Book", "UsageLog"),
    (EVERYWHERE, "SpeakRequest", "SynthesisRequest"),
]
OF_TESTS = {*"rig Rig station Station desk Desk till Till office Office studio Studio".split()}
"""What tests would call what they work with: a harness, fakes, a client, a user."""
PAGES = {
    "pen": "canvas",
    "in_step": "synced_player",
    "net": "api_client",
    "send": "submit_job",
    "compare": "player",
    "wave": "waveform",
}


def _names(path: Path) -> Iterator[str]:
    """What a module is called, and every name in it that is ours to choose."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.alias(name=name):
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name


def test_identifiers_are_the_fields_words() -> None:
    found: dict[tuple[str, str], str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        place, names = path.relative_to(SOURCES).as_posix(), {*_names(path)}
        for under, words, says in WORDS:
            if place.startswith(under):
                found |= {(place, word): says for word in names & {*words.split()}}
    assert found == {}


def test_tests_are_named_so_too() -> None:
    found = {path.name: {*_names(path)} & OF_TESTS for path in TESTS.rglob("*.py")}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_pages_modules_have_the_fields_names() -> None:
    assert {name: says for name, says in PAGES.items() if (PAGE / f"{name}.js").exists()} == {}


def test_the_page_has_preferences_and_options() -> None:
    told = {path.name: "wish" in path.read_text("utf-8") for path in PAGE.glob("*.js")}
    assert [name for name, wishes in told.items() if wishes] == []
