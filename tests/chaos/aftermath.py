"""What there is to look at when everything has ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.faults import Storm
from tests.chaos.load import LoadUser, Noted
from tests.chaos.stack import Stack
from tests.chaos.vendors import Outside


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The service, who used it, what it used, and what struck it."""

    stack: Stack
    people: Sequence[LoadUser]
    outside: Outside
    storm: Storm

    @property
    def jobs(self) -> list[Noted]:
        """Everybody's."""
        return [job for load_user in self.people for job in load_user.jobs]
