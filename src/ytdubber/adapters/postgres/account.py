"""Who the server runs as."""

import os
from dataclasses import dataclass
from pathlib import Path

from ytdubber.domain.errors import DatabaseNotStarted

_UNNAMED = range(65_520, 65_534)
"""Numbers for which systemd (systemd.io/UIDS-AND-GIDS) has no use and Debian (policy, 9.2.2) gives
out none, below `nobody` so that containers that map 65,536 numbers have them."""


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user of this machine."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """The account to run the server as when we are root, which PostgreSQL refuses to be.

    The owner of the data, where an ordinary user made it, else a number that no user has, so that
    no process but the server's runs under it. None for an ordinary user, who runs the server as
    himself.

    Raises:
        DatabaseNotStarted: every such number has a name.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid not in (0, nobody().uid):
        return Account(owner.st_uid, owner.st_gid)
    for number in _UNNAMED:
        if not _named(number):
            return Account(number, number)
    raise DatabaseNotStarted(reason=f"every user number of {_UNNAMED} has a name.")


def nobody() -> Account:
    """Whom every machine knows, and whom other programs run as, too."""
    import pwd  # Windows has none, and there this line is never reached.

    found = pwd.getpwnam("nobody")
    return Account(found.pw_uid, found.pw_gid)


def _named(number: int) -> bool:
    """Whether a user or a group has the number."""
    import grp
    import pwd

    for look_up in (pwd.getpwuid, grp.getgrgid):
        try:
            look_up(number)
        except KeyError:
            continue
        return True
    return False


def hand_over(folder: Path, former: int, account: Account) -> None:
    """Give the account what others own at and below a folder, the folder itself last.

    What is interrupted goes on when it is called again: until the end the folder is root's. Each
    folder is taken from its owner before its entries are looked at, who therefore cannot put
    another user's file, or a link to it, in an entry's place.

    Args:
        folder: The folder.
        former: Whose they were; what others own is left alone, and links are not followed.
        account: Whose they are then.
    """
    os.chown(folder, 0, 0, follow_symlinks=False)
    for _, folders, files, opened in os.fwalk(folder):
        if os.fstat(opened).st_uid == former:
            os.fchown(opened, account.uid, account.gid)
        for name in (*folders, *files):
            if os.stat(name, dir_fd=opened, follow_symlinks=False).st_uid == former:
                os.chown(name, account.uid, account.gid, dir_fd=opened, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)
