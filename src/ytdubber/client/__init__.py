"""A client of a service that runs YT Dubber, for programs.

    from ytdubber.client import Client

    with Client("https://dub.example.org", token) as client:
        job = client.dub("talk.flac", to="pt", background="music.flac", out="dubs/talk")

It needs httpx and anyio, and nothing of what dubs.
"""

from ytdubber.client.asynchronous import AsyncClient
from ytdubber.client.errors import (
    BadDownload,
    InsufficientCredit,
    JobFailed,
    LinesChanged,
    NotFound,
    NotSignedIn,
    Refused,
    RenderFailed,
    ServiceError,
    TimedOut,
    TooManyRequests,
    Unavailable,
)
from ytdubber.client.line_values import (
    Line,
    LineChange,
    LineEdit,
    Lines,
    Preview,
    Revision,
    RevisionFile,
)
from ytdubber.client.share_links import ShareLink
from ytdubber.client.synchronous import Client
from ytdubber.client.uploads import JobOptions, YouTubeTexts
from ytdubber.client.values import (
    Account,
    File,
    Job,
    JobLanguage,
    LineQuote,
    PriceRange,
    Quote,
    SpokenLanguage,
    Transfer,
    Uncovered,
    Voice,
)
from ytdubber.client.webhooks import Webhook, WebhookAttempt, WebhookTest

__all__ = [
    "Account",
    "AsyncClient",
    "BadDownload",
    "Client",
    "File",
    "InsufficientCredit",
    "Job",
    "JobFailed",
    "JobLanguage",
    "JobOptions",
    "Line",
    "LineChange",
    "LineEdit",
    "LineQuote",
    "Lines",
    "LinesChanged",
    "NotFound",
    "NotSignedIn",
    "Preview",
    "PriceRange",
    "Quote",
    "Refused",
    "RenderFailed",
    "Revision",
    "RevisionFile",
    "ServiceError",
    "ShareLink",
    "SpokenLanguage",
    "TimedOut",
    "TooManyRequests",
    "Transfer",
    "Unavailable",
    "Uncovered",
    "Voice",
    "Webhook",
    "WebhookAttempt",
    "WebhookTest",
    "YouTubeTexts",
]
