"""What a client does with the lines of a finished dub, and with its versions."""

from collections.abc import Mapping
from typing import Unpack

from ytdubber.client import lines
from ytdubber.client.calls import Caller, sync_or_async
from ytdubber.client.connection import ignored
from ytdubber.client.effects import Flow
from ytdubber.client.line_values import LineChange, Lines, Preview, Revision
from ytdubber.client.lines import LineName
from ytdubber.client.values import LineQuote
from ytdubber.client.watching import OnChange


class LineCalls(Caller):
    """Lines: changed, cut otherwise, heard, made anew.

    A line is named by its id or its number. A `version` is that of `Lines`: what is asked with one
    is done only if nothing was changed since.
    """

    @sync_or_async
    def lines(self, job_id: str, language: str) -> Flow[Lines]:
        """The lines of a language's dub, as they are and as they are to be.

        Raises:
            ServiceError: it is not complete, or the service does not answer.
        """
        return lines.lines(job_id, language, self.retries)

    @sync_or_async
    def change_line(
        self,
        job_id: str,
        language: str,
        line: LineName,
        *,
        version: int | None = None,
        **change: Unpack[LineChange],
    ) -> Flow[Lines]:
        """Have one line be otherwise. Nothing is spoken yet, and nothing costs anything.

        Args:
            job_id: The job.
            language: Its language.
            line: The line.
            version: Of the lines that the change is about.
            **change: How it is to be, as `LineChange` has it; None for what was made.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: no line can be so, or the service does not answer.
        """
        return lines.changed(job_id, language, {line: change}, version, self.retries)

    @sync_or_async
    def change_lines(
        self,
        job_id: str,
        language: str,
        changes: Mapping[LineName, LineChange],
        *,
        version: int | None = None,
    ) -> Flow[Lines]:
        """Have up to 500 lines be otherwise, all of them or none; as `change_line`.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: no line can be so, or the service does not answer.
        """
        return lines.changed(job_id, language, changes, version, self.retries)

    @sync_or_async
    def split_line(
        self, job_id: str, language: str, line: LineName, at: int, *, version: int | None = None
    ) -> Flow[Lines]:
        """Have a line be two: `at` so many letters of its text the second begins.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: it cannot be cut there, or the service does not answer.
        """
        path = lines.split(line)
        return lines.cut(job_id, language, path, {"at": at}, version, self.retries)

    @sync_or_async
    def merge_line(
        self, job_id: str, language: str, line: LineName, *, version: int | None = None
    ) -> Flow[Lines]:
        """Have a line and the next one be one.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: there is no next one, or the service does not answer.
        """
        path = lines.merge(line)
        return lines.cut(job_id, language, path, None, version, self.retries)

    @sync_or_async
    def add_line(
        self,
        job_id: str,
        language: str,
        text: str,
        *,
        start_ms: int,
        end_ms: int,
        version: int | None = None,
    ) -> Flow[Lines]:
        """Have something said where nobody heard a line; times are the original's.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: there is no room for it, or the service does not answer.
        """
        body = {"text": text, "start_ms": start_ms, "end_ms": end_ms}
        return lines.cut(job_id, language, "", body, version, self.retries)

    @sync_or_async
    def remove_line(
        self, job_id: str, language: str, line: LineName, *, version: int | None = None
    ) -> Flow[Lines]:
        """Have a line not said. `change_line` with `removed=None` has it back.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: there is no such line, or the service does not answer.
        """
        return lines.removed(job_id, language, line, version, self.retries)

    @sync_or_async
    def preview_line(
        self, job_id: str, language: str, line: LineName, **change: Unpack[LineChange]
    ) -> Flow[Preview]:
        """Hear a line as it is to be, or would be with a change that is not kept. It takes some
        seconds; when the line is rendered so, it is not spoken again.

        Raises:
            ServiceError: it cannot be spoken, or the service does not answer.
        """
        return lines.previewed(job_id, language, line, change, self.retries)

    @sync_or_async
    def preview_quote(
        self, job_id: str, language: str, line: LineName, **change: Unpack[LineChange]
    ) -> Flow[LineQuote]:
        """What `preview_line` will cost; nothing where the line is as the dub that is shown has it.

        Raises:
            ServiceError: no line can be so, or the service does not answer.
        """
        return lines.preview_quoted(job_id, language, line, change, self.retries)

    @sync_or_async
    def render_quote(self, job_id: str, language: str) -> Flow[LineQuote]:
        """What `render` will cost with the lines as they are to be.

        Raises:
            ServiceError: the dub is not complete, or the service does not answer.
        """
        return lines.render_quoted(job_id, language, self.retries)

    @sync_or_async
    def begin_render(self, job_id: str, language: str, *, version: int | None = None) -> Flow[int]:
        """Queue a dub that is made anew of its lines as they are to be; its revision's number.
        `wait` waits for the job.

        Raises:
            LinesChanged: they were changed since.
            ServiceError: nothing is to be otherwise, or the service does not answer.
        """
        return lines.begun(job_id, language, "render", version, self.retries)

    @sync_or_async
    def render(
        self,
        job_id: str,
        language: str,
        *,
        version: int | None = None,
        on_change: OnChange = ignored,
        timeout_s: float | None = None,
    ) -> Flow[Revision]:
        """Have a dub made anew of its lines as they are to be, and wait for it. Only lines that say
        something else, or in another voice, are spoken.

        Args:
            job_id: The job.
            language: Its language.
            version: Of the lines that are meant.
            on_change: Told the job, whenever it changed.
            timeout_s: How long to wait; as long as it takes where it is None.

        Raises:
            RenderFailed: it could not be made; the dub before is shown as ever.
            LinesChanged: they were changed since.
            TimedOut: it was not made in that time, and goes on.
            ServiceError: nothing is to be otherwise, or the service does not answer.
        """
        path = "render"
        return lines.rendered(job_id, language, path, version, on_change, timeout_s, self.retries)

    @sync_or_async
    def revisions(self, job_id: str, language: str) -> Flow[tuple[Revision, ...]]:
        """Every version of a language's dub, the first one first.

        Raises:
            ServiceError: it is not complete, or the service does not answer.
        """
        return lines.revisions(job_id, language, self.retries)

    @sync_or_async
    def restore(
        self,
        job_id: str,
        language: str,
        number: int,
        *,
        version: int | None = None,
        on_change: OnChange = ignored,
        timeout_s: float | None = None,
    ) -> Flow[Revision]:
        """Show an earlier version again, bit for bit, with the lines as they were in it; as
        `render`.

        Raises:
            RenderFailed: it could not be shown.
            LinesChanged: the lines were changed since.
            TimedOut: it is not shown yet after that time.
            ServiceError: there is no such version, or the service does not answer.
        """
        path = f"revisions/{number}/restore"
        return lines.rendered(job_id, language, path, version, on_change, timeout_s, self.retries)
