"""Chinese, Japanese and Korean."""

from .language import Language

LANGUAGES = (
    Language(
        code="ja",
        name="Japanese",
        locale="ja-JP",
        spaces=False,
        caption_line_chars=16,
        caption_chars_per_second=9,
        caption_most_chars_per_second=11,
        spoken_chars_per_second=5.0,
    ),
    Language(
        code="ko",
        name="Korean",
        locale="ko-KR",
    ),
    Language(
        code="zh",
        name="Chinese",
        locale="zh-CN",
        spaces=False,
        caption_line_chars=16,
        caption_chars_per_second=9,
        caption_most_chars_per_second=11,
        spoken_chars_per_second=5.0,
    ),
)
