"""Languages of Southeast Asia."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="id",
        name="Indonesian",
        locale="id-ID",
        abbreviations=words("dr drs prof ir hj h jl no tn ny sdr a.n d.a"),
        final_abbreviations=words("dll dsb dst jr tbk"),
        openers=words(
            "saya aku kamu anda dia ia kami kita mereka ini itu di sini sana sekarang lalu "
            "kemudian siapa apa bagaimana mana mengapa ya tidak"
        ),
        negations=words("tidak tak bukan belum jangan tanpa tiada nggak enggak tidaklah bukanlah"),
        caption_dash="- ",
    ),
    Language(
        code="km",
        name="Khmer",
        locale="km-KH",
        spaces=False,
        caption_line_chars=35,
        caption_dash="- ",
        spoken_chars_per_second=11.0,
    ),
    Language(
        code="lo",
        name="Lao",
        locale="lo-LA",
        spaces=False,
        caption_line_chars=35,
        caption_dash="- ",
        spoken_chars_per_second=11.0,
    ),
    Language(
        code="ms",
        name="Malay",
        locale="ms-MY",
        abbreviations=words("dr prof en pn cik tn hj jln no sdn"),
        final_abbreviations=words("dll dsb bhd"),
        openers=words(
            "saya aku awak anda dia kami kita mereka ini itu sini sana sekarang kemudian siapa "
            "apa bagaimana mana mengapa ya tidak"
        ),
        negations=words("tidak tak bukan belum jangan tanpa tiada"),
        caption_dash="- ",
    ),
    Language(
        code="my",
        name="Burmese",
        locale="my-MM",
        spaces=False,
        caption_line_chars=35,
        caption_dash="- ",
        spoken_chars_per_second=11.0,
    ),
    Language(
        code="th",
        name="Thai",
        locale="th-TH",
        negation_pattern=r"(?<!หรือ)ไม่|อย่า(?!ง)|ไร้|ปราศจาก|ห้าม|มิได้|มิใช่",
        numerals=numerals("ศูนย์ หนึ่ง สอง* สาม* สี่* ห้า* หก* เจ็ด แปด เก้า* สิบ*"),
        spaces=False,
        caption_line_chars=35,
        spoken_chars_per_second=11.0,
        phrase_model="th",
        caption_dash="- ",
        links=words("และ หรือ แต่ เพราะ ว่า ที่ ถ้า เมื่อ ใน จาก กับ ของ เพื่อ โดย ซึ่ง จน"),
        leads=words("ไม่ จะ กำลัง ยัง เคย ต้อง อาจ คุณ นาย นาง"),
        trails=words("ครับ ค่ะ คะ นะ แล้ว มาก ๆ"),
    ),
    Language(
        code="tl",
        name="Tagalog",
        locale="tl-PH",
        abbreviations=words("g gng bb dr prof sta sto atty"),
        final_abbreviations=words("atbp jr"),
        openers=words(
            "ako ikaw siya tayo kami kayo sila ito iyan iyon dito doon ngayon sino ano paano saan "
            "bakit oo hindi"
        ),
        negations=words("hindi wala walang huwag ni"),
    ),
    Language(
        code="vi",
        name="Vietnamese",
        locale="vi-VN",
        abbreviations=words("ths ts gs pgs bs ks tp q p đ stt tr vd v.v tel"),
        final_abbreviations=words("v.v vv"),
        openers=words(
            "tôi anh chị em ông bà cô nó chúng họ đây đó này bây rồi sau ai gì sao thế đâu vâng "
            "không có mọi"
        ),
        negation_pattern=r"\b(?:không|chẳng|chả|đừng|chưa|chớ)\b(?!\s*\?)",
        numerals=numerals("- một hai ba bốn năm* sáu bảy/bẩy tám chín mười"),
        caption_dash="- ",
        links=words(
            "và hoặc nhưng vì nếu khi mà của ở trong trên với cho từ đến bởi để tại như thì rằng"
        ),
        leads=words("một những các cái con không đã đang sẽ bị được rất chưa ông bà anh chị"),
    ),
)
