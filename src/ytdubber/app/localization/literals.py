"""What is the same in every language: addresses, names with signs."""

import re

_LITERAL = re.compile(
    r"""(?<![\w@/.#])(?:
        [\w.+-]+@[\w-]+(?:\.[\w-]+)+            # an e-mail address
      | https?://[^\s<>"]*[\w/]                 # an address with its scheme
      | (?:[\w-]+\.)+[a-z]{2,}(?:/[\w./~-]*\w)? # one without
      | [@#]\w*[^\W\d_]\w*                      # a handle, a tag
      | [A-Z](?:\#|\+\+)                        # C#, C++
      | [A-Z]&[A-Z]                             # R&D, AT&T
    )(?![\w@#])""",
    re.VERBOSE,
)


_POWER = re.compile(r"(?<![^\W\d_])([kcdm]?m)([²³])")


def with_powers(source: str, translated: str) -> str:
    """The translation with `m²` where it lost the sign to `m2`."""
    for unit, power in set(_POWER.findall(source)):
        plain = "23"["²³".index(power)]
        mangled = rf"(\d\s?){unit}{plain}(?!\w)"
        translated = re.sub(mangled, rf"\g<1>{unit}{power}", translated)
    return translated


def with_literals(source: str, translated: str) -> str:
    """The translation with addresses and names with signs spelled as the source spells them.

    What the source also says without the signs (`C` beside `C#`) is left: which is which?
    """
    for literal in dict.fromkeys(_LITERAL.findall(source)):
        if literal in translated:
            continue
        mangled = _without_signs(literal)
        if not mangled.search(source.replace(literal, " ")):
            translated = mangled.sub(literal.replace("\\", r"\\"), translated)
    return translated


def _without_signs(literal: str) -> re.Pattern[str]:
    """The literal with any signs, or none, where it has some."""
    parts = [re.escape(part) for part in re.findall(r"\w+", literal)]
    return re.compile(r"(?<![\w@#])" + r"[^\w\s]{0,3}\s?".join(parts) + r"(?![\w#+&@]|[-.]\w)")
