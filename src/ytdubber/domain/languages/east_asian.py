"""Chinese, Japanese and Korean."""

from .language import Language, numerals, words

LANGUAGES = (
    Language(
        code="ja",
        name="Japanese",
        locale="ja-JP",
        negation_pattern=(
            r"ませ[んぬ]|(?<![少危切汚])な(?:い|かった|くて|く(?=、|。|な)|ければ|きゃ)"
            r"|(?<=[わかがさたなばまらいえけせてべめれ])(?<!^ま)(?<![、。]ま)ず(?=に|、|。|$)|無い|無し|なし(?=で|に|、|。|$)"
            r"|いいえ|じゃねえ|不可能|無理|(?<=[わかがさたなばまら])ぬ(?=、|。|$)"
        ),
        numerals=numerals("零 一* 二* 三* 四* 五* 六* 七* 八* 九* 十*"),
        spaces=False,
        caption_line_chars=13,
        caption_chars_per_second=4,
        caption_most_chars_per_second=7,
        spoken_chars_per_second=5.0,
        phrase_model="ja",
        caption_half_width=True,
    ),
    Language(
        code="ko",
        name="Korean",
        locale="ko-KR",
        negation_pattern=(
            r"않|못(?!지)|없|아니(?!라면)|아닌|아닙|(?<!\S)안 "
            r"|(?<!\S)안(?:돼|되|해|가|와|먹)|지 ?(?:마|말)|모르|모른|모릅|몰라|불가능"
        ),
        numerals=numerals("영 하나/한* 둘/두* 셋/세* 넷/네* 다섯 여섯 일곱 여덟 아홉 열*"),
        caption_line_chars=16,
        caption_half_width=True,
        caption_dash="- ",
        caption_chars_per_second=12,
        caption_most_chars_per_second=14,
        spoken_chars_per_second=6.5,
        links=words("그리고 그러나 하지만 그래서 또는 및 그런데 왜냐하면 만약"),
        leads=words("이 그 저 한 두 세 안 못 더 가장"),
        trails=words("수 것 때 중 등 뿐 있다 없다 있습니다 없습니다 합니다 했습니다 않습니다"),
    ),
    Language(
        code="zh",
        name="Chinese",
        locale="zh-CN",
        negation_pattern=(
            r"(?:^|(?!(\w)不\1|[对對]不起)[\s\S])不(?![过過但仅僅只错錯断斷久])|(?<![特差区區个個分])[别別](?![人的处處墅名])|"
            r"[没沒](?![收落])|[无無](?![论論])|未(?![来來])|非(?![常洲])|勿|莫"
        ),
        numerals=numerals("零 一* 二/两* 三* 四* 五* 六* 七* 八* 九* 十*"),
        spaces=False,
        caption_line_chars=16,
        caption_chars_per_second=9,
        caption_most_chars_per_second=11,
        spoken_chars_per_second=4.5,
        phrase_model="zh-hans",
        caption_half_width=True,
    ),
)
