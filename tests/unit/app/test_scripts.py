"""Dubs of texts that a person gives."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.app.conftest import SPANS_S, FakeDubbing, words

from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.app.local.draft_texts import DraftTexts
from ytdubber.captions.parse import parse
from ytdubber.captions.scripts import read_script
from ytdubber.domain.errors import (
    DraftEdited,
    ScriptOfAnother,
    ScriptOutOfStep,
    TranslationNotAsked,
)
from ytdubber.domain.script import Script

TEXTS = ("Que é isto?", "Isto é [aplauso] uma prova.", "Boa noite a todos os que ouvem.")
SPOKEN = ("Que é isto?", "Isto é uma prova.", "Boa noite a todos os que ouvem.")


def subtitles(texts: tuple[str, ...], late_s: float = 0.0) -> Script:
    def clock(at_s: float) -> str:
        return f"00:00:{at_s + late_s:06.3f}".replace(".", ",")

    cues = (
        f"{clock(start_s)} --> {clock(end_s)}\n{text}\n"
        for text, (start_s, end_s) in zip(texts, SPANS_S, strict=True)
    )
    return read_script("\n".join(cues).encode(), "talk.srt")


def written(fakes: FakeDubbing, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((fakes.out / name).read_bytes())["utterances"]
    return found


def test_a_translation_is_said_word_for_word_and_nothing_is_translated(fakes: FakeDubbing) -> None:
    given = replace(fakes.request("pt"), translations={"pt": subtitles(TEXTS)})
    outcome = fakes.dub(given)
    lines = written(fakes, "pt/translation.json")
    assert [line["target"] for line in lines] == list(SPOKEN)
    assert [line["source"] for line in lines] == [
        " ".join(word.text for word in words()[at : at + 4]) for at in (0, 4, 8)
    ]
    assert [line["dub_start_ms"] for line in lines] == [round(s * 1000) for s, _ in SPANS_S]
    shown = parse((fakes.out / "pt/captions.srt").read_text("utf-8"))
    assert " ".join(line for cue in shown for line in cue.lines) == " ".join(SPOKEN)
    assert fakes.counts()[1] == 0
    entry = outcome.manifest.languages["pt"]
    assert entry.engines["translator"].provider == "person"
    assert entry.notes == ["talk.srt: what is no speech is left out: [aplauso]."]


def test_lines_are_said_where_the_recording_has_fewer_or_none(fakes: FakeDubbing) -> None:
    """One over two of the recording's, none for the third, and one where nobody speaks."""
    cues = "00:00:00,500 --> 00:00:05,000\nTudo isto.\n\n00:00:08,700 --> 00:00:08,990\nFim.\n"
    script = read_script(cues.encode(), "talk.vtt")
    outcome = fakes.dub(replace(fakes.request("pt"), translations={"pt": script}))
    lines = written(fakes, "pt/translation.json")
    assert [line["target"] for line in lines] == ["Tudo isto.", "Fim."]
    entry = outcome.manifest.languages["pt"]
    bare = [
        (place.start_ms, place.end_ms) for place in entry.review if "uncovered" in place.reasons
    ]
    assert bare == [(6_000, 7_875)]  # its last word is near the line that follows


def test_one_language_is_given_and_another_translated(fakes: FakeDubbing) -> None:
    fakes.dub(replace(fakes.request("pt", "es"), translations={"pt": subtitles(TEXTS)}))
    assert written(fakes, "pt/translation.json")[0]["target"] == SPOKEN[0]
    assert written(fakes, "es/translation.json")[0]["target"] != SPOKEN[0]
    assert fakes.counts()[1] == 1


def test_the_same_texts_again_are_there_already_and_others_are_not(fakes: FakeDubbing) -> None:
    given = replace(fakes.request("pt"), translations={"pt": subtitles(TEXTS)})
    fakes.dub(given)
    assert fakes.dub(given).reused == ("pt",)
    other = replace(given, translations={"pt": subtitles((*TEXTS[:2], "Boa noite."))})
    spoken = fakes.counts()[2]
    assert fakes.dub(other).reused == ()
    assert fakes.counts()[2] == spoken + 1


def test_a_translation_a_dub_wrote_is_edited_and_said(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    file = fakes.out / "pt/translation.json"
    text = json.loads(file.read_bytes())
    text["utterances"][1]["target"] = "Uma frase de outra pessoa."
    script = read_script(json.dumps(text).encode(), file.name)
    before = written(fakes, "pt/translation.json")
    fakes.dub(replace(fakes.request("pt"), translations={"pt": script}))
    after = written(fakes, "pt/translation.json")
    assert after[1]["target"] == "Uma frase de outra pessoa."
    assert [after[0], after[2]] == [before[0], before[2]]


def test_what_is_said_is_what_the_script_says(fakes: FakeDubbing) -> None:
    texts = ("Word00 word01 amiable word03.", "Word10, word11 word12 word13!", "Word20 x word22 y.")
    fakes.dub(replace(fakes.request("pt"), script=subtitles(texts)))
    lines = written(fakes, "transcript.json")
    assert [line["text"] for line in lines] == list(texts)
    assert [line["start_ms"] for line in lines] == [round(s * 1000) for s, _ in SPANS_S]
    assert [line["source"] for line in written(fakes, "pt/translation.json")] == list(texts)


def test_a_script_of_something_else_is_refused_before_anything_is_translated(
    fakes: FakeDubbing,
) -> None:
    with pytest.raises(ScriptOfAnother):
        fakes.dub(replace(fakes.request("pt"), script=subtitles(TEXTS)))
    heard = tuple(" ".join(word.text for word in words()[at : at + 4]) for at in (0, 4, 8))
    with pytest.raises(ScriptOutOfStep, match=r"20\.0 s too late"):
        fakes.dub(replace(fakes.request("pt"), script=subtitles(heard, late_s=20)))
    assert fakes.counts()[1:] == (0, 0)


def test_a_translation_into_what_is_not_dubbed_is_refused(fakes: FakeDubbing) -> None:
    with pytest.raises(TranslationNotAsked, match=r"talk\.srt"):
        fakes.dub(replace(fakes.request("pt"), translations={"es": subtitles(TEXTS)}))


def draft(fakes: FakeDubbing, *targets: str) -> tuple[str, ...]:
    with workspace(fakes.out) as scratch:
        request = replace(fakes.request(), target_languages=targets)
        drafts = DraftTexts(fakes.use_case())
        drafts.validate(request)
        return drafts(request, scratch, fakes.progress.append, lambda: None)


def test_a_draft_is_corrected_and_dubbed(fakes: FakeDubbing) -> None:
    texts = ("draft/transcript.json", "draft/transcript.srt", "draft/transcript.vtt")
    assert draft(fakes, "pt") == (*texts, "draft/pt/translation.json")
    assert fakes.counts() == (1, 1, 0)
    lines = written(fakes, "draft/pt/translation.json")
    file = fakes.out / "draft/pt/translation.json"
    text = file.read_text("utf-8").replace(lines[1]["target"], "Uma frase corrigida.")
    file.write_text(text, "utf-8")
    given = read_script(file.read_bytes(), file.name)
    fakes.dub(replace(fakes.request("pt"), translations={"pt": given}))
    assert [line["target"] for line in written(fakes, "pt/translation.json")] == [
        lines[0]["target"],
        "Uma frase corrigida.",
        lines[2]["target"],
    ]
    assert fakes.counts() == (1, 1, 3)


def test_a_draft_that_was_edited_is_not_written_over(fakes: FakeDubbing) -> None:
    draft(fakes)
    assert draft(fakes)
    file = fakes.out / "draft/transcript.json"
    file.write_text(file.read_text("utf-8").replace("word00", "Word00"), "utf-8")
    with pytest.raises(DraftEdited, match=r"draft/transcript\.json"):
        draft(fakes, "pt")
    assert "Word00" in file.read_text("utf-8")
    assert not (fakes.out / "draft/pt").exists()


def test_captions_of_the_original_say_what_was_said_when(fakes: FakeDubbing) -> None:
    draft(fakes)
    shown = parse((fakes.out / "draft/transcript.srt").read_text("utf-8"))
    assert [cue.start_ms for cue in shown] == [round(s * 1000) for s, _ in SPANS_S]
    said = " ".join(word.text for word in words())
    assert " ".join(line for cue in shown for line in cue.lines) == said
