"""What happens to a job is told, a line each, under its ids."""

import httpx
import pytest
from tests.integration.api.api_user import ApiUser
from tests.log_lines import Lines, written

STAGES = ["translate", "speak", "fit", "mix", "export"]


def _about(lines: Lines, *beginnings: str) -> list[dict[str, object]]:
    return [line for line in lines.all if str(line["event"]).split(".")[0] in beginnings]


def test_a_job_is_told_from_its_announcement_to_its_end(ann: ApiUser) -> None:
    with written() as lines:
        job_id = str(ann.dubbed("pt"))
    told = [line for line in _about(lines, "job", "task") if line.get("job_id") == job_id]
    assert [line["event"] for line in told] == [
        "job.announced",
        "job.submitted",
        "job.prepared",
        "task.completed",
        "job.finished",
    ]
    assert {line["user_id"] for line in told} == {str(ann.id)}
    assert {line["level"] for line in told} == {"info"}
    announced, submitted, prepared, completed, finished = told
    assert len({announced["request_id"], submitted["request_id"]}) == 2
    assert finished["request_id"] == submitted["request_id"]
    query = "select request_id from ytdubber.dubbing_jobs where id = :id"
    assert ann.harness.rows(query, id=job_id) == [(submitted["request_id"],)]
    assert (submitted["languages"], submitted["voice_ms"]) == (["pt"], 4000)
    assert prepared["total_ms"] == 4000
    assert completed["language"] == "pt"
    assert (finished["stage"], finished["languages"]) == ("complete", {"pt": "complete"})


def test_each_stage_is_told_when_it_begins_and_ends(ann: ApiUser) -> None:
    with written() as lines:
        ann.dubbed("pt")
    stages = _about(lines, "stage")
    names = ["ingest", "transcribe", "diarize", *STAGES]
    assert [(line["event"], line["stage"]) for line in stages] == [
        (event, name) for name in names for event in ("stage.started", "stage.completed")
    ]
    ended = [line for line in stages if line["event"] == "stage.completed"]
    assert all(isinstance(line["elapsed_ms"], int) for line in ended)
    in_a_language = [line for line in stages if line["stage"] in STAGES]
    assert {line["language"] for line in in_a_language} == {"pt"}


def test_why_a_job_is_refused_or_ended_is_told(ann: ApiUser) -> None:
    with written() as lines:
        silent = ann.uploaded("pt", background=False, voice_file=b"SECRET, and no sound" * 100)
        assert ann.submit(silent).status_code == 400
        stopped = ann.queued("pt")
        assert ann.http.post(f"/api/jobs/{stopped}/cancel").is_success
        assert ann.http.delete(f"/api/jobs/{stopped}").status_code == 204
    (refused,) = lines.of("job.refused")
    assert (refused["job_id"], refused["error"]) == (silent["job_id"], "not_audio")
    for event in ("job.cancel_requested", "job.deleted"):
        (line,) = lines.of(event)
        assert (line["job_id"], line["user_id"]) == (str(stopped), str(ann.id))
    assert "SECRET" not in lines.text


def test_a_line_of_ours_never_takes_a_name_that_every_line_has(ann: ApiUser) -> None:
    with written() as lines:
        ann.dubbed("pt")
        httpx.get(ann.harness.url)
    usual = {"timestamp", "level", "event", "logger"}
    for line in lines.all:
        assert usual <= set(line)
        assert list(line)[:4] == ["timestamp", "level", "event", "logger"]


@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_nothing_is_told_of_jobs_of_others(ann: ApiUser, bob: ApiUser, way: str) -> None:
    job_id = ann.queued("pt")
    with written() as lines:
        if way == "cancel":
            assert bob.http.post(f"/api/jobs/{job_id}/cancel").status_code == 404
        else:
            assert bob.http.delete(f"/api/jobs/{job_id}").status_code == 404
    assert not _about(lines, "job")
