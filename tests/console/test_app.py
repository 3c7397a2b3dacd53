"""The console adapter prints to its stream, and a broken stream has the documented effects."""

import io
from dataclasses import replace

import pytest

from bots.console.app import MAX_WIDTH, Console, ConsoleSettings, ask, connect, render
from bots.console.incoming import read
from bots.console.outgoing import digest_payload, payload_lines
from bots.domain.channels import Channel
from bots.domain.errors import HistoryClosed, PostUnknown
from bots.domain.replies import Card, Problem
from bots.domain.requests import DigestNow
from bots.store.memory import MemoryStore
from tests.support.doubles import Hand, a_bench
from tests.support.factories import DAY, a_blurb, a_digest, a_paper, an_entry

TERMINAL = Channel(platform="console", channel="terminal")

PLAIN = """\
1 paper for Tuesday 24 November 2026
arxiv:cs.CL · attention
229 found · 3 seen before · 41 filtered out

1. Attention Is All You Need
   Ashish Vaswani, Noam Shazeer, Niki Parmar + 2 more · 23 Nov 2026 ·
   arXiv cs.CL · 163 upvotes
   A simple network architecture, the Transformer, based solely on
   attention mechanisms.
   Why: matches attention, 163 upvotes
   https://arxiv.org/abs/1706.03762
   Code: https://github.com/tensorflow/tensor2tensor
"""


class Tty(io.StringIO):
    """A stream that reports itself as a terminal."""

    def isatty(self) -> bool:
        return True


class Broken(io.StringIO):
    """A stream that refuses every write."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _text: str, /) -> int:
        raise self.error


def printed(settings: ConsoleSettings) -> str:
    """Return a digest of one paper as printed with these settings."""
    return render(payload_lines(digest_payload(a_digest(entries=(an_entry(),)))), settings)


@pytest.fixture(autouse=True)
def a_capable_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set up a terminal with colours and 72 columns, whatever terminal runs the tests."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "72")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


def test_plain_page() -> None:
    """Without colours a digest is this page: wrapped, indented, no fact and no URL broken across lines."""
    assert PLAIN == printed(ConsoleSettings(stream=io.StringIO(), width=72))


def test_terminal_gets_colours_and_links() -> None:
    """On a terminal titles are bold and link to their paper."""
    page = printed(ConsoleSettings(stream=Tty()))
    assert ";https://arxiv.org/abs/1706.03762\x1b\\\x1b[1mAttention Is All You Need\x1b[0m" in page


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_terminal_without_colours_gets_the_plain_page(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR and a dumb terminal get the plain page, without escape codes."""
    monkeypatch.setenv(name, value)
    assert PLAIN == printed(ConsoleSettings(stream=Tty(), width=72))


def test_settings_overrule_the_terminal() -> None:
    """Colours switched on in the settings are written to a file; switched off, they are omitted on a terminal."""
    assert "\x1b[1m" in printed(ConsoleSettings(stream=io.StringIO(), colour=True))
    assert "\x1b" not in printed(ConsoleSettings(stream=Tty(), colour=False))


def test_wide_terminals_get_lines_that_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are as wide as the terminal up to a readable width, and wider only if the settings say so."""
    monkeypatch.setenv("COLUMNS", "240")
    entry = an_entry(blurb=a_blurb(text="word " * 100))
    lines = payload_lines(digest_payload(a_digest(entries=(entry,))))
    own = render(lines, ConsoleSettings(stream=io.StringIO()))
    asked = render(lines, ConsoleSettings(stream=io.StringIO(), width=200))
    assert MAX_WIDTH - 5 <= max(map(len, own.splitlines())) <= MAX_WIDTH
    assert 195 <= max(map(len, asked.splitlines())) <= 200


def test_wide_characters_count_double() -> None:
    """Text of full-width characters is wrapped by its columns."""
    entry = an_entry(blurb=a_blurb(text="漢字" * 40))
    page = render(payload_lines(digest_payload(a_digest(entries=(entry,)))), ConsoleSettings(stream=Tty(), width=43))
    assert 20 == max(line.count("漢") + line.count("字") for line in page.splitlines())


def test_ten_papers_are_aligned() -> None:
    """From ten papers on, the numbers are right-aligned and the texts start in the same column."""
    digest = a_digest(entries=(an_entry(),) * 10)
    page = render(payload_lines(digest_payload(digest)), ConsoleSettings(stream=io.StringIO(), width=72))
    assert "\n 1. Attention" in page
    assert "\n10. Attention" in page
    assert 10 == page.count("\n    https://arxiv.org")


async def test_poor_encoding_costs_characters_only() -> None:
    """A character that the stream cannot encode is printed as a question mark, and the rest is printed."""
    raw = io.BytesIO()
    console = Console(ConsoleSettings(stream=io.TextIOWrapper(raw, encoding="ascii")), Hand())
    await console.show(Card(entry=an_entry(paper=a_paper(title="Poincaré maps"))))
    assert b"Poincar? maps" in raw.getvalue()


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError("full")])
async def test_broken_stream_is_named(error: OSError) -> None:
    """A stream that breaks raises PostUnknown: the next process has another terminal."""
    console = Console(ConsoleSettings(stream=Broken(error)), Hand())
    with pytest.raises(PostUnknown):
        await console.show(Problem(message="x"))


async def test_failed_print_is_not_remembered() -> None:
    """A part that could not be printed is printed when it is posted again."""
    stream = Broken(OSError("full"))
    console = Console(ConsoleSettings(stream=stream), Hand())
    (part,) = console.compose(replace(a_digest(), channel=TERMINAL))
    for _ in range(2):
        with pytest.raises(PostUnknown):
            await console.post(part, "k")
    with pytest.raises(HistoryClosed):
        await console.find(TERMINAL, "k", Hand()())


async def test_a_closed_stream_is_named() -> None:
    """A closed stream raises PostUnknown, and nothing is printed."""
    stream = io.StringIO()
    stream.close()
    with pytest.raises(PostUnknown):
        await Console(ConsoleSettings(stream=stream), Hand()).show(Problem(message="x"))


async def test_typed_lines_are_answered() -> None:
    """A typed line is answered; one that cannot be parsed is answered with an explanation."""
    stream = io.StringIO()
    async with a_bench(MemoryStore()) as bench, connect(ConsoleSettings(stream=stream), bench.service) as console:
        await ask(console, bench.service, "search few-shot")
        await ask(console, bench.service, "search limit=many few-shot")
    assert "Language Models are Few-Shot Learners" in stream.getvalue()
    assert "Write a number from 1 to 20" in stream.getvalue().splitlines()[-3]


def test_who_types_here_may_read_files() -> None:
    """A typed line is a request from this terminal, by a person who may read this machine's files."""
    request = read("digest source=file:papers.bib limit=3", user="ada", today=DAY)
    assert DigestNow(channel=TERMINAL, user="ada", trusted=True, sources=("file:papers.bib",), limit=3) == request
