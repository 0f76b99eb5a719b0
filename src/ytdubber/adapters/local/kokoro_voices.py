"""The voices of Kokoro that we offer: the default of a language first.

In Portuguese the default is the voice that a recognizer understands best: word error rate 0.05 to
0.08 on the example, against 0.10 to 0.14 of the other.

Pitches are medians over a sentence of each, by `audio.pitch`.
"""

from ytdubber.domain.voice import Gender, Voice

VOICES: tuple[Voice, ...] = (
    Voice("af_heart", "en", Gender.FEMALE, "Heart (American)", 194.0),
    Voice("am_michael", "en", Gender.MALE, "Michael (American)", 112.0),
    Voice("bf_emma", "en", Gender.FEMALE, "Emma (British)", 178.0),
    Voice("bm_george", "en", Gender.MALE, "George (British)", 140.0),
    Voice("ef_dora", "es", Gender.FEMALE, "Dora", 167.0),
    Voice("em_alex", "es", Gender.MALE, "Alex", 123.0),
    Voice("ff_siwis", "fr", Gender.FEMALE, "Siwis", 200.0),
    Voice("hf_alpha", "hi", Gender.FEMALE, "Alpha", 203.0),
    Voice("hm_omega", "hi", Gender.MALE, "Omega", 123.0),
    Voice("if_sara", "it", Gender.FEMALE, "Sara", 212.0),
    Voice("im_nicola", "it", Gender.MALE, "Nicola", 88.0),
    Voice("pm_alex", "pt", Gender.MALE, "Alex (Brazilian)", 126.0),
    Voice("pf_dora", "pt", Gender.FEMALE, "Dora (Brazilian)", 172.0),
)

ACCENTS = {
    "a": "en-us",
    "b": "en",
    "e": "es",
    "f": "fr",
    "h": "hi",
    "i": "it",
    "p": "pt-br",
}
"""What espeak-ng calls the accent that the first letter of a voice stands for."""
