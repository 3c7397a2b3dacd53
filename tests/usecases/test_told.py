"""What an error tells whom: people in a chat learn no path, host or password; the operator learns paths."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bots.chat.secret_texts import for_chat
from bots.digests.source_reader import SourceReader
from bots.domain import errors, requests
from bots.domain.channels import Channel
from bots.domain.errors import PaperwireError, SourceDown, SourceRefused, StoreError
from bots.domain.papers import PaperId
from bots.domain.subscriptions import Subscription
from bots.sources.context import SourceContext
from bots.sources.file import PaperFile
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock as Hand
from bots.usecases.lookup import PaperLookup
from bots.usecases.problems import problem
from summarizer import BadModel, EngineDown, SummarizerError
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import DAY, a_subscription, five_papers

CHAT = Channel(platform="slack", workspace="T1", channel="C1")
FOLDER = "/srv/quokkalith"
PASSWORD = "hunter2hunter2"
#: A message with a path, an address with a password, and a host's own name.
BAD = f"{FOLDER}/papers/drafts.jsonl is bad; http://ann:{PASSWORD}@db.example/x refused it; token={PASSWORD}"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A service whose sources can be told to fail."""
    async with a_bench(MemoryStore(), told=ToldSource(), other=ToldSource(spec="other", papers=())) as made:
        yield made


def named(found: object) -> list[str]:
    """Return what a reply tells and must not tell."""
    return [each for each in ("quokkalith", PASSWORD) if each in repr(found)]


REQUESTS = (
    requests.DigestNow(channel=CHAT, sources=("told", "other")),
    requests.Preview(channel=CHAT, subscription=a_subscription(channel=CHAT, sources=("told",))),
    requests.Lookup(channel=CHAT, text="1706.99999"),
    requests.Lookup(channel=CHAT, text="1706.99999v2"),
    requests.Lookup(channel=CHAT, text="1706.99999 and 1706.99998"),
    requests.Lookup(channel=CHAT, text="no such words"),
    requests.Search(channel=CHAT, words="attention"),
    requests.MoreLike(channel=CHAT, paper_id=PaperId.arxiv("1706.03762")),
    requests.Abstract(channel=CHAT, paper_id=PaperId.arxiv("1706.99999")),
    requests.Save(channel=CHAT, paper_id=PaperId.arxiv("1706.99999")),
    requests.Cite(channel=CHAT, paper_id=PaperId.arxiv("1706.99999"), version=2),
)


@pytest.mark.parametrize(
    "error", [SourceDown(BAD), SourceRefused(BAD, hint=BAD), OSError(BAD), RuntimeError(BAD)], ids=repr
)
async def test_a_source_that_fails_tells_a_chat_no_path_and_no_password(bench: Bench, error: Exception) -> None:
    """Whatever a source or library raises, no reply to a chat has the folder or the password in it."""
    await bench.service.store.remember(five_papers(), source="told", day=DAY)
    bench.sources["told"].error = error
    for request in REQUESTS:
        assert [] == named(await bench.service.answer(request)), request


async def test_a_note_of_a_source_tells_no_path(bench: Bench) -> None:
    """A note that a source returns with its papers is treated like an error."""
    from bots.domain.harvests import Freshness

    bench.sources["told"].state, bench.sources["told"].note = Freshness.PARTIAL, BAD
    assert [] == named(await bench.service.answer(REQUESTS[0]))


@pytest.mark.parametrize("error", [BadModel(BAD), EngineDown(BAD), SummarizerError(BAD), ValueError(BAD)], ids=repr)
async def test_an_engine_that_fails_tells_a_chat_no_path(bench: Bench, error: Exception) -> None:
    """A broken model names its file to the operator only, for a paste and under the papers of a digest."""
    bench.summarizer.failing.update({paper.title: error for paper in five_papers()} | {"a paste": error})
    assert [] == named(await bench.service.answer(REQUESTS[0]))
    if isinstance(error, SummarizerError):
        paste = requests.Summarize(channel=CHAT, text=five_papers()[0].abstract, title="a paste")
        assert [] == named(await bench.service.answer(paste))


def every_error() -> list[type[PaperwireError]]:
    """Return every class of error that Paperwire names."""
    found = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PaperwireError)]
    assert len(found) > 15
    return found


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_is_told_by_its_reader(kind: type[PaperwireError]) -> None:
    """A chat gets neither path nor password, with the name of the file; the operator gets the path, and no password."""
    error = kind(BAD, hint=BAD)
    told, operator = problem(error), problem(error, trusted=True)
    assert [] == named(told)
    assert "drafts.jsonl is bad" in told.message
    assert ["quokkalith"] == named(operator)


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("/srv/My Papers/a b.bib does not exist.", "/srv/My Papers/a b.bib", "a b.bib does not exist."),
        (
            "The database /var/lib/x y/p.sqlite3 is damaged.",
            "/var/lib/x y/p.sqlite3",
            "The database p.sqlite3 is damaged.",
        ),
        ("The database papers at db.internal is down.", "papers at db.internal", "The database papers is down."),
        ("/opt/ada/papers.bib cannot be read.", "", "papers.bib cannot be read."),
        ("open '~/lists/a.bib': denied", "", "open 'a.bib': denied"),
        ("see ../../etc/passwd", "", "see passwd"),
        (r"C:\Users\Ada\papers.bib is empty.", "", "papers.bib is empty."),
        ("file:///srv/x/a.bib is empty", "", "a.bib is empty"),
        ("[Errno 2] No such file or directory: '/srv/x/a.bib'", "", "[Errno 2] No such file or directory: 'a.bib'"),
        ("See https://arxiv.org/abs/1706.03762 or huggingface.co/papers/1.", "", None),
        ("Type /paper subscribe; and/or read 24/7, km/s, TCP/IP.", "", None),
        ("Open https://example.org/slack/install?a=b", "", None),
        ("Set slack.bot_token (or PAPERWIRE_SLACK_BOT_TOKEN).", "", None),
        ("2 papers in 1 part, 3/4 of 5.0/6.0", "", None),
    ],
)
def test_paths_become_names_and_addresses_stay(text: str, place: str, told: str | None) -> None:
    """A path is replaced by the name of its file; an address, a command and a fraction are none."""
    assert (text if told is None else told) == for_chat(text, place)


@pytest.mark.parametrize("name", ["missing.bib", "a folder", "empty.bib", "broken.gz", "binary.bib", "denied\0.bib"])
async def test_a_file_that_cannot_be_read_is_named_without_its_path(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The digest names the file and what is wrong; the path is in the log, and nowhere else."""
    folder = tmp_path / "Quokka lith"
    folder.mkdir()
    (folder / "a folder").mkdir()
    (folder / "empty.bib").write_text(" ")
    (folder / "broken.gz").write_bytes(b"\x1f\x8b broken")
    (folder / "binary.bib").write_bytes(b"\0\1\2" * 50)
    spec = f"file:{folder / name}"
    reader = SourceReader(
        shelf=MemoryStore(),
        open_source=lambda spec: PaperFile.open(spec.partition(":")[2], SourceContext(web=None, folder=tmp_path)),  # type: ignore[arg-type]
        clock=Hand(),
    )
    with caplog.at_level(logging.ERROR):
        (note,) = (await reader.harvest([spec], [DAY], CHAT)).notes
    assert "Quokka" not in note.reason
    if "\0" not in name:
        assert note.reason.startswith(name)
        assert any(str(folder / name) in str(record.__dict__.get("error")) for record in caplog.records)


async def test_a_damaged_database_is_not_located_in_a_chat(bench: Bench) -> None:
    """A chat is told that the database failed, by its name; the terminal is told which file it is."""

    class Damaged(MemoryStore):
        async def subscriptions(self, channel: Channel | None = None) -> tuple[Subscription, ...]:  # noqa: ARG002 - the port's
            raise StoreError(f"The database {FOLDER}/My db/p.sqlite3 is damaged.", place=f"{FOLDER}/My db/p.sqlite3")

    service = replace(bench.service, store=Damaged(), paper_lookup=PaperLookup(shelf=Damaged(), libraries=[]))
    asked = requests.ListSubscriptions(channel=CHAT)
    told = await service.answer(asked)
    assert "The database p.sqlite3 is damaged." in repr(told)
    assert [] == named(told)
    assert ["quokkalith"] == named(await service.answer(replace(asked, trusted=True)))


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Try again. The cause is shown by: paperwire doctor", "Try again. Tell whoever runs Paperwire here."),
        ("paperwire doctor lists them.", "Tell whoever runs Paperwire here."),
        ("Try it.\nFor example: /paper today", None),
        (
            "paperwire doctor lists them.\nFor example: /paper today",
            "For example: /paper today\nTell whoever runs Paperwire here.",
        ),
        ("/paper subscriptions lists them. Ask whoever runs Paperwire.", None),
        ("", None),
    ],
)
def test_no_member_is_sent_to_a_terminal(hint: str, told: str | None) -> None:
    """A hint that names a command of the terminal becomes a word to the operator, who reads the hint as it is."""
    error = PaperwireError("It failed.", hint=hint)
    assert (hint if told is None else told) == problem(error).hint
    assert hint == problem(error, trusted=True).hint
