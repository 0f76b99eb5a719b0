import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.spacing import joined, one_line, pieces


@pytest.mark.parametrize(
    ("texts", "language", "whole"),
    [
        (["Hello", "", "world."], "en", "Hello world."),
        (["我", "去", "了", "。", "他", "来"], "zh", "我去了。他来"),
        (["我", "在", "New", "York", "工作", "，", "2023", "年"], "zh", "我在New York工作，2023年"),
        (["he", "said", "你", "好", "twice"], "en", "he said 你好 twice"),
        (["行き", "ます"], "ja", "行きます"),
        (["iPhone", "15", "を", "買う"], "ja", "iPhone 15を買う"),
        (["ผม", "ใช้", "New", "York", "ทุก", "วัน", "5", "ปี"], "th", "ผมใช้ New York ทุกวัน 5 ปี"),
        (["네", "알겠어요"], "ko", "네 알겠어요"),
        (["OK", "!"], "zh", "OK!"),
    ],
)
def test_words_are_joined_as_their_language_writes_them(
    texts: list[str], language: str, whole: str
) -> None:
    assert joined(texts, language) == whole


def test_phrases_of_thai_have_a_space_between_them() -> None:
    assert joined(["สวัสดีครับ", "ผมชื่อสมชาย"], "th", phrases=True) == "สวัสดีครับ ผมชื่อสมชาย"
    assert joined(["你好。", "我来了"], "zh", phrases=True) == "你好。我来了"


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Hello,  big world", "en", ["Hello,", "  big", " world"]),
        ("我在New York。走", "zh", ["我", "在", "New", " York。", "走"]),
        ("きょうは「行く」と", "ja", ["きょ", "う", "は", "「行", "く」", "と"]),
        ("น้ำใจ", "th", ["น้ำ", "ใจ"]),
        ("", "ja", []),
    ],
)
def test_pieces_are_whole_words_or_letters_with_their_marks(
    text: str, language: str, parts: list[str]
) -> None:
    assert pieces(text, language) == parts


@given(
    st.text("ab é3 你好、。「」きっャーนเ้ำ๑ .,()\n", max_size=40),
    st.sampled_from(["en", "zh", "th"]),
)
def test_pieces_add_up_to_the_text(text: str, language: str) -> None:
    parts = pieces(text, language)
    assert "".join(parts) == text.strip()
    assert all(part.strip() for part in parts)


def test_no_break_spaces_stay_where_a_text_is_put_on_one_line() -> None:
    text = " «\u00a0Oui\u00a0»\u202f?\n\tNon\u202f!  \u3000Bon. "
    assert one_line(text) == "«\u00a0Oui\u00a0»\u202f? Non\u202f! Bon."
