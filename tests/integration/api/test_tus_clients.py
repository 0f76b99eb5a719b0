"""Uploads by the TUS project's own client for Python, over a connection that is cut."""

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.cut_proxy import cut_proxy
from tests.integration.api.api_user import ApiUser
from tests.waiting import until
from tusclient.client import TusClient

MIB = 2**20


def test_the_projects_client_goes_on_after_a_cut(ann: ApiUser, tmp_path: Path) -> None:
    content = random.Random(2).randbytes(20 * MIB)  # noqa: S311  # content, no secret
    file = tmp_path / "talk.wav"
    file.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    facts = {"size": len(content), "type": "audio/wav", "sha256": sha256}
    job = ann.announce("pt", background=False, voice_track=facts)
    offer = job["resumable"]["voice_track"]
    with (
        cut_proxy(ann.harness.url) as way,
        ThreadPoolExecutor(1) as pool,
        file.open("rb") as stream,
    ):
        client = TusClient(offer["url"].replace(ann.harness.url, way.url), headers=offer["headers"])
        uploader = client.uploader(
            file_stream=stream,
            chunk_size=offer["chunk_bytes"],
            metadata=offer["metadata"],
            retries=600,
            retry_delay=1,
        )
        uploader.set_url(uploader.create_url().replace(ann.harness.url, way.url))
        way.cut_after(9 * MIB)
        sent = pool.submit(uploader.upload)
        until(lambda: way.is_down)
        assert ann.harness.backend.media.stat(job["voice_track_path"]) is None
        way.mend()
        sent.result()
        assert way.sent_bytes < 27 * MIB
    stored = ann.harness.backend.media.stat(job["voice_track_path"])
    assert stored
    assert stored.sha256 == sha256
