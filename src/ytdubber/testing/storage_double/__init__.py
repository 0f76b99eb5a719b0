"""A double of Supabase Storage: one server that answers as the real one does, for tests and trials.

    with running(double := StorageDouble()) as project_url:
        ...
    double.script(Operation.INFO, [StorageFault(status=503)])

It checks keys and signatures, refuses with HTTP 400 and the real code in the body, leaves bodies
of refused uploads unread, so that their connections answer nothing more, and does not count bytes
that come in chunks. What it holds is in memory.
"""

from .bucket import Bucket, Object
from .double import BUCKET, JWT_SECRET, SECRET_KEY, StorageDouble
from .faults import Operation, StorageFault
from .serving import running, serve
from .tokens import Tokens

__all__ = [
    "BUCKET",
    "JWT_SECRET",
    "SECRET_KEY",
    "Bucket",
    "Object",
    "Operation",
    "StorageDouble",
    "StorageFault",
    "Tokens",
    "running",
    "serve",
]
