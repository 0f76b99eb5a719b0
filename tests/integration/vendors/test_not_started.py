"""The process that calls vendors is started while the database is away."""

import logging
import sys
from pathlib import Path

import pytest
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.doing import Do
from tests.integration.vendors.test_calling import CALL, SPEAK
from tests.log_lines import written

from ytdubber.bootstrap.service_vendor_process import MODULE
from ytdubber.bootstrap.vendor_process import vendor_process
from ytdubber.domain.errors import DatabaseAway
from ytdubber.engines.remote.client import VendorProcess

NOBODY = "postgresql://postgres@127.0.0.1:1/ytdubber"


def test_work_waits_for_the_database(serve: Serve) -> None:
    """It is no fault of the work's, and none that somebody has to look at."""
    serve({"DATABASE_URL": NOBODY})
    process = vendor_process(MODULE, drops=True, level=logging.WARNING)
    with written(logging.WARNING) as said:
        for _ in range(2):
            with pytest.raises(DatabaseAway) as raised:
                process.ask(SPEAK, Do(0.0), CALL)
            assert raised.value.facts["retry_after_s"] == DatabaseAway.again_s
    process.close()
    assert said.events == []


def test_what_ends_of_itself_is_told(tmp_path: Path) -> None:
    process = VendorProcess([sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(RuntimeError, match="died twice"):
        process.ask(SPEAK, Do(0.0), CALL)
    process.close()
