"""Translation and shortening by a language model."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import ValidationError

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.call_limits import within
from ytdubber.app.vendors.faults import unreadable, with_request_id
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.spacing import one_line
from ytdubber.domain.usage import Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.translator import Line, TranslatedLine, Translation

from .answers import AnsweredLines, ChatAnswer, ResponsesAnswer, Said
from .client import REASONS, OpenAIClient, errors
from .prompts import CANDIDATES, SCHEMA, as_text, instructions, shortening, translation

DEFAULT_MODEL = "gpt-6-luna"
NO_SUCH_ROUTE = (404, 405)

Api = Literal["responses", "chat", "auto"]
"""Which interface a server is asked by. `auto`: Responses, until it turns out not to have it."""


class OpenAITranslator:
    """A language model behind OpenAI's interface, as a `Translator` and a `Shortener`.

    One call of ours is one request, with all its lines: `Batched` makes batches of a sensible size.
    Nothing is stored at the provider beyond its own abuse logs.

    Args:
        client: Of whose account, and where.
        model: Which model.
        api: By which interface.
        tier: The service tier: `flex` waits its turn, at half the price.
    """

    def __init__(
        self,
        client: OpenAIClient,
        model: str = DEFAULT_MODEL,
        api: Api = "auto",
        tier: Literal["default", "flex"] = "default",
    ) -> None:
        self._client = client
        self._model = model
        self._by_chat = api == "chat"
        self._may_change = api == "auto" and not client.is_openai
        self._tier = tier

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._model

    def engine(self, source: str, target: str) -> EngineId:
        """The model, and the version of what we tell it."""
        return EngineId(self._client.provider, self._model, code_version(__name__))

    def translates(self, source: str, target: str) -> bool:
        """Any two languages we know."""
        return source != target and source in NAMES and target in NAMES

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        """Every line with candidates of three lengths, in one request."""
        spoken = [line for line in lines if line.text.strip()]
        document = translation(spoken, source, target, glossary) if spoken else None
        made, receipt = self._ask("translate", document, source, target, call)
        nothing = TranslatedLine("", "")
        return Translation(
            tuple(
                TranslatedLine(line.id, found.text, found.alternatives)
                for line in lines
                for found in [made.get(line.id, nothing)]
            ),
            receipt,
        )

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        """Shorter candidates for each, in one request."""
        document = shortening(overruns, source, target, glossary) if overruns else None
        made, receipt = self._ask("shorten", document, source, target, call)
        return Translation(tuple(made[each.id] for each in overruns), receipt)

    def model_shutdown_date(self) -> date | None:
        """When the provider will take the model away, where it has said so.

        Raises:
            VendorError: it could not be asked; `unsupported` when it has no such model.
        """
        try:
            with within(self._client.limits):
                models = list(self._client.sdk().models.list())
        except errors() as error:
            raise self._client.fault(error) from None
        for model in models:
            if model.id == self._model:
                return date.fromisoformat(model.shutdown_date[:10]) if model.shutdown_date else None
        fault, detail = REASONS["model_not_found"]
        raise VendorError(self._client.provider, fault, detail)

    def warm_up(self) -> None:
        """Make the client; the connection comes with the first call."""
        self._client.sdk()

    def close(self) -> None:
        """Close the account's connections."""
        self._client.close()

    def _ask(
        self,
        task: str,
        document: dict[str, Any] | None,
        source: str,
        target: str,
        call: CallContext,
    ) -> tuple[dict[str, TranslatedLine], Receipt]:
        """The answered lines by id, and what they cost; nothing is asked without a document."""
        provider = self._client.provider
        if not self.translates(source, target):
            raise VendorError(
                provider, ErrorKind.UNSUPPORTED, f"it does not know {source}-{target}"
            )
        call.raise_if_cancelled()
        engine = self.engine(source, target)
        if document is None:
            return {}, Receipt(engine, task, (), 0)
        started = time.perf_counter()
        with within(self._client.limits):
            said, request_id = self._send(task, document, source, target)
        call.raise_if_cancelled()
        receipt = Receipt(
            engine,
            task,
            said.used,
            elapsed_ms=round((time.perf_counter() - started) * 1000),
            request_id=request_id,
            reported=bool(said.used),
        )
        made = self._lines(said, [line["id"] for line in document["lines"]], receipt)
        call.progress(1.0)
        return made, receipt

    def _send(
        self, task: str, document: dict[str, Any], source: str, target: str
    ) -> tuple[Said, str | None]:
        told, text = instructions(task, source, target), as_text(document)
        key = f"ytdubber-{task}-{source}-{target}"
        most = _most_tokens(document)
        if not self._by_chat:
            try:
                return self._read(self._by_responses(told, text, key, most), ResponsesAnswer)
            except errors() as error:
                if not (self._may_change and _has_no_such_route(error)):
                    raise self._client.fault(error) from None
                self._by_chat = True
        try:
            return self._read(self._by_completions(told, text), ChatAnswer)
        except errors() as error:
            raise self._client.fault(error) from None

    def _by_responses(self, told: str, text: str, key: str, most: int) -> Any:
        form = {"type": "json_schema", "name": "lines", "strict": True, "schema": SCHEMA}
        options: dict[str, Any] = {"text": {"format": form}}
        if not self._model.startswith(("gpt-3", "gpt-4")):  # these do not reason, and say so
            options["reasoning"] = {"effort": "none"}
        if self._tier != "default":
            options["service_tier"] = self._tier
        return self._client.sdk().responses.with_raw_response.create(
            model=self._model,
            instructions=told,
            input=text,
            store=False,
            prompt_cache_key=key,
            max_output_tokens=most,
            **options,
        )

    def _by_completions(self, told: str, text: str) -> Any:
        """No more than every server of this kind understands."""
        form: Any = {"name": "lines", "strict": True, "schema": SCHEMA}
        return self._client.sdk().chat.completions.with_raw_response.create(
            model=self._model,
            messages=[{"role": "system", "content": told}, {"role": "user", "content": text}],
            response_format={"type": "json_schema", "json_schema": form},
        )

    def _read(
        self, raw: Any, form: type[ResponsesAnswer] | type[ChatAnswer]
    ) -> tuple[Said, str | None]:
        request_id = raw.headers.get("x-request-id")
        try:
            return form.model_validate_json(raw.http_response.content).said(), request_id
        except ValidationError:
            detail = "the answer cannot be read"
            raise unreadable(self._client.provider, detail, request_id=request_id) from None

    def _lines(self, said: Said, ids: Sequence[str], receipt: Receipt) -> dict[str, TranslatedLine]:
        """The answered lines by id; every id once, none without text.

        Raises:
            VendorError: `refused`, or `bad_output` for an answer that is cut short or has other
                lines than were asked for.
        """
        provider, request_id = self._client.provider, receipt.request_id

        def fault(kind: ErrorKind, detail: str) -> VendorError:
            sentence = with_request_id(detail, request_id)
            return VendorError(provider, kind, sentence, receipt=receipt)

        if said.failure is not None:
            raise fault(*REASONS.get(said.failure, REASONS["server_error"]))
        if said.refused:
            raise fault(ErrorKind.REFUSED, "it refuses to work on this text")
        if said.cut_short:
            raise fault(ErrorKind.BAD_OUTPUT, "the answer ends in the middle")
        try:
            answered = AnsweredLines.model_validate_json(said.text).lines
        except ValidationError:
            raise fault(ErrorKind.BAD_OUTPUT, "the answer is not the JSON asked for") from None
        made = {line.id: _line(line.id, line.candidates) for line in answered}
        if sorted(line.id for line in answered) != sorted(ids):
            raise fault(ErrorKind.BAD_OUTPUT, "the answer has other lines than were asked for")
        if not all(line.text for line in made.values()):
            raise fault(ErrorKind.BAD_OUTPUT, "the answer has empty lines")
        return made


def _line(line_id: str, candidates: Sequence[str]) -> TranslatedLine:
    """The candidates, each once, on one line, empty ones left out."""
    texts = list(dict.fromkeys(one_line(text) for text in candidates if text.strip()))
    first, *others = texts or [""]
    return TranslatedLine(line_id, first, tuple(others[: CANDIDATES - 1]))


def _most_tokens(document: dict[str, Any]) -> int:
    """Enough for three candidates of every line in any script: a bound on a model gone astray."""
    lines = document["lines"]
    return 512 + 64 * len(lines) + 6 * sum(len(line["text"]) for line in lines)


def _has_no_such_route(error: Exception) -> bool:
    """Whether the server, not the model, is what was not found."""
    missing = getattr(error, "status_code", None) in NO_SUCH_ROUTE
    return missing and getattr(error, "code", None) != "model_not_found"
