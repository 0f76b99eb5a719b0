"""Dubs of texts that a person gives."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.app.conftest import SPANS_S, Studio, words

from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.app.draft_texts import DraftTexts
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


def written(studio: Studio, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((studio.out / name).read_bytes())["utterances"]
    return found


def test_a_translation_is_said_word_for_word_and_nothing_is_translated(studio: Studio) -> None:
    given = replace(studio.request("pt"), translations={"pt": subtitles(TEXTS)})
    outcome = studio.dub(given)
    lines = written(studio, "pt/translation.json")
    assert [line["target"] for line in lines] == list(SPOKEN)
    assert [line["source"] for line in lines] == [
        " ".join(word.text for word in words()[at : at + 4]) for at in (0, 4, 8)
    ]
    assert [line["dub_start_ms"] for line in lines] == [round(s * 1000) for s, _ in SPANS_S]
    shown = parse((studio.out / "pt/captions.srt").read_text("utf-8"))
    assert " ".join(line for cue in shown for line in cue.lines) == " ".join(SPOKEN)
    assert studio.counts()[1] == 0
    entry = outcome.manifest.languages["pt"]
    assert entry.engines["translator"].provider == "person"
    assert entry.notes == ["talk.srt: what is no speech is left out: [aplauso]."]


def test_lines_are_said_where_the_recording_has_fewer_or_none(studio: Studio) -> None:
    """One over two of the recording's, none for the third, and one where nobody speaks."""
    cues = "00:00:00,500 --> 00:00:05,000\nTudo isto.\n\n00:00:08,700 --> 00:00:08,990\nFim.\n"
    script = read_script(cues.encode(), "talk.vtt")
    outcome = studio.dub(replace(studio.request("pt"), translations={"pt": script}))
    lines = written(studio, "pt/translation.json")
    assert [line["target"] for line in lines] == ["Tudo isto.", "Fim."]
    entry = outcome.manifest.languages["pt"]
    bare = [
        (place.start_ms, place.end_ms) for place in entry.review if "uncovered" in place.reasons
    ]
    assert bare == [(6_000, 7_875)]  # its last word is near the line that follows


def test_one_language_is_given_and_another_translated(studio: Studio) -> None:
    studio.dub(replace(studio.request("pt", "es"), translations={"pt": subtitles(TEXTS)}))
    assert written(studio, "pt/translation.json")[0]["target"] == SPOKEN[0]
    assert written(studio, "es/translation.json")[0]["target"] != SPOKEN[0]
    assert studio.counts()[1] == 1


def test_the_same_texts_again_are_there_already_and_others_are_not(studio: Studio) -> None:
    given = replace(studio.request("pt"), translations={"pt": subtitles(TEXTS)})
    studio.dub(given)
    assert studio.dub(given).reused == ("pt",)
    other = replace(given, translations={"pt": subtitles((*TEXTS[:2], "Boa noite."))})
    spoken = studio.counts()[2]
    assert studio.dub(other).reused == ()
    assert studio.counts()[2] == spoken + 1


def test_a_translation_a_dub_wrote_is_edited_and_said(studio: Studio) -> None:
    studio.dub(studio.request("pt"))
    file = studio.out / "pt/translation.json"
    text = json.loads(file.read_bytes())
    text["utterances"][1]["target"] = "Uma frase de outra pessoa."
    script = read_script(json.dumps(text).encode(), file.name)
    before = written(studio, "pt/translation.json")
    studio.dub(replace(studio.request("pt"), translations={"pt": script}))
    after = written(studio, "pt/translation.json")
    assert after[1]["target"] == "Uma frase de outra pessoa."
    assert [after[0], after[2]] == [before[0], before[2]]


def test_what_is_said_is_what_the_script_says(studio: Studio) -> None:
    texts = ("Word00 word01 amiable word03.", "Word10, word11 word12 word13!", "Word20 x word22 y.")
    studio.dub(replace(studio.request("pt"), script=subtitles(texts)))
    lines = written(studio, "transcript.json")
    assert [line["text"] for line in lines] == list(texts)
    assert [line["start_ms"] for line in lines] == [round(s * 1000) for s, _ in SPANS_S]
    assert [line["source"] for line in written(studio, "pt/translation.json")] == list(texts)


def test_a_script_of_something_else_is_refused_before_anything_is_translated(
    studio: Studio,
) -> None:
    with pytest.raises(ScriptOfAnother):
        studio.dub(replace(studio.request("pt"), script=subtitles(TEXTS)))
    heard = tuple(" ".join(word.text for word in words()[at : at + 4]) for at in (0, 4, 8))
    with pytest.raises(ScriptOutOfStep, match=r"20\.0 s too late"):
        studio.dub(replace(studio.request("pt"), script=subtitles(heard, late_s=20)))
    assert studio.counts()[1:] == (0, 0)


def test_a_translation_into_what_is_not_dubbed_is_refused(studio: Studio) -> None:
    with pytest.raises(TranslationNotAsked, match=r"talk\.srt"):
        studio.dub(replace(studio.request("pt"), translations={"es": subtitles(TEXTS)}))


def draft(studio: Studio, *targets: str) -> tuple[str, ...]:
    with workspace(studio.out) as scratch:
        request = replace(studio.request(), target_languages=targets)
        drafts = DraftTexts(studio.use_case())
        drafts.validate(request)
        return drafts(request, scratch, studio.progress.append, lambda: None)


def test_a_draft_is_corrected_and_dubbed(studio: Studio) -> None:
    texts = ("draft/transcript.json", "draft/transcript.srt", "draft/transcript.vtt")
    assert draft(studio, "pt") == (*texts, "draft/pt/translation.json")
    assert studio.counts() == (1, 1, 0)
    lines = written(studio, "draft/pt/translation.json")
    file = studio.out / "draft/pt/translation.json"
    text = file.read_text("utf-8").replace(lines[1]["target"], "Uma frase corrigida.")
    file.write_text(text, "utf-8")
    given = read_script(file.read_bytes(), file.name)
    studio.dub(replace(studio.request("pt"), translations={"pt": given}))
    assert [line["target"] for line in written(studio, "pt/translation.json")] == [
        lines[0]["target"],
        "Uma frase corrigida.",
        lines[2]["target"],
    ]
    assert studio.counts() == (1, 1, 3)


def test_a_draft_that_was_edited_is_not_written_over(studio: Studio) -> None:
    draft(studio)
    assert draft(studio)
    file = studio.out / "draft/transcript.json"
    file.write_text(file.read_text("utf-8").replace("word00", "Word00"), "utf-8")
    with pytest.raises(DraftEdited, match=r"draft/transcript\.json"):
        draft(studio, "pt")
    assert "Word00" in file.read_text("utf-8")
    assert not (studio.out / "draft/pt").exists()


def test_captions_of_the_original_say_what_was_said_when(studio: Studio) -> None:
    draft(studio)
    shown = parse((studio.out / "draft/transcript.srt").read_text("utf-8"))
    assert [cue.start_ms for cue in shown] == [round(s * 1000) for s, _ in SPANS_S]
    said = " ".join(word.text for word in words())
    assert " ".join(line for cue in shown for line in cue.lines) == said
