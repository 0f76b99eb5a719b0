"""What Firefox's models make of whole sentences, as the lines of a recording hold them."""

from collections.abc import Callable

import pytest

from ytdubber.ports.call_context import CallContext
from ytdubber.ports.translator import Line, Translator

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("local-models")]

Translate = Callable[..., list[str]]


@pytest.fixture
def translate(engines: Callable[[str], Translator], call: CallContext) -> Translate:
    def texts(source: str, target: str, *said: str, pause_ms: int = 0) -> list[str]:
        lines = [
            Line(str(n), text, pause_before_ms=pause_ms if n else 0) for n, text in enumerate(said)
        ]
        made = engines("firefox").translate(lines, source, target, [], call)
        return [line.text for line in made.lines]

    return texts


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("Mr. Johnson's house is big.", "A casa do Sr. Johnson é grande."),
        ("Mrs. Brown's dog is here.", "O cão da Sra. Brown está aqui."),
        ("WELCOME BACK TO MY CHANNEL.", "Bem-vindo de volta ao meu canal."),
        ("Hello", "Olá"),
        ("Thank you.", "Obrigado."),
        ("Thank you", "Obrigado"),
        ("Thank you for watching.", "Obrigado por assistir."),
        ("Of course.", "É claro que."),
    ],
)
def test_a_sentence_is_asked_for_whole(translate: Translate, said: str, made: str) -> None:
    assert translate("en", "pt", said) == [made]


def test_words_stay_on_their_side_of_a_pause(translate: Translate) -> None:
    said = ["eu quero uma coxinha de frango", "a questão foi retomada no congresso"]
    assert translate("pt", "en", *said, pause_ms=900) == [
        "I want a chicken coxinha",
        "the issue was resumed at the congress",
    ]


@pytest.mark.parametrize(
    ("first", "said", "made"),
    [
        ("Quando cheguei em casa,", "eu estava muito cansado.", "I was very tired."),
        ("Se tudo der certo,", "o Brasil vai ganhar a copa.", "Brazil will win the cup."),
        ("Ontem de manhã,", "a Maria disse que não vinha.", "Mary said she didn't come."),
    ],
)
def test_names_and_i_keep_their_capital(
    translate: Translate, first: str, said: str, made: str
) -> None:
    assert translate("pt", "en", first, said)[1] == made


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Send it to info@company.org.", ["info@company.org"]),
        ("We use C#, not C++.", ["C#", "C++"]),
        ("Follow @my_name and #goodtimes now 😀!", ["@my_name", "#goodtimes", "😀"]),
        ("He said 你好 to me.", ["你好"]),
    ],
)
def test_signs_come_through(translate: Translate, text: str, kept: list[str]) -> None:
    made = translate("en", "pt", text)[0]
    assert all(each in made for each in kept)


def test_no_name_is_lost_in_a_long_sentence(translate: Translate) -> None:
    names = "Anna Bruno Carla David Elena Frank Gina Hugo Irene Jonas Karen Lucas Maria".split()
    names += "Nadia Oscar Paula Rosa Simon Teresa Ulrich Vera Walter Yara".split()
    text = ", ".join(f"{name} bought {30 + n} apples" for n, name in enumerate(names)) + "."
    made = translate("en", "pt", text)[0]
    assert [name for name in names if name not in made] == []
    assert [n for n in range(30, 53) if str(n) not in made] == []
