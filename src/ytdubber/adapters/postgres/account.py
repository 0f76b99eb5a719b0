"""Who the server runs as."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user of this machine."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """The account to run the server as when we are root, which PostgreSQL refuses to be.

    The owner of the data, where an ordinary user made it, else `nobody`. None for an ordinary
    user, who runs the server as himself.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    import pwd  # Windows has none, and there this line is never reached.

    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)
