"""The modal into which a person pastes an abstract, and how its submission is read. Pure functions."""

from bots.chat.encodings import decode
from bots.chat.shared_links import lookups
from bots.commands import read_given
from bots.discord.actions import AnswerRequest, ReadFile
from bots.discord.command_definitions import STYLES
from bots.discord.fields import Json, file_input, modal, select, text_input
from bots.discord.incoming import file_of
from bots.discord.message_text import papers_in
from bots.discord.payloads import Location, fields_of, location_of
from bots.domain.errors import BadPaste
from bots.domain.requests import Request, Summarize
from summarizer import Style

#: The modal's custom id, which Discord sends back on submission.
SUMMARIZE = "summarize"
_MOST_TITLE = 300
#: Extensions of plain text files; the content is checked too.
_TEXT_FILES = (".txt", ".md", ".tex", ".rst", ".text")


def summarize_modal(style: Style) -> Json:
    """Return the modal."""
    return modal(
        SUMMARIZE,
        "Condense an abstract",
        [
            text_input("text", "Abstract", paragraph=True, hint="Paste it here, or give a file below."),
            text_input("title", "Title", most=_MOST_TITLE, hint="Optional; it improves the blurb."),
            select("style", "Length", {str(value): said for value, said in STYLES.items()}, [style], many=False),
            file_input("file", "Or a text file", hint="Plain text: .txt, .md, .tex"),
        ],
    )


def read_summarize(payload: object) -> AnswerRequest | ReadFile:
    """Return the action that a submitted modal requests.

    Raises:
        RequestError: neither a text nor a file was submitted.
    """
    location, given = location_of(payload), fields_of(payload)
    style = read_given([("style", given.get("style", ""))]).style or Style.ONE_LINE
    text = given.get("text", "").strip()
    if not text and given.get("file"):
        return file_of(payload, location, given["file"].partition(",")[0], style)
    if not text:
        raise BadPaste("There is no text to condense.", hint="Paste the abstract of a paper, or give a text file.")
    return AnswerRequest(location=location, requests=_of_text(location, text, given.get("title", ""), style))


def _of_text(location: Location, text: str, title: str, style: Style) -> tuple[Request, ...]:
    links = papers_in(text)
    # A text of nothing but addresses names papers and is not an abstract.
    if links and len(text.split()) == len(links):
        return lookups(links, location.channel, location.user)
    titled = " ".join(title.split())
    return (Summarize(channel=location.channel, user=location.user, text=text, title=titled, style=style),)


def read_file(asked: ReadFile, content: bytes, *, most: int) -> AnswerRequest:
    """Return the request to condense the content of a file.

    Args:
        asked: the file.
        content: its beginning.
        most: the maximum size of an abstract, in bytes.

    Raises:
        BadPaste: the file is not text, or is too large.
    """
    if not asked.name.lower().endswith(_TEXT_FILES):
        raise BadPaste(
            "That is not a text file.", hint=f"Give one of these: {', '.join(_TEXT_FILES[:3])}; or paste the text."
        )
    if asked.size > most or len(content) > most:
        raise BadPaste(
            f"That file is larger than {most // 1024} kB.", hint="An abstract is a few sentences: paste those."
        )
    text = decode(content)
    if text is None:
        raise BadPaste("The encoding of that file cannot be told.", hint="Save it as UTF-8, or paste the text.")
    if "\0" in text or not text.strip():
        raise BadPaste("There is no text in that file.", hint="Paste the abstract instead, with /summarize.")
    request = Summarize(channel=asked.location.channel, user=asked.location.user, text=text.strip(), style=asked.style)
    return AnswerRequest(location=asked.location, requests=(request,))
