from ytdubber.adapters.local.whisper_words import Piece, TranscribedWindow, words_of
from ytdubber.domain.transcript import Word


def piece(text: str, start_ms: int, end_ms: int, probability: float = 0.9) -> Piece:
    return Piece(text, start_ms, end_ms, probability)


def transcribed(*windows: list[Piece], language: str = "en") -> tuple[Word, ...]:
    return words_of([TranscribedWindow(language, pieces) for pieces in windows], language, 1_000)


def test_words_in_another_language_name_theirs() -> None:
    windows = [
        TranscribedWindow("en", [piece(" Good", 0, 100)]),
        TranscribedWindow("zh", [piece("你", 200, 300)] * 2),
    ]
    words = words_of(windows, "en", 1_000)
    assert [(word.text, word.language) for word in words] == [
        ("Good", None),
        ("你", "zh"),
        ("你", "zh"),
    ]


def test_pieces_without_a_space_belong_to_the_word_before() -> None:
    words = transcribed(
        [piece(" ill", 0, 200, 0.9), piece("-disposed.", 200, 600, 0.5), piece(" He", 700, 800)]
    )
    assert [word.text for word in words] == ["ill-disposed.", "He"]
    assert (words[0].start_ms, words[0].end_ms, words[0].confidence) == (0, 600, 0.5)


def test_a_new_window_begins_a_new_word() -> None:
    words = transcribed([piece(" end", 0, 200)], [piece("Begin", 300, 500)])
    assert [word.text for word in words] == ["end", "Begin"]


def test_languages_without_spaces_keep_their_pieces() -> None:
    words = transcribed([piece("你", 0, 200), piece("好。", 200, 400)], language="zh")
    assert [word.text for word in words] == ["你", "好。"]


def test_a_word_of_another_script_is_one_word_among_them() -> None:
    texts = ["在", "Micro", "soft", " Office", "工", "作", "3", "0", "年"]
    words = transcribed(
        [piece(text, 10 * n, 10 * n + 9) for n, text in enumerate(texts)], language="zh"
    )
    assert [word.text for word in words] == ["在", "Microsoft", "Office", "工", "作", "30", "年"]


def test_words_never_overlap_nor_leave_the_recording() -> None:
    words = transcribed(
        [piece(" a", 0, 500), piece(" b", 300, 300), piece(" ", 1, 2), piece(" c", 900, 1_200)]
    )
    assert [(word.start_ms, word.end_ms) for word in words] == [(0, 500), (500, 520), (900, 1_000)]


def test_words_crowded_at_the_end_are_pushed_back() -> None:
    words = transcribed(
        [piece(" a", 990, 1_000), piece(" b", 1_000, 1_000), piece(" c", 1_000, 1_000)]
    )
    assert [(word.start_ms, word.end_ms) for word in words] == [
        (940, 960),
        (960, 980),
        (980, 1_000),
    ]
