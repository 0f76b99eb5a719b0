"""Where the client library is first imported: it looks there and then whether processes count
together, so that the folder must be named before.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .folder import VARIABLE, joined, shared_folder

if TYPE_CHECKING:
    from .exposition import Exposition
    from .recorder import Recorder


def new_recorder() -> "Recorder":
    """One that counts into the folder, where there is one, and else for nobody."""
    if not joined():
        os.environ.pop(VARIABLE, None)  # whoever made it is gone
    from prometheus_client import CollectorRegistry

    from .recorder import Recorder

    return Recorder(CollectorRegistry())


@contextmanager
def metrics_page(
    role: str, host: str, port: int, folders: Mapping[str, Path]
) -> "Iterator[Exposition]":
    """A page of what this process and those that it starts from now on count.

    Raises:
        BadSetting: nothing can listen there.
    """
    with shared_folder() as folder:
        from .exposition import exposed

        with exposed(folder, role, host, port, folders) as page:
            yield page
