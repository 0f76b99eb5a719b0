"""A user's own profile and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import JobReads, Stats
from ytdubber.ports.service_work import AsUser, Profile


@dataclass(frozen=True, slots=True)
class Account:
    """A user, their numbers and their credit."""

    profile: Profile
    stats: Stats
    credit_cents: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        reads: What a user may look at.
    """

    as_user: AsUser
    reads: JobReads

    def me(self, claims: Claims, changes: Mapping[str, str | None]) -> Account:
        """The account, after the changes; the row appears at the first valid token."""
        with self.as_user(claims) as work:
            work.users.see(claims)
            if changes:
                work.users.update(claims.user_id, changes)
            profile = work.users.get(claims.user_id)
            credit_cents = work.credits.balance_cents(claims.user_id)
            work.commit()
        if profile is None:
            raise KeyError(claims.user_id)
        return Account(profile, self.reads.stats(claims), credit_cents)
