r"""Remove the TeX documents that Springer's abstracts carry for each formula, where their tags are gone. Pure.

What is left of `<alternatives>` without its tags is the formula twice: as text, and as a document from `\documentclass`
to `\end{document}`.
"""

import re
import unicodedata

from summarizer.text.latex import render

_CLASS, _BEGIN, _END = "\\documentclass", "\\begin{document}", "\\end{document}"


def drop_preambles(text: str) -> str:
    """Return `text` with each document in it as its formula, or without it if the text before says the same."""
    first, *others = text.split(_CLASS)
    shown = first
    for part in others:
        _, begun, behind = part.partition(_BEGIN)
        body, ended, rest = behind.partition(_END)
        if not (begun and ended):
            shown += _CLASS + part
        else:
            shown += rest if _repeats(shown[-4 * len(body) - 40 :], body) else f" {body} {rest}"
    return shown


def _repeats(before: str, body: str) -> bool:
    said = _signs(render(body))
    return bool(said) and _signs(before).endswith(said)


def _signs(text: str) -> str:
    """Return letters and digits only, in their plain forms: x² is x2."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))
