"""The voices of Kokoro that we offer: the default of a language first.

In Portuguese the default is the voice that a recognizer understands best: word error rate 0.05 to
0.08 on the example, against 0.10 to 0.14 of the other.
"""

from ytdubber.domain.voice import Gender, Voice

VOICES: tuple[Voice, ...] = (
    Voice("af_heart", "en", Gender.FEMALE, "Heart (American)"),
    Voice("am_michael", "en", Gender.MALE, "Michael (American)"),
    Voice("bf_emma", "en", Gender.FEMALE, "Emma (British)"),
    Voice("bm_george", "en", Gender.MALE, "George (British)"),
    Voice("ef_dora", "es", Gender.FEMALE, "Dora"),
    Voice("em_alex", "es", Gender.MALE, "Alex"),
    Voice("ff_siwis", "fr", Gender.FEMALE, "Siwis"),
    Voice("hf_alpha", "hi", Gender.FEMALE, "Alpha"),
    Voice("hm_omega", "hi", Gender.MALE, "Omega"),
    Voice("if_sara", "it", Gender.FEMALE, "Sara"),
    Voice("im_nicola", "it", Gender.MALE, "Nicola"),
    Voice("pm_alex", "pt", Gender.MALE, "Alex (Brazilian)"),
    Voice("pf_dora", "pt", Gender.FEMALE, "Dora (Brazilian)"),
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
