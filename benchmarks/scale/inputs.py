"""What the model is fed with, each figure with its source."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked for.

    Attributes:
        minutes_a_day: Dubbed minutes: a recording's length times its languages.
        peak: The busiest hour's share of the day, as a multiple of the mean hour's. Twice is what
            day and night of one continent make (a sine between nothing and its highest).
        median_min: Half of the recordings are shorter. Six minutes, with half of all minutes in
            recordings over 17: assumed, as of videos that creators publish.
        sigma: Of the logarithm of the length.
        shortest_min, longest_min: Lengths are cut to these.
        mean_languages: Languages of a job, geometrically distributed; at most `most_languages`.
    """

    minutes_a_day: float
    peak: float = 2.0
    median_min: float = 6.0
    sigma: float = 1.0
    shortest_min: float = 0.5
    longest_min: float = 120.0
    mean_languages: float = 3.0
    most_languages: int = 12


@dataclass(frozen=True, slots=True)
class Times:
    """How long things take, in seconds. Processor time is of one core; see `benchmarks.scale.real`
    for how it is measured.

    Attributes:
        ingest_cpu_s, ingest_cpu_per_min_s: To fetch, decode and encrypt the stems of a job.
        finish_cpu_s, finish_cpu_per_min_s: To take in a language's lines, mix, encode and publish.
        listen_s, listen_per_min_s: Until a recording is heard.
        batch_s: Until a batch of lines is translated.
        line_s: Until a line is spoken.
        lines_per_min: 2,015 lines in the 178 minutes of benchmarks/recordings.md.
        spoken_again: The share of lines that are spoken a second time, shortened.
        batch_lines: Lines in a batch of the translator's.
        batches_at_once, lines_at_once: Of one language.
    """

    ingest_cpu_s: float = 0.45
    ingest_cpu_per_min_s: float = 0.25
    finish_cpu_s: float = 0.35
    finish_cpu_per_min_s: float = 0.9
    listen_s: float = 4.0
    listen_per_min_s: float = 0.6
    batch_s: float = 4.0
    line_s: float = 1.5
    lines_per_min: float = 11.3
    spoken_again: float = 0.05
    batch_lines: int = 40
    batches_at_once: int = 8
    lines_at_once: int = 8


@dataclass(frozen=True, slots=True)
class Fleet:
    """What there is to do the work with.

    Attributes:
        workers: Worker processes.
        threads: Of each: how many languages it has in hand.
        cores: For each.
        listen, translate, speak: How many calls the vendors' accounts take at once.
    """

    workers: int
    threads: int = 8
    cores: float = 2.0
    listen: int = 50
    translate: int = 16
    speak: int = 15


@dataclass(frozen=True, slots=True)
class Prices:
    """Per dubbed minute of a job with so many languages, by the price book that comes with us.

    Attributes:
        heard_per_min: Deepgram nova-3, one language: the newer of its two prices.
        spoken_per_1000: Characters, Deepgram Aura-2.
        read_per_million, written_per_million: Tokens, OpenAI gpt-6-luna.
        characters_per_min: Of a translation: 15 a second over the 80 % of a recording that is
            speech.
        read_tokens_per_line, written_tokens_per_line: With its share of the instructions.
    """

    heard_per_min: Decimal = Decimal("0.0077")
    spoken_per_1000: Decimal = Decimal("0.030")
    read_per_million: Decimal = Decimal("0.10")
    written_per_million: Decimal = Decimal("0.50")
    characters_per_min: Decimal = Decimal(720)
    read_tokens_per_line: Decimal = Decimal(60)
    written_tokens_per_line: Decimal = Decimal(40)

    def per_minute_usd(self, languages: float, times: Times) -> Decimal:
        """What vendors charge for one dubbed minute."""
        lines = Decimal(str(times.lines_per_min))
        again = 1 + Decimal(str(times.spoken_again))
        heard = self.heard_per_min / Decimal(str(languages))
        spoken = self.spoken_per_1000 * self.characters_per_min / 1000 * again
        read = self.read_per_million * self.read_tokens_per_line * lines / 1_000_000
        written = self.written_per_million * self.written_tokens_per_line * lines / 1_000_000
        return heard + spoken + read + written


CONNECTIONS_A_WORKER = 8
"""The budget of a worker of eight threads."""
CONNECTIONS_AN_API = 24
"""Of an API process; one serves about 500 watchers and 300 requests a second."""
WATCHERS_AN_API = 500
STORED_GB_A_MINUTE = 0.028
"""FLAC, MP3 and captions of voice and mix of one dubbed minute (`examples`: 12.9 MB in 27.7 s)."""
KEPT_HOURS = 48
