"""The same lines in another language."""

from ytdubber.domain.errors import Fault, VendorError
from ytdubber.domain.transcript import Transcript
from ytdubber.domain.usage import Receipt
from ytdubber.ports.call import Call
from ytdubber.ports.translator import Line, Translator


def translate(
    transcript: Transcript, target: str, translator: Translator, call: Call
) -> tuple[dict[str, str], Receipt]:
    """The target text of every utterance, by its id.

    Raises:
        VendorError: the engine could not do it; `bad_output` when lines are missing or empty.
    """
    lines = [Line(u.id, u.text, speaker=u.speaker) for u in transcript.utterances]
    made = translator.translate(lines, transcript.language, target, (), call)
    texts = {line.id: line.text for line in made.lines}
    lost = [line.id for line in lines if not texts.get(line.id, "").strip()]
    if lost or len(texts) != len(lines):
        detail = f"the translation does not have the lines asked for ({', '.join(lost[:5])})"
        provider = translator.engine(transcript.language, target).provider
        raise VendorError(provider, Fault.BAD_OUTPUT, detail, receipt=made.receipt)
    return texts, made.receipt
