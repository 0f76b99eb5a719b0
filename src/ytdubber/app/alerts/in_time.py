"""A receiver that keeps nobody waiting."""

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

from ytdubber.domain.alerts import Message
from ytdubber.domain.errors import AlertNotSent
from ytdubber.log import carried
from ytdubber.ports.alerts import AlertReceiver

SEND_S = 15.0
"""How long one message may take in all, names looked up and slow bytes among it."""


@dataclass(slots=True)
class InTime:
    """An `AlertReceiver` whose messages are sent in a thread of their own, one at a time, and given
    up after a while.

    Attributes:
        name: What it is called in errors.
        receiver: Who is told.
        send_s: How long a message may take.
    """

    name: str
    receiver: AlertReceiver
    send_s: float = SEND_S
    _under_way: "Future[None] | None" = field(default=None, repr=False)

    def send(self, message: Message) -> None:
        """As the receiver."""
        if self._under_way is not None and not self._under_way.done():
            raise AlertNotSent(receiver=self.name, reason="the last message is still under way")
        sent: Future[None] = Future()
        self._under_way = sent

        def run() -> None:
            try:
                self.receiver.send(message)
            except BaseException as error:  # whoever waits raises it in its own thread
                sent.set_exception(error)
            else:
                sent.set_result(None)

        threading.Thread(target=carried(run), name=f"alert-{self.name}", daemon=True).start()
        try:
            sent.result(self.send_s)
        except TimeoutError:
            reason = f"it took longer than {self.send_s:g} seconds"
            raise AlertNotSent(receiver=self.name, reason=reason) from None
