"""The modal into which a person pastes an abstract, and how its submission is read. Pure functions."""

from bots.chat.encodings import decode
from bots.chat.shared_links import lookups
from bots.commands import read_given
from bots.discord.actions import AnswerRequest, ReadFile
from bots.discord.fields import Json, file_input, modal, select, text_input
from bots.discord.incoming import file_of
from bots.discord.message_text import papers_in
from bots.discord.payloads import Location, fields_of, location_of
from bots.domain.errors import BadPaste
from bots.domain.requests import Request, Summarize
from bots.presentation.labels import style_labels
from bots.translation.speech import gettext, pgettext
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
        pgettext("title", "Condense an abstract"),
        [
            text_input(
                "text",
                pgettext("label", "Abstract"),
                paragraph=True,
                hint=pgettext("hint", "Paste it here, or give a file below."),
            ),
            text_input(
                "title",
                pgettext("label", "Title"),
                most=_MOST_TITLE,
                hint=pgettext("hint", "Optional; it improves the blurb."),
            ),
            select("style", pgettext("label", "Length"), style_labels(), [style], many=False),
            file_input(
                "file", pgettext("label", "Or a text file"), hint=pgettext("hint", "Plain text: .txt, .md, .tex")
            ),
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
        hint = gettext("Paste the abstract of a paper, or give a text file.")
        raise BadPaste(gettext("There is no text to condense."), hint=hint)
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
            gettext("That is not a text file."),
            hint=gettext("Give one of these: {kinds}; or paste the text.", kinds=", ".join(_TEXT_FILES[:3])),
        )
    if asked.size > most or len(content) > most:
        raise BadPaste(
            gettext("That file is larger than {size} kB.", size=most // 1024),
            hint=gettext("An abstract is a few sentences: paste those."),
        )
    text = decode(content)
    if text is None:
        raise BadPaste(
            gettext("The encoding of that file cannot be told."), hint=gettext("Save it as UTF-8, or paste the text.")
        )
    if "\0" in text or not text.strip():
        raise BadPaste(
            gettext("There is no text in that file."), hint=gettext("Paste the abstract instead, with /summarize.")
        )
    request = Summarize(channel=asked.location.channel, user=asked.location.user, text=text.strip(), style=asked.style)
    return AnswerRequest(location=asked.location, requests=(request,))
