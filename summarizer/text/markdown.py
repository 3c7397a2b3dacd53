"""Remove the Markdown from an abstract, told from mathematics and from TeX's quotation marks. Pure; linear time."""

import re

from summarizer.text.typesetting import labelled

#: What may stand before and behind the marks of emphasis.
_BEFORE = r"(?<![^\s(\[{\"'“‘—–/:*_-])"
_AFTER = r"(?![\w$])"
_BOLD = re.compile(
    # **Name**, **F**irst **L**etters, inter**nal**: not 2**3 and x**2 + y**2.
    rf"(?:{_BEFORE}|(?<=[A-Za-z]{{2}})(?=\*\*[A-Za-z]{{1,20}}\*\*[A-Za-z])|(?<=[A-Za-z])(?=\*\*[A-Z]{{1,20}}\*\*[a-z]))"
    r"(?<!\*)(\*{2,3})(?=[^\s*])([^*$\\\n]{1,400}?)(?<=[^\s*])\1(?!\*)"
    rf"|{_BEFORE}(?<!_)(__)(?=[A-Z]|[^\s_]+ )([^_$\\\n]{{1,400}}?)(?<=[^\s_])__(?!\w)"
)
_EMPHASIS = re.compile(
    rf"{_BEFORE}(?<!\*)\*(?=[\w\"'“‘(`])([^*$\\\n]{{1,400}}?)(?<=[\w.,:;!?)\"'”’%`])\*{_AFTER}(?!\*)"
    rf"|{_BEFORE}(?<!_)_(?=[A-Za-z\"“])([^_$\\\n{{}}^]{{1,400}}?)(?<=[\w.,:;!?)\"'”’%])_(?![\w$^{{])"
)
#: Marks at one end of a piece whose other end is in another sentence.
_LONE = re.compile(r"(?<![\w*])\*\*(?=\w{2})|(?<=[\w.!?:)%])\*\*(?![\w*])")
_CODE = re.compile(r"(?<![`\w])(`{1,3})(?=[^`\s])((?:[^`'\n]|(?<=\w)'(?=\w)){1,200}?)(?<=[^`\s])\1(?![`'\w])")
_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\((https?://[^\s()]{1,400}(?:\([^\s()]{0,80}\)[^\s()]{0,80})?)\)")


def strip_markdown(text: str) -> str:
    """Return `text` without the marks of bold, emphasis and code; a link reads as "text (address)"."""
    if "](" in text:
        text = _LINK.sub(lambda link: labelled(link[1], link[2]), text)
    if "**" in text or "__" in text:
        text = _BOLD.sub(lambda bold: bold[2] or bold[4], text)
        text = _LONE.sub("", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(lambda emphasis: emphasis[1] or emphasis[2], text)
    return _CODE.sub(_quoted, text) if "`" in text else text


def _quoted(code: re.Match[str]) -> str:
    """Return code as it is; two backticks on both sides are a quotation in TeX that was closed by the wrong mark."""
    return f"“{code[2]}”" if len(code[1]) == 2 else code[2]
