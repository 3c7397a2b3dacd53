"""Takes the marks of HTML and JATS out of a title, which some sources keep and others drop. Pure functions."""

import re

_MARKS = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|em|strong|su[bp]|inf|italic|bold|sc|scp|u|tt|span|math|m[inors](?:ow)?|msu[bp])"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)


def unmarked(title: str) -> str:
    """Return a title without marks such as `<i>` and `<sup>`; the text between them stays."""
    return _MARKS.sub("", title) if "<" in title else title
