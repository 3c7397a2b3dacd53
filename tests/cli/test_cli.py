"""Tests of the command line from the user's view: its output on stdout and stderr, and its exit codes."""

from pathlib import Path

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run, said

ABSTRACT = (
    "Sequence models are slow to train. In this paper, we propose the Transformer, a network based only on attention. "
    "It reaches 28.4 BLEU on English to German translation.\n"
)


def test_help_lists_every_command(run: Run) -> None:
    """The help names every command and exits with success."""
    shown = run("--help")

    assert Exit.DONE == shown.exit_code
    names = ("init", "doctor", "digest", "lookup", "summarize", "run", "demo", "pause", "resume", "retry", "replay")
    assert all(name in shown.stdout for name in names)


def test_a_digest_of_the_sample_day(run: Run) -> None:
    """A digest of the sample day has five different papers, most upvoted first, with blurbs of at most 60 words."""
    result = run("digest", "--source", "sample", "--json")

    assert Exit.DONE == result.exit_code
    entries = said(result)["entries"]
    assert 5 == len({entry["paper"]["id"] for entry in entries})
    assert all(0 < len(entry["blurb"]["text"].split()) <= 60 for entry in entries)


def test_a_digest_is_printed_plainly_where_nobody_sees_colours(run: Run) -> None:
    """Without a terminal a digest is printed without escape codes and without a progress bar."""
    result = run("digest", "--source", "sample", "--limit", "3")

    assert Exit.DONE == result.exit_code
    assert "\x1b" not in result.output
    assert "3 papers for" in result.stdout


def test_a_pasted_listing_becomes_its_papers(run: Run, tmp_path: Path) -> None:
    """Banner lines of a copied page are not papers, and a label glued to a title is removed."""
    listing = tmp_path / "page.txt"
    abstract = " ".join(["We propose a method that finds papers and show that it works well on every day."] * 4)
    listing.write_text(
        "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"
        f"SubscribeFinding Papers\n{abstract}\nLosing Papers\n{abstract}\n"
    )

    result = run("digest", "--source", f"file:{listing}", "--json")

    assert ["Finding Papers", "Losing Papers"] == [entry["paper"]["title"] for entry in said(result)["entries"]]


def test_a_filter_that_lets_nothing_through_is_no_failure(run: Run) -> None:
    """An empty digest reports how many papers were filtered out and exits with success."""
    result = run("digest", "--source", "sample", "--query", "zzzyx")

    assert Exit.DONE == result.exit_code
    assert "28" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["digest", "--source", "nosuch"], Exit.SETTINGS, "no source"),
        (["digest", "--source", "file:nosuch.bib"], Exit.ASKED_WRONGLY, "nosuch.bib"),
        (["digest", "--source", "sample", "--query", '"open'], Exit.ASKED_WRONGLY, "quote"),
        (["digest", "--source", "sample", "--day", "tomorrow"], Exit.ASKED_WRONGLY, "2026-05-01"),
        (["digest", "--source", "sample", "--limit", "0"], Exit.ASKED_WRONGLY, "limit"),
        (["digest", "--source", "sample", "--to", "slack:T1:C1"], Exit.FAILED, "slack"),
        (["digest", "--source", "sample", "--to", "a:b:c:d"], Exit.ASKED_WRONGLY, "platform"),
        pytest.param(["digest"], Exit.FAILED, "cannot be reached", marks=pytest.mark.slow),
        pytest.param(["lookup", "2101.00001"], Exit.FAILED, "cannot be reached", marks=pytest.mark.slow),
        (["digest", "--source", "sample", "--interests", "x" * 501], Exit.ASKED_WRONGLY, "500"),
        (["subscribe", "--interests", "…"], Exit.ASKED_WRONGLY, "no words"),
        (["subscribe", "--at", "25:00"], Exit.ASKED_WRONGLY, "25:00"),
        (["subscribe", "--zone", "Mars"], Exit.ASKED_WRONGLY, "Mars"),
        (["subscribe", "--source", "arxiv:nonsense!"], Exit.SETTINGS, "arxiv"),
        (["subscribe", "--every", "week", "--on", "mon,fri"], Exit.ASKED_WRONGLY, "one day"),
        (["subscribe", "--every", "month", "--settle", "3"], Exit.ASKED_WRONGLY, "settle"),
        (["subscribe", "--settle", "15"], Exit.ASKED_WRONGLY, "settle"),
        (["subscribe", "--wait", "late"], Exit.ASKED_WRONGLY, "late"),
        (["subscribe", "--wait", "09:00"], Exit.ASKED_WRONGLY, "until 9:00"),
        (["subscribe", "--quiet", "7-7"], Exit.ASKED_WRONGLY, "22:00-07:00"),
        (["subscribe", "--empty", "never"], Exit.ASKED_WRONGLY, "never"),
        (["unsubscribe", "nosuch"], Exit.ASKED_WRONGLY, "nosuch"),
        (["pause", "nosuch"], Exit.ASKED_WRONGLY, "nosuch"),
        (["resume", "nosuch"], Exit.ASKED_WRONGLY, "nosuch"),
        (["nosuch"], Exit.ASKED_WRONGLY, "nosuch"),
        (["--config", "nosuch.toml", "digest"], Exit.SETTINGS, "nosuch.toml"),
        (["summarize", "nosuch.txt"], Exit.ASKED_WRONGLY, "nosuch.txt"),
        (["summarize", "."], Exit.ASKED_WRONGLY, "cannot be read"),
    ],
)
def test_what_goes_wrong_is_said_and_has_its_code(run: Run, arguments: list[str], code: Exit, says: str) -> None:
    """Each wrong request and each failure prints a message and exits with its own code, never with a traceback."""
    result = run(*arguments)

    assert code == result.exit_code
    # The terminal breaks long sentences and paths into lines.
    assert "".join(says.split()) in "".join(result.output.split())
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_list_of_one_channel_names_it(run: Run) -> None:
    """Of a channel without subscriptions, which a mistyped one is, too, the list says which one was meant."""
    assert "no subscriptions in slack:T1:C1" in run("subscriptions", "--to", "slack:T1:C1").output


def test_an_abstract_is_condensed_from_standard_input(run: Run) -> None:
    """The blurb of an abstract from standard input states the proposal without the abstract's introduction."""
    result = run("summarize", stdin=ABSTRACT)

    assert Exit.DONE == result.exit_code
    assert "We propose the Transformer" in result.stdout


@pytest.mark.parametrize("style", ["one-line", "short", "structured"])
def test_every_style_is_grounded(run: Run, style: str) -> None:
    """In every style, the evidence ranges lie inside the given text."""
    blurb = said(run("summarize", "--style", style, "--json", stdin=ABSTRACT))["blurb"]

    assert blurb["text"]
    assert all(0 <= start < end <= len(ABSTRACT) for start, end in blurb["evidence"])


@pytest.mark.parametrize(
    ("stdin", "code"),
    [
        ("", Exit.ASKED_WRONGLY),
        (" \n\t ", Exit.ASKED_WRONGLY),
        ("We propose nothing.", Exit.ASKED_WRONGLY),
        (" ".join(ABSTRACT.split()[:20]), Exit.ASKED_WRONGLY),
        (" ".join(ABSTRACT.split()[:26]), Exit.DONE),
        (ABSTRACT * 40, Exit.DONE),
        (ABSTRACT * 400, Exit.ASKED_WRONGLY),
        (
            "我们提出了一种新的方法来解决大型语言模型中的推理问题。该方法在多个基准测试中取得了最先进的结果。" * 2,
            Exit.DONE,
        ),
        (b"%PDF-1.7\xff\xfe\x00", Exit.ASKED_WRONGLY),
        ("\x00\x1b[2J" * 50, Exit.ASKED_WRONGLY),
    ],
)
def test_any_paste_gives_a_blurb_or_a_clear_error(run: Run, stdin: str | bytes, code: Exit) -> None:
    """Empty, short, long, Chinese or binary input produces a blurb or a helpful message, never a traceback."""
    result = run("summarize", stdin=stdin)

    assert code == result.exit_code
    assert result.output.strip()
    assert "\x1b" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_paper_met_before_is_found_without_a_network(run: Run) -> None:
    """A paper that a digest listed can be looked up later without any library."""
    run("digest", "--source", "sample")

    result = run("lookup", "https://arxiv.org/abs/1706.03762")

    assert Exit.DONE == result.exit_code
    assert "Attention Is All You Need" in result.stdout


def test_subscriptions_come_and_go(run: Run) -> None:
    """A subscription can be created, listed and ended."""
    placed = said(run("subscribe", "--source", "sample", "--at", "09:00", "--zone", "Europe/Berlin", "--json"))
    name = placed["subscription"]["id"]

    assert name in run("subscriptions").stdout
    assert Exit.DONE == run("unsubscribe", name).exit_code
    assert name not in run("subscriptions").stdout


def test_every_option_of_a_subscription_can_be_given(run: Run) -> None:
    """The options of a subscription are stored as given and returned in the reply."""
    options = ("--every", "week", "--settle", "3", "--wait", "20:00", "--quiet", "22:00-07:00", "--empty", "trouble")
    subscription = said(run("subscribe", "--source", "sample", "--at", "16:00", *options, "--json"))["subscription"]

    assert ("week", [4], 3, "20:00", "22:00-07:00", "trouble") == tuple(
        subscription[name] for name in ("every", "weekdays", "settle", "wait", "quiet", "empty")
    )
    assert "the best of the week, Fridays at 16:00" in run("subscriptions").stdout


def test_a_subscription_for_the_moment_lists_are_out(run: Run) -> None:
    """`--at announced` schedules the digest at 06:00 and waits for lists until 18:00."""
    subscription = said(run("subscribe", "--source", "sample", "--at", "announced", "--json"))["subscription"]

    assert (["06:00"], "18:00") == (subscription["times"], subscription["wait"])


def test_a_subscription_rests_and_goes_on(run: Run) -> None:
    """A paused subscription is listed as paused; a resumed one has a next digest again."""
    name = said(run("subscribe", "--source", "sample", "--json"))["subscription"]["id"]

    assert f"resume {name}" in run("pause", name).stdout
    assert "Paused." in run("subscriptions").stdout
    assert said(run("resume", name, "--json"))["next_due"]
    assert Exit.ASKED_WRONGLY == run("pause", name, "--until", "2020-01-01").exit_code


def test_init_writes_a_file_that_works(run: Run, tmp_path: Path) -> None:
    """Without a terminal `init` does not prompt; it writes a valid file and replaces it only with --force."""
    file = tmp_path / "settings" / "paperwire.toml"
    arguments = ("--config", str(file), "init", "--contact", "a@example.org", "--timezone", "Europe/Berlin")

    assert Exit.DONE == run(*arguments).exit_code
    assert Exit.ASKED_WRONGLY == run(*arguments).exit_code
    assert Exit.DONE == run(*arguments, "--force").exit_code
    checks = {each["check"]: each for each in said(run("--config", str(file), "doctor", "--offline", "--json"))}
    assert "a@example.org" == checks["contact"]["says"]


@pytest.mark.parametrize(("zone", "written"), [("Etc/UTC", "UTC"), ("Asia/Tokyo", "Asia/Tokyo")])
def test_init_takes_the_zone_of_the_machine(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, written: str
) -> None:
    """The machine's time zone is written; the name that servers have for UTC is written as commands write it."""
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: zone)
    file = tmp_path / "paperwire.toml"

    assert Exit.DONE == run("--config", str(file), "init").exit_code
    assert f'timezone = "{written}"' in file.read_text(encoding="utf-8")


def test_init_refuses_what_cannot_work(run: Run, tmp_path: Path) -> None:
    """An invalid time zone is refused before the file is written."""
    file = tmp_path / "paperwire.toml"

    result = run("--config", str(file), "init", "--timezone", "Europe/Berln")

    assert Exit.ASKED_WRONGLY == result.exit_code
    assert not file.exists()


@pytest.mark.slow  # a refused connection is retried with increasing pauses
def test_the_doctor_names_each_fault_and_its_fix(run: Run) -> None:
    """Without a contact and without a network, the doctor reports both problems and a fix for each."""
    result = run("doctor", "--json")

    assert Exit.FAILED == result.exit_code
    findings = {each["check"]: each for each in said(result)}
    assert "warn" == findings["contact"]["state"]
    assert "wrong" == findings["huggingface"]["state"]
    assert "ok" == findings["database"]["state"]
    assert all(each["fix"] for each in findings.values() if each["state"] != "ok")


def test_a_broken_database_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not a database causes an error that names it, not a traceback."""
    (tmp_path / "notes.txt").write_text("not a database " * 100)

    result = run("--database", str(tmp_path / "notes.txt"), "subscriptions")

    assert Exit.FAILED == result.exit_code
    # A long path is broken over lines.
    assert "notes.txt" in "".join(result.output.split())


def test_the_demo_walks_the_whole_way(run: Run) -> None:
    """The demo runs offline and shows two digests, that nothing is posted twice, a look-up and a condensed paste."""
    result = run("demo")

    assert Exit.DONE == result.exit_code
    assert "5 papers for" in result.stdout
    assert "#reading-group" in result.stdout
    assert "Posted again: 0" in result.stdout
    assert "BERT" in result.stdout
    assert "Approach:" in result.stdout


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_no_list_can_be_of_is_refused(run: Run, day: str) -> None:
    """A day before the first lists or in the future is refused as a wrong request."""
    result = run("digest", "--source", "sample", "--day", day)

    assert Exit.ASKED_WRONGLY == result.exit_code
    assert day in result.stderr


def test_a_source_typed_wrongly_is_no_failure_of_a_source(run: Run) -> None:
    """A misspelt source is reported with the known names before any source is fetched."""
    result = run("digest", "--source", "sample", "--source", "hugingface")

    assert Exit.SETTINGS == result.exit_code
    assert "huggingface" in result.stderr
    assert "" == result.stdout
