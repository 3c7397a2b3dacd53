"""Tests of a file as a source: copied listings, JSON, JSON lines, BibTeX, and files that are refused."""

import asyncio
import gzip
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.domain.errors import PaperNotFound, SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.file import PaperFile
from bots.sources.reading import disk
from tests.sources.conftest import SAMPLES
from tests.support.factories import DAY

FILES = SAMPLES / "files"
RECORD = {"title": "A Paper", "abstract": "We show it."}


async def listed(context: SourceContext, path: Path | str, day: date = DAY) -> Harvest:
    """Return the harvest of a file."""
    return await PaperFile.open(str(path), context).recent(SourceQuery(day=day))


def written(folder: Path, body: str | bytes, name: str = "papers.txt") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


# ── the copied listing of the product's first user ───────────────────────────────────────────────────────────────────


async def test_the_real_listing_gives_229_papers(context: SourceContext, shared: Path) -> None:
    """A real listing with two banner lines and one glued label yields exactly its 229 papers."""
    harvest = await listed(context, shared / "data/trending/trending-papers.txt")
    titles = [paper.title for paper in harvest.papers]
    assert (229, Freshness.FRESH) == (len(titles), harvest.state)
    assert "Adaptive Instrument Design for Indirect Experiments" == titles[0]
    assert not [title for title in titles if "inbox" in title or title.startswith("Subscribe")]
    assert all(len(paper.abstract) > len(paper.title) for paper in harvest.papers)
    assert 229 == len({paper.id for paper in harvest.papers})
    assert {None} == {paper.announced for paper in harvest.papers}


async def test_a_year_of_daily_lists_is_replayed_by_day(context: SourceContext, shared: Path) -> None:
    """Records with a day are listed on that day only; a weekend is empty."""
    source = PaperFile.open(str(shared / "data/hf-daily/2024-05_2026-06.jsonl.gz"), context)
    monday = await source.recent(SourceQuery(day=date(2026, 6, 29)))
    assert (17, Freshness.FRESH) == (len(monday.papers), monday.state)
    assert "arxiv:2606.28128" == str(monday.papers[0].id)
    sunday = await source.recent(SourceQuery(day=date(2026, 6, 28)))
    assert ((), Freshness.EMPTY) == (sunday.papers, sunday.state)


# ── listings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_copied_listing_is_read(context: SourceContext) -> None:
    """The banner and the glued label are removed, and each title is paired with its abstract."""
    harvest = await listed(context, FILES / "listing.txt")
    first = harvest.papers[0]
    assert (3, Freshness.FRESH) == (len(harvest.papers), harvest.state)
    assert "ASI-Bench: At the Dawn of Artificial Superintelligence" == first.title
    assert first.abstract.startswith("Artificial superintelligence (ASI) requires")
    assert ("text", "") == (first.id.scheme, first.url)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_lines_of_a_day_are_listed_on_it(context: SourceContext) -> None:
    """A file with several days lists the requested day's papers, or none if that day is absent."""
    path = FILES / "papers.jsonl"
    assert 2 == len((await listed(context, path, date(2026, 8, 19))).papers)
    harvest = await listed(context, path, date(2026, 8, 20))
    assert ((), Freshness.EMPTY) == (harvest.papers, harvest.state)
    assert "The file lists 2 days, and none of them is 2026-08-20." == harvest.note


async def test_a_file_of_one_day_is_shown_on_any(context: SourceContext, tmp_path: Path) -> None:
    """A file with a single day is listed on any day, and the note names the file's day."""
    path = written(tmp_path, json.dumps([{**RECORD, "day": "2026-08-19"}]))
    harvest = await listed(context, path, date(2026, 8, 21))
    assert (1, Freshness.STALE, "The file lists the papers of 2026-08-19.") == (
        len(harvest.papers),
        harvest.state,
        harvest.note,
    )


@pytest.mark.parametrize("days", [("2026-08-19",), ("2026-08-18", "2026-08-19")])
async def test_what_cannot_be_read_is_said_on_any_day(
    context: SourceContext, tmp_path: Path, days: tuple[str, ...]
) -> None:
    """The items that a file of other days leaves out are named, too."""
    records = [*({**RECORD, "title": f"A {day}", "day": day} for day in days), {"abstract": "No title."}]
    harvest = await listed(context, written(tmp_path, json.dumps(records)), date(2026, 8, 21))
    assert harvest.note.endswith(f"1 left out as unreadable: item {len(records)} (no title).")


async def test_a_paper_of_two_days_is_listed_on_both(context: SourceContext, tmp_path: Path) -> None:
    """A paper with records of two days is listed on both, although its records are merged."""
    lines = [{**RECORD, "day": day} for day in ("2026-08-18", "2026-08-19")]
    path = written(tmp_path, "\n".join(map(json.dumps, lines)))
    for day in (18, 19):
        assert 1 == len((await listed(context, path, date(2026, 8, day))).papers)


# ── BibTeX ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_bibtex_library_is_read(context: SourceContext) -> None:
    """Braces are removed, accents decoded, mathematics and percent signs kept; an entry without a title is reported."""
    harvest = await listed(context, FILES / "library.bib")
    attention, graphs, plain = harvest.papers
    assert (Freshness.PARTIAL, "1 left out as unreadable: entry “noTitle” (no title).") == (harvest.state, harvest.note)
    assert (PaperId.arxiv("1706.03762"), 7, ("cs.CL",)) == (attention.id, attention.version, attention.categories)
    assert ("Ashish Vaswani", "Noam Shazeer", "Łukasz Kaiser") == attention.authors
    assert "The dominant sequence transduction models reach 90% of \\emph{something}." == attention.abstract
    assert "Advances in Neural Information Processing Systems" == attention.venue
    assert "On Random Graphs I: $G_{n,m}$" == graphs.title
    assert ("Pál Erdős", "Alfréd Rényi") == graphs.authors
    assert "doi:10.5486/pmd.1959.6.3-4.12" == str(graphs.id)
    assert datetime(1959, 12, 1, tzinfo=UTC) == graphs.published
    assert ("", "text") == (plain.url, plain.id.scheme)


# ── what is no file of papers ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n", "is empty"),
        (b"\x7fELF\0\0\0", "is not text"),
        (b"\x1f\x8bnothing", "broken gzip"),
        (gzip.compress(b"x" * 10_000, mtime=0)[:-20], "cut short"),
        (b"Hello there.\nHow are you?", "No paper was found"),
        (b'{"a": 1}', "contains no paper|No paper"),
        (b"{\n{\n", "contains no paper"),
        (b"[1, 2, 3]\n", "No paper was found"),
        (b"@misc{a, author={x}}", "No paper was found"),
        (b"[" * 100_000, "contains no paper|No paper"),
    ],
)
async def test_what_is_no_list_of_papers_is_refused(
    context: SourceContext, tmp_path: Path, body: bytes, said: str
) -> None:
    """Every error states the problem and the remedy."""
    with pytest.raises(SourceRefused, match=said) as refused:
        await listed(context, written(tmp_path, body))
    assert refused.value.hint


async def test_a_missing_file_is_refused(context: SourceContext, tmp_path: Path) -> None:
    """A missing file or an empty folder is refused, and the error names the path."""
    with pytest.raises(SourceRefused, match=r"nothing\.bib does not exist"):
        await listed(context, "nothing.bib")
    with pytest.raises(SourceRefused, match="has no file of papers"):
        await listed(context, tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is unreadable to root")
async def test_a_file_that_may_not_be_read_is_refused(context: SourceContext, tmp_path: Path) -> None:
    """A file without read permission is reported differently from a missing file."""
    path = written(tmp_path, json.dumps(RECORD))
    path.chmod(0)
    with pytest.raises(SourceRefused, match="permission denied"):
        await listed(context, path)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no path there")
async def test_a_pipe_is_not_waited_for(context: SourceContext, tmp_path: Path) -> None:
    """A named pipe is refused, because reading one without a writer would block the digest for ever."""
    os.mkfifo(tmp_path / "pipe")
    # Whoever reads it after all shall not do so for ever.
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    end = asyncio.get_running_loop().call_later(30, os.close, writer)
    try:
        with pytest.raises(SourceRefused, match="is not a file"):
            await listed(context, "pipe")
    finally:
        if not end.cancelled() and end.when() > asyncio.get_running_loop().time():
            end.cancel()
            os.close(writer)


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    """A file over the limit is refused before it is read, and a compressed one before it is decompressed further."""
    path = written(tmp_path, b"x" * 1001)
    with pytest.raises(SourceRefused, match="holds more than"):
        disk.read_text(path, limit=1000)
    path = written(tmp_path, gzip.compress(b"x" * 1001))
    with pytest.raises(SourceRefused, match="holds more than"):
        disk.read_text(path, limit=1000)
    assert 1001 == len(disk.read_text(path, limit=1001))
    assert 50 * 1024 * 1024 == disk.FILE_LIMIT


@pytest.mark.parametrize("argument", ["", "  ", "a\0b", "~nobody-by-this-name/x"])
async def test_a_path_that_is_none_is_refused(context: SourceContext, argument: str) -> None:
    """A source with an empty or invalid path cannot be opened."""
    with pytest.raises(SettingsError):
        PaperFile.open(argument, context)


@pytest.mark.parametrize("argument", ["/etc/passwd", "../secret.txt", "link.txt", "~/x", "folder/../../x"])
async def test_a_fence_holds(context: SourceContext, tmp_path: Path, argument: str) -> None:
    """If people in chats may name sources, no path, `..` or link leads outside the folder for papers."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    fenced = SourceContext(web=context.web, folder=tmp_path / "folder" / "..", fenced=True)
    with pytest.raises(SettingsError, match="is outside the folder"):
        PaperFile.open(argument, fenced)
    PaperFile.open("folder/papers.bib", fenced)


# ── reading again, looking up, searching ─────────────────────────────────────────────────────────────────────────────


async def test_a_changed_file_is_read_again(context: SourceContext, tmp_path: Path) -> None:
    """A paper that is added to the file is listed the next time."""
    path = written(tmp_path, json.dumps([RECORD]))
    source = PaperFile.open(path.name, context)
    assert 1 == len((await source.recent(SourceQuery(day=DAY))).papers)
    written(tmp_path, json.dumps([RECORD, {**RECORD, "title": "Another"}]))
    assert 2 == len((await source.recent(SourceQuery(day=DAY))).papers)


async def test_papers_of_a_file_can_be_found(context: SourceContext) -> None:
    """A file's papers are found by any id, or by words that must all match; words in the title rank higher."""
    source = PaperFile.open(str(FILES / "papers.jsonl"), context)
    assert "FreeToken" == (await source.lookup(PaperId.arxiv("2608.16157"))).title[:9]
    with pytest.raises(PaperNotFound, match=r"The file papers\.jsonl does not hold arxiv:9999\.99999"):
        await source.lookup(PaperId.arxiv("9999.99999"))
    assert ["FreeToken"] == [paper.title[:9] for paper in await source.search("moe SERVING", 5)]
    assert () == await source.search("moe serving unicorns", 5)
    assert () == await source.search("...", 5)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_every_usual_encoding_is_read(context: SourceContext, tmp_path: Path, codec: str) -> None:
    """UTF-8, UTF-16 with a byte order mark, and the old Windows encoding yield the same paper."""
    path = written(tmp_path, "@misc{a, title={Über naïve Café-Modelle}}".encode(codec), "a.bib")
    assert "Über naïve Café-Modelle" == (await listed(context, path)).papers[0].title
