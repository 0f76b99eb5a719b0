"""What is wrong with a value that somebody wrote, in words for a person."""

from collections.abc import Mapping

_SENTENCES: Mapping[str, str] = {
    "bool_parsing": "it must be true or false",
    "bool_type": "it must be true or false",
    "int_parsing": "it must be a whole number",
    "int_parsing_size": "it must be a smaller number",
    "int_from_float": "it must be a whole number",
    "int_type": "it must be a whole number",
    "float_parsing": "it must be a number",
    "float_type": "it must be a number",
    "finite_number": "it must be a number",
    "decimal_parsing": "it must be a number, like 2.50",
    "decimal_type": "it must be a number, like 2.50",
    "string_type": "it must be text",
    "string_unicode": "it must be text",
    "string_pattern_mismatch": "it holds something that may not be there",
    "list_type": "it must be a list",
    "dict_type": "it must be an object with fields",
    "model_attributes_type": "it must be an object with fields",
    "model_type": "it must be an object with fields",
    "uuid_parsing": "it must be an id, like 6f0c4b3e-8f55-4a5e-9a41-5c6d0f3a9b11",
    "uuid_type": "it must be an id, like 6f0c4b3e-8f55-4a5e-9a41-5c6d0f3a9b11",
    "datetime_parsing": "it must be a time, like 2026-11-28T12:00:00Z",
    "datetime_from_date_parsing": "it must be a time, like 2026-11-28T12:00:00Z",
    "date_parsing": "it must be a date, like 2026-11-28",
    "date_from_datetime_parsing": "it must be a date, like 2026-11-28",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be {le} or less",
    "string_too_short": "it must have {min_length} characters or more",
    "string_too_long": "it must have {max_length} characters or fewer",
    "too_short": "it must have {min_length} or more",
    "too_long": "it must have {max_length} or fewer",
    "enum": "it must be {expected}",
    "literal_error": "it must be {expected}",
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "json_invalid": "it is not valid JSON",
}
"""By the kinds of errors that Pydantic knows."""


def reason(kind: str, facts: Mapping[str, object], said: str) -> str:
    """What is wrong, as a clause without a full stop.

    Args:
        kind: The kind of the error.
        facts: What it is about: bounds, choices.
        said: What is told where no kind fits: our own checks' words.
    """
    known = _SENTENCES.get(kind)
    if known is not None:
        return known.format_map(_Shown(facts))
    if kind in ("value_error", "assertion_error"):
        return said.removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")
    return "it is not of the form that is wanted"


class _Shown(dict[str, str]):
    def __init__(self, facts: Mapping[str, object]) -> None:
        super().__init__(
            (name, f"{fact:,}" if isinstance(fact, int) else str(fact))
            for name, fact in facts.items()
        )

    def __missing__(self, name: str) -> str:
        return "something else"
