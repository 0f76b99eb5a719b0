"""`ytdubber maintenance` looks by itself, also right after it was started again."""

from pathlib import Path

from tests.e2e.operated import operated
from tests.integration.alerts.receiving import hook
from tests.waiting import until

DEAD = """
insert into ytdubber.dead_letters (id, actor, row_id, job_id, attempts, traceback)
values (gen_random_uuid(), 'dub', gen_random_uuid(), gen_random_uuid(), 1, '')
"""


def test_maintenance_tells_once_over_a_restart(tmp_path: Path) -> None:
    with hook() as chat, operated(tmp_path, YTDUBBER_ALERT_WEBHOOK_URL=chat.url) as service:
        service.rows(DEAD)
        service.start("maintenance", "maintenance")
        until(lambda: ("DeadLetters", "began") in chat.news, service.log)
        service.end("maintenance")
        seen_at = "select payload #>> '{webhook,DeadLetters,seen_at}' from ytdubber.outbox"
        before = service.rows(seen_at)
        service.start("maintenance", "maintenance")
        until(lambda: service.rows(seen_at) != before, service.log)
        service.end("maintenance")
        assert [news for name, news in chat.news if name == "DeadLetters"] == ["began"]
        assert chat.url not in service.log.read_text()
