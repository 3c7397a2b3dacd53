"""The command line speaks its own language: its options, its name, its paths."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.cli.context import Exit
from bots.cli.wording import for_terminal
from bots.domain.replies import Problem
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("Write --at 09:00,17:30, or --at announced alone.", "Write at=09:00,17:30, or at=announced alone."),
        ("--interests contains no words.", "interests= contains no words."),
        ("Leave --settle out.", "Leave settle= out."),
        ('Name them: --interests "protein structure".', 'Name them: interests="protein structure".'),
        ("“at=25” is no time of day.", "“at=25” is no time of day."),
        ("https://x.org/?day=1&at=2 stays.", "https://x.org/?day=1&at=2 stays."),
        ("The format=pdf stays.", "The format=pdf stays."),
        ("It is at 09:00.", "It is at 09:00."),
        ("paperwire subscriptions lists them.", "/paper subscriptions lists them."),
    ],
)
def test_options_are_named_as_a_terminal_takes_them(expected: str, text: str) -> None:
    """`at=09:00` of a chat is `--at 09:00`; addresses, other words and what was typed stay."""
    assert Problem(message=expected, hint=expected) == for_terminal(Problem(message=text, hint=text))


@given(st.text() | st.lists(st.sampled_from(["at=", "on= ", "“", "”", "limit=5", " ", "."])).map("".join))
def test_any_text_keeps_its_words(text: str) -> None:
    """No letter of an error is lost, and none is added."""
    worded = for_terminal(Problem(message=text)).message
    assert [char for char in text if char.isalnum()] == [char for char in worded if char.isalnum()]


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("9am, 9:30 or 17:30", ("subscribe", "--at", "25:00")),
        ("Name that one day", ("subscribe", "--every", "week", "--on", "mon,tue")),
        ("Write a city, such as Berlin", ("subscribe", "--zone", "Mars")),
        ("The interests contain no words", ("digest", "--interests", "---")),
        ("Write a start and an end: 22:00-07:00", ("subscribe", "--quiet", "x")),
        ("“at” has no value", ("subscribe", "--at", ",")),
    ],
)
def test_an_error_on_the_command_line_names_its_options(run: Run, said: str, command: tuple[str, ...]) -> None:
    """No error of a command has the grammar of a chat, neither as text nor as JSON."""
    result = run(*command)
    shown = " ".join(result.output.split())
    assert Exit.ASKED_WRONGLY == result.exit_code
    assert said in shown
    assert f"{command[1].removeprefix('--')}=" not in shown
    assert "/paper" not in shown


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("nosuch.jsonl does not exist", "file:nosuch.jsonl"),
        ("nosuch.jsonl does not exist", "file:no/such/nosuch.jsonl"),
        ("folder has no file of papers", "file:folder"),
    ],
)
@pytest.mark.parametrize("command", ["subscribe", "digest"])
def test_a_missing_file_is_refused_at_once_with_its_path(
    run: Run, tmp_path: Path, command: str, written: str, source: str
) -> None:
    """A subscription to a file that cannot be read is not stored; the terminal shows the whole path, once."""
    (tmp_path / "folder").mkdir()
    result = run(command, "--source", source)
    shown = "".join(result.output.split())
    assert Exit.ASKED_WRONGLY == result.exit_code
    assert 1 == shown.count("".join(written.split()))
    assert 1 == shown.count("".join(str(tmp_path / source.removeprefix("file:")).split()))
    assert "There are no subscriptions." in run("subscriptions").output


def test_a_file_that_is_there_is_subscribed(run: Run, tmp_path: Path) -> None:
    """A file may be empty today: it is read when the digest is due."""
    (tmp_path / "papers.jsonl").touch()
    assert Exit.DONE == run("subscribe", "--source", "file:papers.jsonl").exit_code


def test_a_missing_file_costs_a_digest_of_several_sources_nothing(run: Run) -> None:
    """The other source's papers are shown; the note, which a chat would have too, names the file without its folder."""
    result = run("digest", "--source", "sample", "--source", "file:secret/nosuch.jsonl", "--limit", "1")
    assert Exit.DONE == result.exit_code
    note = result.output[result.output.index("Trouble with") :]
    assert "nosuch.jsonl does not exist." in note
    assert "secret" not in note


TEXT = (
    "Ärzte prüften, ob Müdigkeit die Zahl der Fehler erhöht. We asked 90 nurses of three wards in Köln over a year. "
    "Those who slept more made 18 percent fewer errors, and the patients of the wards fell less often for it too."
)


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("", TEXT.encode()),
        ("", b"\xef\xbb\xbf" + TEXT.encode()),
        ("", TEXT.encode("utf-16")),
        ("", TEXT.encode("utf-16-le")),
        ("Windows-1252", TEXT.encode("latin-1")),
        ("Windows-1252", TEXT.replace("ob", "“ob”").encode("cp1252")),
        ("Mac Roman", f"{TEXT}\r".encode("mac_roman")),
        ("Mac Roman", TEXT.replace("nurses of", "nurses’s").replace("ob", "“ob”").encode("mac_roman")),
        ("Windows-1251", ("Мы опросили девяносто медсестёр за год. Ошибок стало меньше. " * 3).encode("cp1251")),
    ],
)
@pytest.mark.parametrize("piped", [True, False])
def test_an_abstract_in_any_usual_encoding_is_read(
    run: Run, tmp_path: Path, said: str, body: bytes, piped: bool
) -> None:
    """A file and a pipe are decoded as paper files are; only an encoding that was guessed is named."""
    path = tmp_path / "abstract.txt"
    path.write_bytes(body)
    result = run("summarize", stdin=body) if piped else run("summarize", str(path))
    assert Exit.DONE == result.exit_code
    assert "�" not in result.output
    assert (said in result.stderr) if said else (result.stderr == "" or "Paste" in result.stderr)


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\xff\xfe\x00\x93", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfa", bytes(range(256)) * 4]
)
def test_what_is_no_text_is_refused(run: Run, body: bytes) -> None:
    """Bytes whose encoding cannot be told are not condensed."""
    result = run("summarize", stdin=body)
    assert Exit.ASKED_WRONGLY == result.exit_code
    assert "UTF-8" in result.output
