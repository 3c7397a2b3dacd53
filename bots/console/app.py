"""The console adapter: prints digests and replies with rich, or as plain text if colours are not wanted."""

import io
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console as Terminal
from rich.style import Style
from rich.text import Text

from bots.chat.phrases import clean, safe_url
from bots.console.incoming import read
from bots.console.outgoing import Line, LineStyle, digest_payload, notice_payload, payload_lines, reply_lines
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import HistoryClosed, PostUnknown, RequestError
from bots.domain.replies import Problem, Reply
from bots.ports import Clock
from bots.ports.rate_limits import Rate, RateLimits
from bots.usecases.problems import problem
from bots.usecases.service import Service

#: Cap on wide terminals: longer lines tire the eye (Bringhurst calls 45 to 75 characters good, 100 the limit).
MAX_WIDTH = 100
#: A narrower column would hold one word per line.
MIN_WIDTH = 20

_STYLES: Mapping[LineStyle, Style] = {
    LineStyle.HEAD: Style(bold=True, color="cyan"),
    LineStyle.TITLE: Style(bold=True),
    LineStyle.META: Style(dim=True),
    LineStyle.TEXT: Style(),
    LineStyle.LABEL: Style(italic=True),
    LineStyle.WHY: Style(dim=True, italic=True),
    LineStyle.LINK: Style(dim=True),
    LineStyle.NOTE: Style(dim=True),
    LineStyle.WARNING: Style(color="yellow"),
    LineStyle.FORM: Style(bold=True),
    LineStyle.GAP: Style(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsoleSettings:
    """Where and how to print."""

    stream: TextIO
    #: None: colours if the stream is a terminal, unless NO_COLOR or TERM=dumb forbids them.
    colour: bool | None = None
    #: Columns; None: the width of the terminal, at most MAX_WIDTH.
    width: int | None = None


class Console:
    """Prints parts and replies; remembers the keys of printed parts until the process exits."""

    platform = "console"
    #: A terminal has no rate limit; these numbers only have to be high.
    limits = RateLimits(channel=Rate(count=1000, seconds=1), platform=Rate(count=1000, seconds=1))

    def __init__(self, settings: ConsoleSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._printed: dict[tuple[Channel, str], tuple[str, datetime]] = {}

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as one part: a terminal scrolls, so it has no size limit."""
        payload = digest_payload(digest)
        return (Part(channel=digest.channel, number=1, total=1, payload=payload, paper_ids=digest.paper_ids),)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as one part."""
        return (Part(channel=channel, number=1, total=1, payload=notice_payload(problem)),)

    def shrink(self, part: Part) -> tuple[Part, ...]:  # noqa: ARG002 - a terminal finds nothing too large
        """Return no parts: a terminal has no size limit."""
        return ()

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - there are no threads here
        """Print a part once per key and return its number within this process.

        Raises:
            PostUnknown: the stream is closed, or broke during the write.
        """
        known = self._printed.get((part.channel, key))
        if known is not None:
            return known[0]
        self._print(payload_lines(part.payload))
        message_id = f"console-{len(self._printed) + 1}"
        self._printed[part.channel, key] = (message_id, self._clock())
        return message_id

    async def find(
        self,
        channel: Channel,
        key: str,
        since: datetime,
        *,
        root: str = "",  # noqa: ARG002 - as above
    ) -> str | None:
        """Return the number of the part printed with this key at or after `since`; None if it was printed before.

        Raises:
            HistoryClosed: this process has not printed it; whether an earlier process did, a terminal cannot report.
        """
        known = self._printed.get((channel, key))
        if known is None:
            raise HistoryClosed(
                "A terminal has no history of what an earlier run printed.",
                hint="Check the terminal; post the part again if it is missing.",
            )
        message_id, printed = known
        return message_id if printed >= since else None

    async def show(self, reply: Reply) -> None:
        """Print a reply of any kind.

        Raises:
            PostUnknown: as `post` does.
        """
        self._print(reply_lines(reply))

    def _print(self, lines: Iterable[Line]) -> None:
        stream = self._settings.stream
        # Not ChannelGone: the next process has another terminal, and the subscription must stay enabled.
        if stream.closed:
            raise PostUnknown("The terminal is closed.")
        text = _encodable(render(lines, self._settings), stream)
        try:
            stream.write(text + "\n")
            stream.flush()
        except BrokenPipeError as error:
            raise PostUnknown("The program that read the output has ended.") from error
        except OSError as error:
            raise PostUnknown(f"The text could not be written to the terminal: {error}.") from error


async def ask(console: Console, service: Service, typed: str, *, user: str = "") -> None:
    """Execute a typed line and print the reply; a line that cannot be parsed is printed as a problem."""
    try:
        request = read(typed, user=user, today=service.clock().date())
    except RequestError as error:
        await console.show(problem(error, trusted=True))
    else:
        await console.show(await service.answer(request))


@asynccontextmanager
async def connect(settings: ConsoleSettings, service: Service) -> AsyncIterator[Console]:
    """Yield a console adapter that can post."""
    yield Console(settings, service.clock)


def render(lines: Iterable[Line], settings: ConsoleSettings) -> str:
    """Return lines as text for the stream: wrapped, with colours and links only if the settings allow them."""
    terminal = _terminal(settings)
    rows = [row for line in lines for row in _wrapped(line, terminal)]
    with terminal.capture() as capture:
        terminal.print(Text("\n").join(rows), soft_wrap=True)
    return capture.get()


def _terminal(settings: ConsoleSettings) -> Terminal:
    asked = Terminal(file=settings.stream, highlight=False)
    width = settings.width or min(asked.width, MAX_WIDTH)
    wanted = asked.is_terminal and not asked.no_color and not asked.is_dumb_terminal
    if not (wanted if settings.colour is None else settings.colour):
        return Terminal(file=io.StringIO(), width=width, color_system=None, force_terminal=False, _environ={})
    # The sixteen colours that every terminal has, in the user's own palette.
    return Terminal(file=io.StringIO(), width=width, color_system="standard", force_terminal=True, _environ={})


def _wrapped(line: Line, terminal: Terminal) -> Iterator[Text]:
    """Yield the rows of a line: the mark before the first row, an indent of equal width before the others."""
    # Payloads are read back from a database: all text is cleaned here, whatever its origin, before it is printed.
    text, url = clean(line.text), safe_url(line.url)
    style = _STYLES[line.look] + Style(link=url or None)
    rows = _rows(line.look, text, terminal, max(MIN_WIDTH, terminal.width - line.indent))
    for number, row in enumerate(rows):
        mark = line.mark if number == 0 else ""
        room_before = " " * (line.indent - len(mark) if row else 0)
        yield Text.assemble((mark, "dim"), room_before, (row, style))


def _rows(look: LineStyle, text: str, terminal: Terminal, room: int) -> Iterable[str]:
    """Return the rows of a text; a URL stays whole for copying and clicking, and so does each fact of a meta line."""
    if look is LineStyle.LINK:
        return [text]
    pieces = [f"{fact} ·" for fact in text.split(" · ")] if look is LineStyle.META else [text]
    pieces[-1] = pieces[-1].removesuffix(" ·") if look is LineStyle.META else pieces[-1]
    # A joiner shapes the letters around it: at the border of a row it is left over.
    fitting = (clean(row.plain.rstrip()) for piece in pieces for row in Text(piece).wrap(terminal, room))
    return _packed(fitting, room) if look is LineStyle.META else list(fitting) or [""]


def _packed(pieces: Iterable[str], room: int) -> list[str]:
    """Return the pieces in order, packed into as few rows as possible."""
    rows = [""]
    for piece in pieces:
        longer = f"{rows[-1]} {piece}".lstrip()
        if cell_len(longer) <= room:
            rows[-1] = longer
        else:
            rows.append(piece)
    return rows if rows[0] else rows[1:] or [""]


def _encodable(text: str, stream: TextIO) -> str:
    """Return text with "?" for characters that the stream cannot encode, so that the rest is still printed."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
