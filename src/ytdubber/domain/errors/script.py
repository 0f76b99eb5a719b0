"""Scripts that cannot be read, or that are not a recording's."""

from .base import BadInput, Name, NotFound, Reason


class ScriptNotReadable(BadInput):
    code = "script_not_readable"
    template = (
        "{file}: this is no script we can read ({reason}). Give SRT, VTT, TTML, plain text with a "
        "line for each sentence, or a transcript.json or translation.json of ours, in UTF-8."
    )
    file: Name
    reason: Reason


class ScriptEmpty(BadInput):
    code = "script_empty"
    template = "{file}: there is nothing to be said in it. Give the file that holds the text."
    file: Name


class NoDubToEdit(BadInput):
    code = "no_dub_to_edit"
    template = "{folder}: there is no finished dub to edit. Give the folder that a dub was made in."
    folder: Name


class NoRecipe(BadInput):
    code = "no_recipe"
    template = (
        "{folder}: nothing tells how this dub was asked for: it was made by an earlier version, or "
        "its recipe.json is gone. Dub again with its edits as the translation."
    )
    folder: Name


class NothingEdited(BadInput):
    code = "nothing_edited"
    template = "{folder}: no line says anything else than the dub does. Change one first."
    folder: Name


class LineNotThere(NotFound):
    code = "line_not_there"
    template = (
        "{line}: there is no such line in {language}, or nothing is to be said in it. Its lines "
        "are 1 to {lines}."
    )
    line: str
    language: str
    lines: int


class ScriptOfAnother(BadInput):
    code = "script_of_another"
    template = (
        "{file}: only {percent} % of its words are heard in the recording. Give the script of this "
        "recording, in the language that is spoken in it."
    )
    file: Name
    percent: int


class ScriptOutOfStep(BadInput):
    code = "script_out_of_step"
    template = (
        "{file}: its times are {seconds:.1f} s too {how} for the recording. Move them, or give the "
        "text without times."
    )
    file: Name
    seconds: float
    how: str


class ScriptLinesMissing(BadInput):
    code = "script_lines_missing"
    template = (
        "{file}: it has {lines} lines and the recording {utterances}, and each needs its own. "
        "transcript.json has the recording's lines; give one line for each, or a file with times."
    )
    file: Name
    lines: int
    utterances: int


class TranslationNotAsked(BadInput):
    code = "translation_not_asked"
    template = "{file}: it is what to say in '{language}', which is not dubbed into. Name it, too."
    file: Name
    language: str


class DraftEdited(BadInput):
    code = "draft_edited"
    template = (
        "{file}: it is there already and says something else. Give it as the script or the "
        "translation of a dub, or remove it to have it written anew."
    )
    file: Name
