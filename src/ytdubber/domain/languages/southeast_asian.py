"""Languages of Southeast Asia."""

from .language import Language

LANGUAGES = (
    Language(
        code="id",
        name="Indonesian",
        locale="id-ID",
    ),
    Language(
        code="ms",
        name="Malay",
        locale="ms-MY",
    ),
    Language(
        code="th",
        name="Thai",
        locale="th-TH",
        spaces=False,
        caption_line_chars=16,
        caption_chars_per_second=9,
        caption_most_chars_per_second=11,
        spoken_chars_per_second=5.0,
    ),
    Language(
        code="tl",
        name="Tagalog",
        locale="tl-PH",
    ),
    Language(
        code="vi",
        name="Vietnamese",
        locale="vi-VN",
    ),
)
