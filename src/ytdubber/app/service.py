"""What the API calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ytdubber.app.downloads.bundles import Bundles
from ytdubber.app.downloads.downloads import Downloads
from ytdubber.app.downloads.share_dub import ShareDub
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.jobs.quote import QuoteJob
from ytdubber.app.jobs.quote_render import QuoteRender
from ytdubber.app.jobs.rename_job import RenameJob
from ytdubber.app.jobs.submit_job import SubmitJob
from ytdubber.app.lines.edit_lines import EditLines
from ytdubber.app.lines.revise_dub import ReviseDub
from ytdubber.app.money.billing import Billing
from ytdubber.app.money.costs import Costs
from ytdubber.app.operations.replay_dead_letters import ReplayDeadLetters
from ytdubber.app.operations.service_status import LookAtService
from ytdubber.app.uploads.receive_uploads import ReceiveUploads
from ytdubber.app.uploads.request_uploads import RequestUploads
from ytdubber.app.uploads.resume_uploads import ResumeUploads
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.app.users.accounts import Accounts
from ytdubber.app.users.webhooks import ManageWebhooks
from ytdubber.domain.limits import Limits
from ytdubber.domain.voice import Voice, VoiceTier
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Identity, Session
from ytdubber.ports.job_feed import JobFeed
from ytdubber.ports.job_reads import JobReads
from ytdubber.ports.line import Line
from ytdubber.ports.media_store import MediaStore, SignedFiles


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language that can be dubbed into.

    Attributes:
        code: Its code.
        name: Its English name.
        flag: An emoji for it.
        sources: What can be spoken in a recording that is dubbed into it; none where no translation
            is at hand.
        voices: Each voice with the tiers it can be asked for in, those of the standard tier first.
    """

    code: str
    name: str
    flag: str
    sources: Sequence[str]
    voices: Sequence[tuple[Voice, Sequence[VoiceTier]]]


@dataclass(frozen=True, slots=True)
class Service:
    """Use cases and ports of the API.

    Attributes:
        public_url: Where browsers reach the API, without a slash at the end.
        identity: Verifies tokens.
        reads: What users look at.
        line: What waits for workers.
        media: Signs links.
        files: Serves links it signed itself; None where another storage serves them.
        receive: Told of files that arrived here.
        resume: Takes uploads that outlive their connection; None where another storage does.
        clock: Tells the time.
        limits: How much a user may ask.
        request_uploads: A new job.
        submit_job: Queues it.
        end_job: Cancels or deletes it.
        rename_job: Calls it otherwise.
        edit_lines: Changes lines of it when it is finished.
        revise: Makes it anew of its lines, or shows how it was before.
        downloads: Links and history.
        bundles: All files of a job in one.
        shares: Links to hear dubs.
        accounts: Profiles.
        billing: Credit and payments.
        webhooks: Users' endpoints.
        lengths: How long stems last.
        quote: What a job will cost.
        quote_render: What it will cost to make a dub anew.
        costs: What was spent on vendors.
        status: How the service is, for administrators.
        replay: Has dead letters done again, for administrators.
        news: Which jobs change, live.
        languages: What can be dubbed into.
        checks: By name, what must work for the service to be ready; each raises when it does not.
        sign_in: A session for whoever sits at this machine; None where users sign in elsewhere.
    """

    public_url: str
    identity: Identity
    reads: JobReads
    line: Line
    media: MediaStore
    files: SignedFiles | None
    receive: ReceiveUploads
    resume: ResumeUploads | None
    clock: Clock
    limits: Limits
    request_uploads: RequestUploads
    submit_job: SubmitJob
    end_job: EndJob
    rename_job: RenameJob
    edit_lines: EditLines
    revise: ReviseDub
    downloads: Downloads
    bundles: Bundles
    shares: ShareDub
    accounts: Accounts
    billing: Billing
    webhooks: ManageWebhooks
    lengths: StemLengths
    quote: QuoteJob
    quote_render: QuoteRender
    costs: Costs
    status: LookAtService
    replay: ReplayDeadLetters
    news: JobFeed
    languages: Callable[[], Sequence[Spoken]]
    checks: dict[str, Callable[[], None]]
    sign_in: Callable[[], Session] | None
