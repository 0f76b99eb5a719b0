import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.languages import LANGUAGES
from ytdubber.domain.punctuation import ends_clause, ends_sentence, sentences

SENTENCES = [
    ("en", "Mr. Johnson's house is big.| It is old."),
    ("en", "He met Capt. Jack and Lt. Col. Brown at St. Paul's.| They left at 5 p.m. on Monday."),
    ("en", "He moved to the U.S. in 1990.| The U.S. Senate met.| She left the U.S.| He stayed."),
    ("en", "It opens at 9 a.m.| Then we eat, drink, etc.| The bar closes."),
    ("en", "John D. Rockefeller met J. P. Morgan.| Take vitamin C.| It helps."),
    ("en", "Use a tool, e.g. a saw, i.e. something sharp.| It costs 3.5 dollars."),
    ("en", "See no. 5, vol. 2, p. 10.| Is it yours?| No.| Yes!| Fig. 3 shows it."),
    ("en", "In 2023.| We won 3.| Dr. Smith of Acme Inc. spoke.| Acme Inc.| Moreover, he left."),
    ("en", "“Go!” he said.| “Stop.”| She did (at last.)| Wait... what?| I was… thinking."),
    ("en", "Yahoo! is a site.| Visit www.example.com.| Version 2.0 is out?!| Good."),
    ("en", "hello there.| how are you?| i am fine."),
    ("en", "1. Open the door.| 2. Close it.| iPhone sales rose."),
    ("de", "Herr Dr. Müller kam am 3. Oktober.| Nr. 5 lebt.| Das war 2023.| Wir gewannen."),
    ("de", "„Komm!“| »Komm!«| Er sagte: „Geh!“, und ging.| Es gibt z.B. Äpfel, z. B. rote."),
    ("de", "Ludwig XIV. war König im 17. Jahrhundert.| Äpfel, Birnen usw.| Die sind gut."),
    ("de", "„Komm!“ rief er.| Das ist d. h. so, vgl. Abs. 2, bzw. Art. 3."),
    ("fr", "« Viens ! »| M. Dupont arrive.| Mme. Curie, p. ex., est là.| Il dit : « Oui. »"),
    ("fr", "Voir p. 5, art. 3, etc.| C'est tout.| Quoi ?| Rien."),
    ("es", "El Sr. López llegó.| Hay frutas, p. ej. manzanas.| ¿Vienes?| ¡Sí!| Vive en EE. UU."),
    ("es", "La Sra. Ruiz vio a Ud. ayer.| El art. 5 vale.| Es arte, etc.| Después salió."),
    (
        "pt",
        "O Sr. João mora na Av. Paulista, nº 5.| A Dra. Ana saiu.| Comeu pão, etc.| Ele dormiu.",
    ),
    ("pt", "O prof. Silva (p. ex.) veio.| Nasceu em 1950.| Fim."),
    ("it", "Il sig. Rossi e la sig.ra Bianchi.| Il dott. Verdi è qui.| Frutta, ecc.| Poi esce."),
    (
        "nl",
        "Dhr. Jansen, bijv. hier.| Mevr. de Vries ook.| Zie blz. 5.| Ook brood enz.| Hij ging.",
    ),
    ("pl", "Dr. Nowak i prof. Kot mieszkają przy ul. Długiej.| Np. tutaj.| To m.in. on.| 3. maja."),
    ("ru", "А. С. Пушкин жил на ул. Мойке, д. 12.| Это было в 1837 г. зимой.| Да.| Т. е. так."),
    ("ru", "Яблоки, груши и т. д.| Это всё.| Это я.| Он ушёл.| Г-н Иванов пришёл."),
    ("uk", "Т. Г. Шевченко жив на вул. Садовій.| Проф. Коваль прийшов.| Яблука і т. д.| Це все."),
    ("sv", "Dr. Berg kom, t.ex. igår.| Den är min.| Bröd m.m. på bordet."),
    ("da", "Hr. Jensen kom d. 3. oktober.| Han kom bl.a. hertil.| Nr. 5 er min.| Det er alt."),
    ("no", "Dr. Berg kom 17. mai.| Det er f.eks. her.| Den er min.| Ja."),
    ("cs", "Pan Ing. Novák přišel 3. října.| Viz např. č. 5.| To jsou jablka atd.| To je vše."),
    ("ro", "Dl. Popescu a venit.| Str. Lungă nr. 5.| Mere, pere etc.| Apoi a plecat."),
    ("tr", "Dr. Yılmaz geldi.| Bu 3. Ordu.| Prof. Kaya da geldi.| Elma, armut vb. aldı."),
    ("hu", "Dr. Nagy jött.| Pl. alma.| Október 3. napja.| Alma, körte stb.| Ez minden."),
    ("fi", "Hra. Virtanen tuli esim. eilen.| Se oli 3. lokakuuta.| Omenia jne.| Hän lähti."),
    ("el", "Ο κ. Παπάς ήρθε.| Τι κάνεις;| Καλά, π.χ. σήμερα.| Ναι!"),
    ("zh", "你好！|我在New York。|“走吧。”|他说。|价格是3.5元。|好……|走"),
    ("zh", "你好!|我是李明.|他来了?|对"),
    ("ja", "行きます。|「行く。」と言った。|そう？|はい！|３．５です。"),
    ("ko", "안녕하세요. |저는 김입니다.| 네!"),
    ("hi", "वह आया।| डॉ. शर्मा ने कहा।| क्या?| हाँ॥"),
    ("ar", "كيف حالك؟| أنا بخير.| د. أحمد هنا!"),
    ("ur", "وہ آیا۔| کیا؟| ہاں۔"),
    ("hy", "Բարև։| Ինչպե՞ս ես։| Լավ։"),
    ("am", "ሰላም።| ደህና ነህ፧| አዎ።"),
    ("he", "שלום.| מה שלומך?| טוב!"),
    ("vi", "Vâng ạ.| Ông Nguyễn V. An đến.| TP. Hồ Chí Minh."),
    ("th", "สวัสดีครับ ผมชื่อสมชาย"),
]


@pytest.mark.parametrize(("language", "parted"), SENTENCES)
def test_a_text_is_cut_where_its_sentences_end(language: str, parted: str) -> None:
    expected = [part.strip() for part in parted.split("|")]
    assert sentences(parted.replace("|", ""), language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "„Komm!“", "»Komm!«", "« Viens ! »", "բարև։", "ሰላም።", "ပြီ။", "ហើយ។", "كيف؟", "आया।",
        "आया॥", "آیا۔", "です｡", "です．", "はい！", "what‼", "what⁇", "(done.)", "done...",
        "done…", "done.’”", "行く。」", "τι\u037e", "so...?",
    ],
)  # fmt: skip
def test_these_end_a_sentence(text: str) -> None:
    assert ends_sentence(text)
    assert ends_clause(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("U.S.", "en"), ("Capt.", "en"), ("e.g.", "en"), ("a.m.", "en"), ("J.", "en"),
        ("(Mr.", "en"), ("Nr.", "de"), ("3.", "de"), ("z.B.", "de"), ("z.", "de"),
        ("p.", "es"), ("ej.", "es"), ("p. ej.", "es"), ("Sra.", "pt"), ("17.", "no"),
        ("т.", "ru"), ("ул.", "ru"), ("XIV.", "cs"), ("hello", "en"), ("สวัสดี", "th"),
    ],
)  # fmt: skip
def test_these_end_no_sentence(text: str, language: str) -> None:
    assert not ends_sentence(text, language)


@pytest.mark.parametrize(
    ("text", "following", "language", "ends"),
    [
        ("2023.", "", "de", True),
        ("3.", "", "en", True),
        ("no.", "", "en", True),
        ("no.", "5", "en", False),
        ("etc.", "Then he left", "en", True),
        ("etc.", "John left", "en", False),
        ("home.", "and then", "en", False),
        ("home.", "iPhone", "en", True),
        ("home!”", "he said", "en", False),
        ("3.", "Er kam", "de", True),
        ("3.", "Mai", "de", False),
        ("τι;", "", "el", True),
        ("one;", "", "en", False),
        ("am I.", "", "en", True),
    ],
)
def test_what_follows_decides(text: str, following: str, language: str, ends: bool) -> None:
    assert ends_sentence(text, language, following) is ends


@given(st.text("aZ Éб你กक3 .!?。…;,\"'«»“”()\n", max_size=60), st.sampled_from(sorted(LANGUAGES)))
def test_nothing_is_lost_between_sentences(text: str, language: str) -> None:
    found = sentences(text, language)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(each == each.strip() and each for each in found)
