"""Arabic. espeak-ng reads its whole numbers well."""

from ..reading import Reading


def _clock(hour: int, minute: int) -> str:
    return f"{hour} و{minute} دقيقة" if minute else f"{hour}"


READING = Reading(
    abbreviations={r"د\.(?= )": "دكتور", r"أ\.(?= )": "أستاذ", r"إلخ": "إلى آخره"},
    money={"$": "دولار", "US$": "دولار أمريكي", "€": "يورو", "£": "جنيه", "¥": "ين", "¢": "سنت"},
    hundredths={"$": "سنت", "€": "سنت"},
    joint="و",
    through="إلى",
    number="رقم",
    clock=_clock,
    slash="شرطة مائلة",
    dot="نقطة",
    hyphen="شرطة",
    underscore="شرطة سفلية",
)
