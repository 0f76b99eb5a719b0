"""What a client does with those who are let in on a user's dubs: listeners and programs."""

from ytdubber.client import share_links, webhooks
from ytdubber.client.calls import Caller, sync_or_async
from ytdubber.client.effects import Flow
from ytdubber.client.share_links import ShareLink
from ytdubber.client.webhooks import Webhook, WebhookTest


class NoticeCalls(Caller):
    """Links that play a dub, and endpoints that are told of jobs."""

    @sync_or_async
    def share(self, job_id: str, language: str, *, hours: int = 24) -> Flow[ShareLink]:
        """Let whoever has the link's address hear this language, and nothing else of the job,
        without an account. It is asked for once: where no answer comes, `share_links` tells whether
        there is one more.

        Args:
            job_id: The job.
            language: Its language.
            hours: How long it plays, 1 to 48, and no longer than the files are there.

        Raises:
            ServiceError: it is not complete, there are too many links, or the service does not
                answer.
        """
        return share_links.shared(job_id, language, hours, self.retries)

    @sync_or_async
    def share_links(self, job_id: str) -> Flow[tuple[ShareLink, ...]]:
        """A job's links that play, the oldest first, without their addresses.

        Raises:
            ServiceError: there is no such job, or the service does not answer.
        """
        return share_links.share_links(job_id, self.retries)

    @sync_or_async
    def unshare(self, job_id: str, link_id: str) -> Flow[None]:
        """Take a link back. What is being played by it ends within five minutes.

        Raises:
            NotFound: there is no such link.
            ServiceError: the service does not answer.
        """
        return share_links.unshared(job_id, link_id, self.retries)

    @sync_or_async
    def webhooks(self) -> Flow[tuple[Webhook, ...]]:
        """The user's endpoints, the oldest first, without their secrets.

        Raises:
            ServiceError: the service does not answer.
        """
        return webhooks.webhooks(self.retries)

    @sync_or_async
    def add_webhook(self, url: str) -> Flow[Webhook]:
        """Have an address told when a job of the user's ends, or a language of one is complete. It
        is asked for once: where no answer comes, `webhooks` tells whether there is one more.

        Raises:
            ServiceError: the address is refused, there are too many, or the service does not
                answer.
        """
        return webhooks.added(url, self.retries)

    @sync_or_async
    def remove_webhook(self, webhook_id: str) -> Flow[None]:
        """Send nothing there any more, what waits neither.

        Raises:
            NotFound: there is no such endpoint.
            ServiceError: the service does not answer.
        """
        return webhooks.removed(webhook_id, self.retries)

    @sync_or_async
    def test_webhook(self, webhook_id: str) -> Flow[WebhookTest]:
        """Post a message of no meaning (`webhook.test`) to an endpoint now. One that was switched
        off and takes it is on again.

        Raises:
            NotFound: there is no such endpoint.
            ServiceError: the service does not answer.
        """
        return webhooks.tried_out(webhook_id, self.retries)
