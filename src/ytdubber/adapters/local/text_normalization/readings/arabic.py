"""Arabic. espeak-ng reads its whole numbers well."""

from ..reading import Reading


def _clock(hour: int, minute: int) -> str:
    return f"{hour} و{minute} دقيقة" if minute else f"{hour}"


_PARTS = {2: "نصف", 3: "ثلث", 4: "ربع", 5: "خمس", 8: "ثمن", 10: "عشر"}
_SEVERAL = {3: "أثلاث", 4: "أرباع", 5: "أخماس", 8: "أثمان", 10: "أعشار"}


def _fraction(above: int, below: int) -> str:
    if (above, below) == (2, 3):
        return "ثلثان"
    if below not in _PARTS:
        return f"{above} على {below}"
    return _PARTS[below] if above == 1 else f"{above} {_SEVERAL[below]}"


READING = Reading(
    abbreviations={r"د\.(?= )": "دكتور", r"أ\.(?= )": "أستاذ", r"إلخ": "إلى آخره"},
    money={"$": "دولار", "US$": "دولار أمريكي", "€": "يورو", "£": "جنيه", "¥": "ين", "¢": "سنت"},
    hundredths={"$": "سنت", "€": "سنت"},
    joint="و",
    through="إلى",
    units={"كغ": "one:كيلوغرام two:كيلوغرام few:كيلوغرامات many:كيلوغرامًا other:كيلوغرام"},
    fraction=_fraction,
    and_a_half=lambda number, noun: f"{number} {noun} ونصف".replace("  ", " "),
    number="رقم",
    clock=_clock,
    slash="شرطة مائلة",
    dot="نقطة",
    hyphen="شرطة",
    underscore="شرطة سفلية",
)
