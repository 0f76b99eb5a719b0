"""The API behind a pooler in transaction mode: a job from its upload to its last live event."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.api.listening import listening
from tests.integration.api.person import Person, person
from tests.integration.api.rig import api, as_login
from tests.pooler import pooler

from ytdubber.bootstrap.backend import API_LOGIN, Urls


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[Person]:
    """A user of a service whose database is behind a pooler."""
    with ExitStack() as stack:

        def by_way_of(urls: Urls) -> Urls:
            url = stack.enter_context(pooler(urls.owner))
            return Urls(url, as_login(url, API_LOGIN))

        rig = stack.enter_context(api(tmp_path, by_way_of=by_way_of))
        yield stack.enter_context(person(rig))


def test_a_whole_job_with_its_live_events(eve: Person) -> None:
    job_id = eve.queued("pt", background=False)
    with listening(eve, job_id, last_event_id=0) as listener:
        listener.until("job", stage="queued")
        eve.rig.hands.dub(job_id)
        events = listener.finish()
    assert [event.kind for event in events if event.kind != "job"][-2:] == ["finished", "end"]
    assert events[-2].data["status"] == "complete"
    assert eve.anonymous.get("/ready").json()["feed"] == "poll"
