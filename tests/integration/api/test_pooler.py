"""The API behind a pooler in transaction mode: a job from its upload to its last live event."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import api, as_login
from tests.integration.api.listening import listening
from tests.pooler import pooler

from ytdubber.bootstrap.backend import API_LOGIN, Urls


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[ApiUser]:
    """A user of a service whose database is behind a pooler."""
    with ExitStack() as stack:

        def by_way_of(urls: Urls) -> Urls:
            url = stack.enter_context(pooler(urls.owner))
            return Urls(url, as_login(url, API_LOGIN))

        harness = stack.enter_context(api(tmp_path, by_way_of=by_way_of))
        yield stack.enter_context(api_user(harness))


def test_a_whole_job_with_its_live_events(eve: ApiUser) -> None:
    job_id = eve.queued("pt", background=False)
    with listening(eve, job_id, last_event_id=0) as listener:
        listener.until("job", stage="queued")
        eve.harness.hands.dub(job_id)
        events = listener.finish()
    assert [event.kind for event in events if event.kind != "job"][-2:] == ["finished", "end"]
    assert events[-2].data["status"] == "complete"
    assert eve.anonymous.get("/ready").json()["feed"] == "poll"
