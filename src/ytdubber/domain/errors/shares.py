"""Links that let somebody without an account hear a dub."""

from .base import BadInput, NotFound


class ShareNotFound(NotFound):
    code = "share_not_found"
    template = "There is no such link, or it was taken back."


class ShareOver(BadInput):
    code = "share_over"
    template = (
        "This link plays nothing any more: its time is over, or it was taken back. Ask whoever "
        "sent it for a new one."
    )


class TooManyShares(BadInput):
    code = "too_many_shares"
    template = "This dub has {limit} links, which is as many as there may be. Take one back first."
    limit: int
