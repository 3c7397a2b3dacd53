"""Tests of the command grammar: the request for each command, and the errors for invalid ones."""

import re
from dataclasses import replace
from datetime import date, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import clean
from bots.commands import TOPICS, parse_command, write_command
from bots.domain import requests
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, BadQuery, RequestError
from bots.domain.papers import PaperId, PaperRef
from bots.domain.replies import Topic
from bots.domain.requests import (
    Abstract,
    Cite,
    DigestNow,
    Edit,
    Help,
    Hidden,
    ListSubscriptions,
    Lookup,
    MoreLike,
    NotForUs,
    Pause,
    Preview,
    Request,
    Resume,
    Save,
    Saved,
    Search,
    Subscribe,
    Summarize,
    Taste,
    TasteStep,
    Unhide,
    Unsave,
    Unsubscribe,
)
from bots.domain.subscriptions import MOST_TIMES, WORKDAYS, Every, Hours, Look, SortBy, Subscription, Weekday, WhenEmpty
from summarizer import Style

HERE = Channel(platform="fakechat", workspace="lab", channel="papers")
TODAY = date(2026, 5, 4)


def read(text: str) -> Request:
    """Return the request for a text that Ada types in the papers channel."""
    return parse_command(text, channel=HERE, user="ada", today=TODAY)


def lookup(text: str) -> Lookup:
    """Return a look-up by Ada."""
    return Lookup(channel=HERE, user="ada", text=text)


def search(words: str, limit: int = 5) -> Search:
    """Return a search by Ada."""
    return Search(channel=HERE, user="ada", words=words, limit=limit)


def summarize(text: str, *, title: str = "", style: Style = Style.ONE_LINE) -> Summarize:
    """Return a request by Ada to condense a text."""
    return Summarize(channel=HERE, user="ada", text=text, title=title, style=style)


def subscribe(**said: Any) -> Subscribe:
    """Return a request by Ada to subscribe; `said` are fields of `Subscription`."""
    return Subscribe(channel=HERE, user="ada", subscription=replace(PLAIN, **said))


def pause(until: date) -> Pause:
    """Return a request by Ada to pause until a day."""
    return Pause(channel=HERE, user="ada", subscription_id="3f9a1c", until=until)


TLDR = PaperId.arxiv("2004.15011")
KDD = PaperId(scheme="doi", value="10.1145/3292500.3330701")
TITLED = PaperId(scheme="text", value="0123456789abcdef")
NOW = DigestNow(channel=HERE, user="ada")
PLAIN = Subscription(id="", channel=HERE)
FRIDAYS = frozenset({Weekday.FRI})
NIGHT = Hours(start=time(22), end=time(7))
LINK = "<https://arxiv.org/abs/2004.15011|arxiv.org>"

GOLDEN: list[tuple[str, Request]] = [
    ("", Help(channel=HERE, user="ada")),
    (" \n\u00a0\ufeff", Help(channel=HERE, user="ada")),
    ("help", Help(channel=HERE, user="ada")),
    ("?", Help(channel=HERE, user="ada")),
    ("/help", Help(channel=HERE, user="ada")),
    ("Help!", Help(channel=HERE, user="ada")),
    ("help Subscribe", Help(channel=HERE, user="ada", topic="subscribe")),
    ("help /digest", Help(channel=HERE, user="ada", topic="digest")),
    ("help “search”", Help(channel=HERE, user="ada", topic="search")),
    ("lookup 2004.15011v2", lookup("2004.15011v2")),
    ("LOOKUP  2004.15011 ", lookup("2004.15011")),
    ("/lookup 2004.15011", lookup("2004.15011")),
    ("`lookup 2004.15011`", lookup("2004.15011")),
    ("lookup:\u00a02004.15011", lookup("2004.15011")),
    ("lookup “Attention is  all\nyou need”", lookup("Attention is all you need")),
    ("lookup E=mc2 limit=3", lookup("E=mc2 limit=3")),
    (f"lookup {LINK}", lookup(LINK)),
    ("2004.15011", lookup("2004.15011")),
    ("arXiv: 2004.15011v3 [cs.CL]", lookup("arXiv: 2004.15011v3 [cs.CL]")),
    ("https://huggingface.co/papers/2004.15011", lookup("https://huggingface.co/papers/2004.15011")),
    (LINK, lookup(LINK)),
    ("doi: 10.1145/3292500.3330701", lookup("doi: 10.1145/3292500.3330701")),
    ("search kv cache", search("kv cache")),
    ("find kv cache", search("kv cache")),
    ("search limit=3 kv cache", search("kv cache", 3)),
    ("search kv --limit 3 cache", search("kv cache", 3)),
    ("search kv --limit=3 cache", search("kv cache", 3)),
    ("search kv —limit 3 cache", search("kv cache", 3)),
    ('search kv LIMIT="3"', search("kv", 3)),
    ("search “kv\u00a0cache” -survey", search("“kv cache” -survey")),
    ('search "limit=3"', search('"limit=3"')),
    ('search E=mc2 "oh', search('E=mc2 "oh')),
    ("summarize We prune.\n\n  It works. ", summarize("We prune.\n\n  It works.")),
    ("summarise: We prune.", summarize("We prune.")),
    ("summarize\nstyle=short\nWe prune.", summarize("We prune.", style=Style.SHORT)),
    ("summarize --style Structured We prune.", summarize("We prune.", style=Style.STRUCTURED)),
    (
        "summarize title=“KV  cache” style=one_line We prune style=short.",
        summarize("We prune style=short.", title="KV cache"),
    ),
    ("summarize x=5 holds.", summarize("x=5 holds.")),
    ('summarize f="unclosed', summarize('f="unclosed')),
    ("summarize a\x00b\ud800", summarize("ab")),
    (f"summarize {LINK}", lookup(LINK)),
    ("digest", NOW),
    ("digest now", NOW),
    ("Digest NOW limit=20", replace(NOW, limit=20)),
    ("digest yesterday", replace(NOW, day=date(2026, 5, 3))),
    ("digest day=yesterday", replace(NOW, day=date(2026, 5, 3))),
    ("digest today", replace(NOW, day=TODAY)),
    ("digest 2026-05-01", replace(NOW, day=date(2026, 5, 1))),
    ("digest day=2026-05-05", replace(NOW, day=date(2026, 5, 5))),
    ("digest sort=NEWEST style=structured", replace(NOW, sort_by=SortBy.NEWEST, style=Style.STRUCTURED)),
    ("digest source=huggingface,arxiv:cs.CL+cs.LG", replace(NOW, sources=("huggingface", "arxiv:cs.CL+cs.LG"))),
    ("digest source=HuggingFace source=arxiv:cs.CL", replace(NOW, sources=("huggingface", "arxiv:cs.CL"))),
    ("digest category=cs.CL, stat.* limit=2", replace(NOW, categories=("cs.CL", "stat.*"), limit=2)),
    ('digest query="KV cache" limit=3', replace(NOW, query="KV cache", limit=3)),
    ("digest query=“KV  cache” limit=3", replace(NOW, query="KV cache", limit=3)),
    ("digest query='\"KV cache\" OR agents'", replace(NOW, query='"KV cache" OR agents')),
    ("digest query=‘“KV cache” OR agents’", replace(NOW, query="“KV cache” OR agents")),
    (r'digest query="\"KV cache\" OR agents"', replace(NOW, query='"KV cache" OR agents')),
    ('digest query=ti:"KV cache"', replace(NOW, query='ti:"KV cache"')),
    ("digest query='Alzheimer's disease'", replace(NOW, query="Alzheimer's disease")),
    ("digest --query agents", replace(NOW, query="agents")),
    ("digest query=", NOW),
    ('digest interests="how  proteins\nfold"', replace(NOW, interests="how proteins fold")),
    ("subscribe —interests ‘what the brain's cells do’", subscribe(interests="what the brain's cells do")),
    ("subscribe", Subscribe(channel=HERE, user="ada", subscription=PLAIN)),
    (
        "subscribe source=arxiv:cs.CL query=agents category=cs.* sort=newest limit=7 style=short at=17:30,09:00,9:00 \
        on=mon,wed zone=Europe/Berlin",
        Subscribe(
            channel=HERE,
            user="ada",
            subscription=Subscription(
                id="",
                channel=HERE,
                sources=("arxiv:cs.CL",),
                query="agents",
                categories=("cs.*",),
                sort_by=SortBy.NEWEST,
                limit=7,
                style=Style.SHORT,
                timezone=ZoneInfo("Europe/Berlin"),
                times=(time(9), time(17, 30)),
                weekdays=frozenset({Weekday.MON, Weekday.WED}),
            ),
        ),
    ),
    ("subscribe every=week", subscribe(every=Every.WEEK, weekdays=FRIDAYS)),
    ("subscribe on=mon EVERY=Week", subscribe(every=Every.WEEK, weekdays=frozenset({Weekday.MON}))),
    ("subscribe every=month", subscribe(every=Every.MONTH)),
    ("subscribe every=month on=daily", subscribe(every=Every.MONTH, weekdays=frozenset(Weekday))),
    ("subscribe every=day", subscribe()),
    ("subscribe settle=3 wait=11:00 empty=trouble", subscribe(settle=3, wait=time(11), empty=WhenEmpty.TROUBLE)),
    ("subscribe --settle 14 --wait 11am --empty silent", subscribe(settle=14, wait=time(11), empty=WhenEmpty.SILENT)),
    ("subscribe quiet=22:00-07:00", subscribe(quiet=NIGHT)),
    ("subscribe quiet=10pm–7am", subscribe(quiet=NIGHT)),
    ('subscribe quiet="22:00 - 7" empty=say', subscribe(quiet=NIGHT)),
    ("subscribe at=" + ",".join(map(str, range(24))), subscribe(times=tuple(map(time, range(24))))),
    ("subscribe at=" + ",".join(["9:00"] * 480), subscribe(times=(time(9),))),
    ("subscribe at=announced", subscribe(times=(time(6),), wait=time(18))),
    ("subscribe wait=12:00 at=Announced", subscribe(times=(time(6),), wait=time(12))),
    ("subscribe at=23:00 wait=2:00", subscribe(times=(time(23),), wait=time(2))),
    ("unsubscribe 3f9a1c", Unsubscribe(channel=HERE, user="ada", subscription_id="3f9a1c")),
    ("unsubscribe `3f9a1c`", Unsubscribe(channel=HERE, user="ada", subscription_id="3f9a1c")),
    ("pause 3f9a1c", Pause(channel=HERE, user="ada", subscription_id="3f9a1c")),
    ("pause 3f9a1c until=2026-12-01", pause(date(2026, 12, 1))),
    ("pause --until 2026-12-01 “3f9a1c”", pause(date(2026, 12, 1))),
    ("/Resume `3f9a1c`", Resume(channel=HERE, user="ada", subscription_id="3f9a1c")),
    ("Subscriptions", ListSubscriptions(channel=HERE, user="ada")),
    ("subscribe entries=thread", subscribe(threaded=True)),
    ("subscribe look=compact", subscribe(look=Look.COMPACT)),
    ("subscribe LOOK=Cards", subscribe(look=Look.CARDS)),
    ("subscribe look=auto", subscribe(look=Look.AUTO)),
    ("subscribe entries=Inline", subscribe()),
    ("preview", Preview(channel=HERE, user="ada", subscription=PLAIN)),
    (
        "preview limit=3 entries=thread",
        Preview(channel=HERE, user="ada", subscription=replace(PLAIN, limit=3, threaded=True)),
    ),
    ("abstract 2004.15011v2", Abstract(channel=HERE, user="ada", paper_id=TLDR, version=2)),
    (f"Abstract {LINK}", Abstract(channel=HERE, user="ada", paper_id=TLDR)),
    ("save arXiv: 2004.15011v3 [cs.CL]", Save(channel=HERE, user="ada", paper_id=TLDR)),
    ("save https://doi.org/10.1145/3292500.3330701", Save(channel=HERE, user="ada", paper_id=KDD)),
    ("save text:0123456789abcdef", Save(channel=HERE, user="ada", paper_id=TITLED)),
    ("save 10.1000/a%2541", Save(channel=HERE, user="ada", paper_id=PaperId(scheme="doi", value="10.1000/a%41"))),
    ("/unsave `2004.15011`", Unsave(channel=HERE, user="ada", paper_id=TLDR)),
    ("hide 2004.15011", NotForUs(channel=HERE, user="ada", paper_id=TLDR)),
    ("hide 2004.15011 ask", NotForUs(channel=HERE, user="ada", paper_id=TLDR, sure=False)),
    (f"Unhide {LINK}", Unhide(channel=HERE, user="ada", paper_id=TLDR)),
    ("hidden", Hidden(channel=HERE, user="ada")),
    ("interests", Taste(channel=HERE, user="ada")),
    ("Interests RESET", Taste(channel=HERE, user="ada", step=TasteStep.RESET)),
    (f"interests like {LINK}", Taste(channel=HERE, user="ada", step=TasteStep.LIKE, papers=(PaperRef(id=TLDR),))),
    ("hidden 12", Hidden(channel=HERE, user="ada", page=12)),
    ("saved", Saved(channel=HERE, user="ada")),
    ("saved kv\n cache limit=3", Saved(channel=HERE, user="ada", words="kv cache limit=3")),
    ("like 2004.15011", MoreLike(channel=HERE, user="ada", paper_id=TLDR)),
    ("like limit=3 “2004.15011”", MoreLike(channel=HERE, user="ada", paper_id=TLDR, limit=3)),
    ("like arXiv:2004.15011 [cs.CL] limit=3", MoreLike(channel=HERE, user="ada", paper_id=TLDR, limit=3)),
    ("hide 2004.15011", NotForUs(channel=HERE, user="ada", paper_id=TLDR)),
    ("cite", Cite(channel=HERE, user="ada")),
    ("cite 2004.15011", Cite(channel=HERE, user="ada", paper_id=TLDR)),
]


@pytest.mark.parametrize(("text", "request_"), GOLDEN)
def test_a_line_means_one_request(text: str, request_: Request) -> None:
    """Each text in the table is parsed into its request, which can be written as a command and parsed again."""
    assert request_ == read(text)
    assert request_ == read(write_command(request_))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("9", [time(9)]),
        ("0:05", [time(0, 5)]),
        ("23:59", [time(23, 59)]),
        ("9.30", [time(9, 30)]),
        ("9am,5:30PM", [time(9), time(17, 30)]),
        ("12am,12pm", [time(0), time(12)]),
        ("09:00, 17:30", [time(9), time(17, 30)]),
        ('"17:30, 9 am,"', [time(9), time(17, 30)]),
    ],
)
def test_times_are_read_on_both_clocks(value: str, expected: list[time]) -> None:
    """Times in 12-hour and 24-hour form are parsed, sorted, and each kept once."""
    asked = read(f"subscribe at={value} limit=2")
    assert isinstance(asked, Subscribe)
    assert expected == list(asked.subscription.times)
    assert 2 == asked.subscription.limit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("daily", set(Weekday)),
        ("weekdays", WORKDAYS),
        ("Workday", WORKDAYS),
        ("weekends", {Weekday.SAT, Weekday.SUN}),
        ("mon,wed,fri", {Weekday.MON, Weekday.WED, Weekday.FRI}),
        ("Mondays, thurs", {Weekday.MON, Weekday.THU}),
        ("mon-fri", WORKDAYS),
        ("tue–thu", {Weekday.TUE, Weekday.WED, Weekday.THU}),
        ("fri-mon", {Weekday.FRI, Weekday.SAT, Weekday.SUN, Weekday.MON}),
        ("sun-sun", {Weekday.SUN}),
        ("mon,weekend", {Weekday.MON, Weekday.SAT, Weekday.SUN}),
    ],
)
def test_weekdays_are_read_as_names_ranges_and_groups(value: str, expected: set[Weekday]) -> None:
    """Weekdays may be names, groups or ranges; a range may pass the end of the week."""
    asked = read(f"subscribe on={value}")
    assert isinstance(asked, Subscribe)
    assert expected == asked.subscription.weekdays


@pytest.mark.parametrize("value", ["Europe/Berlin", "europe/berlin", "America/New_York", '"america/new york"', "UTC"])
def test_a_zone_is_read_in_any_case(value: str) -> None:
    """A time zone may be typed in any case, and with a space for the underscore."""
    asked = read(f"subscribe zone={value}")
    assert isinstance(asked, Subscribe)
    assert value.strip('"').replace(" ", "_").casefold() == str(asked.subscription.timezone).casefold()


@pytest.mark.parametrize("name", ["Etc/GMT+5", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "EST5EDT"])
def test_every_kind_of_zone_name_can_be_typed(name: str) -> None:
    """Time zone names with signs and digits are accepted."""
    assert name in available_timezones()
    asked = read(f"subscribe zone={name}")
    assert isinstance(asked, Subscribe)
    assert ZoneInfo(name) == asked.subscription.timezone


WRONG: list[tuple[str, type[RequestError], str, tuple[str, ...]]] = [
    (
        "serch kv",
        BadCommand,
        "no command “serch”",
        ("Did you mean “search”?", "/paper search ", "/paper help lists"),
    ),
    ("subscribtions", BadCommand, "no command “subscribtions”", ("Did you mean “subscriptions”?",)),
    ("We prune the cache. " * 20, BadCommand, "no command “we”", ("“summarize”", "/paper help lists")),
    ("/", BadCommand, "no command “/”", ("/paper help lists",)),
    ("help serch", BadCommand, "no command “serch”", ("Did you mean “search”?",)),
    ("lookup", BadCommand, "Which paper?", ("/paper lookup 2004.15011", "lookup 2004.15011")),
    ("lookup “ ”", BadCommand, "Which paper?", ("/paper lookup 2004.15011",)),
    ("lookup " + "a" * 501, BadCommand, "501 characters", ("/paper lookup 2004.15011",)),
    ("search", BadCommand, "Which words?", ("/paper search ",)),
    ("search limit=3", BadCommand, "Which words?", ("/paper search ",)),
    ("search kv limt=3", BadCommand, "has no option “limt”", ("Did you mean “limit”?", "/paper search ")),
    ("search kv source=arxiv", BadCommand, "has no option “source”", ("/paper search ",)),
    ("search kv limit=0", BadQuery, "“0” is no number", ("1 to 20", "search ")),
    ("search kv limit=21", BadQuery, "“21” is no number", ("1 to 20",)),
    ("search kv limit=five", BadQuery, "“five” is no number", ("1 to 20",)),
    ("search kv limit=٣", BadQuery, "is no number", ("1 to 20",)),
    ("search kv --limit", BadQuery, "“” is no number", ("1 to 20",)),
    ("search kv limit=2 limit=3", BadCommand, "“limit” is given twice", ("/paper search ",)),
    ("summarize", BadCommand, "no text", ("/paper summarize ",)),
    ("summarize style=short", BadCommand, "no text", ("/paper summarize ",)),
    (
        "summarize style=shrt We prune.",
        BadQuery,
        "“shrt” is no style",
        ("Did you mean short?", "one-line, short or structured"),
    ),
    ("summarize styl=short We prune.", BadCommand, "has no option “styl”", ("Did you mean “style”?",)),
    ('summarize title="We prune.', BadCommand, "quote after “title” is never closed", ("/paper summarize ",)),
    ("digest agents", BadCommand, "“agents” is not understood here", ("about agents", "/paper digest ")),
    (
        "digest query=KV cache limit=3",
        BadCommand,
        "“cache” is not understood",
        ('in quotes: "KV cache"', "about KV cache"),
    ),
    ('digest query="KV cache" OR x', BadCommand, "“OR x” is not understood", ("in quotes: '\"KV cache\" OR x'",)),
    ('digest query="KV cache', BadCommand, "quote after “query” is never closed", ("/paper digest ",)),
    ("digest query='(a OR'", BadQuery, "OR at character 4", ("Write it like this", "/paper digest ")),
    ("digest query=titel:x", BadQuery, "no field “titel:”", ("Did you mean title:?",)),
    ("digest sort=newst", BadQuery, "“newst” is no sort", ("Did you mean newest?", "trending or newest")),
    ("digest sources=arxiv", BadCommand, "has no option “sources”", ("Did you mean “source”?",)),
    ("digest year=2026", BadCommand, "has no option “year”", ("write “about” and a colon: about year:2026.",)),
    ("digest at=9:00", BadCommand, "has no option “at”", ("/paper digest ",)),
    ("digest source=,", BadQuery, "“source” has no value", ("Give it one",)),
    ("digest category=cs!", BadQuery, "“cs!” is not a category", ("cs.CL", "cs.*")),
    ("digest day=2026-02-30", BadQuery, "“2026-02-30” is no day", ("year-month-day: 2026-05-01",)),
    ("digest day=20260501", BadQuery, "is no day", ("year-month-day: 2026-05-01",)),
    ("digest 2026-05-06", BadQuery, "“2026-05-06” is in the future", ("Leave the day out",)),
    ("digest " + "x" * 3001, BadCommand, "3,001 characters", ("/paper digest ",)),
    ("subscribe agents", BadCommand, "“agents” is not understood here", ("/paper subscribe ",)),
    ("subscribe day=today", BadCommand, "has no option “day”", ("/paper subscribe ",)),
    (
        "subscribe at=25:00",
        BadQuery,
        "“25:00” is no time of day",
        ("0:00 to 23:59", "9am, 9:30 or 17:30", "subscribe "),
    ),
    ("subscribe at=24:00", BadQuery, "“24:00” is no time of day", ("0:00 to 23:59",)),
    (
        "subscribe at=" + ",".join(f"{minute // 60}:{minute % 60:02}" for minute in range(0, 1440, 3)),
        BadQuery,
        "480 times of day are too many: a subscription has at most 24.",
        ("9:00, 17:00",),
    ),
    ("subscribe at=9:60", BadQuery, "“9:60” is no time of day", ("9am, 9:30 or 17:30",)),
    ("subscribe at=13pm", BadQuery, "“13pm” is no time of day", ("9am, 9:30 or 17:30",)),
    ("subscribe at=0am", BadQuery, "“0am” is no time of day", ("9am, 9:30 or 17:30",)),
    ("subscribe at=", BadQuery, "“at” has no value", ("Give it one",)),
    ("subscribe on=mondy", BadQuery, "“mondy” is no weekday", ("Did you mean monday?", "Monday and Thursday")),
    ("subscribe on=mon-", BadQuery, "is no weekday", ("mon-fri",)),
    ("subscribe zone=Europe/Berln", BadQuery, "is no time zone", ("Did you mean Europe/Berlin",)),
    ("subscribe zone=../../etc/passwd", BadQuery, "is no time zone", ("a city, such as Berlin",)),
    ("subscribe zone=" + "x" * 300, BadQuery, "is no time zone", ("a city, such as Berlin",)),
    ("subscribe at=announced,9", BadQuery, "“announced” is no time of day", ("“announced” alone",)),
    ("subscribe every=wekly", BadQuery, "“wekly” is no value of “every”", ("Did you mean week?", "day, week or month")),
    ("subscribe every=week on=mon,fri", BadQuery, "posted on one day", ("Name that one day", "Without a day")),
    ("subscribe every=week on=weekdays", BadQuery, "posted on one day", ("Name that one day", "subscribe ")),
    ("subscribe every=month settle=2", BadQuery, "no days to settle", ("Leave the days",)),
    ("subscribe settle=15", BadQuery, "“15” is no number of days", ("0 to 14",)),
    ("subscribe settle=-1", BadQuery, "“-1” is no number of days", ("0 to 14",)),
    ("subscribe settle=three", BadQuery, "“three” is no number of days", ("0 to 14",)),
    ("subscribe wait=25:00", BadQuery, "“25:00” is no time of day", ("11:00",)),
    ("subscribe wait=11:00,12:00", BadQuery, "is no time of day", ("11:00",)),
    ("subscribe at=9,12 wait=12:00", BadQuery, "cannot wait until 12:00", ("16:00",)),
    (
        "subscribe wait=18:00 at=18",
        BadQuery,
        "cannot wait until 18:00",
        ("22:00",),
    ),
    ("subscribe quiet=22:00", BadQuery, "“22:00” is no range of hours", ("22:00-07:00",)),
    ("subscribe quiet=late-early", BadQuery, "“late-early” is no range of hours", ("22:00-07:00",)),
    ("subscribe quiet=7-7", BadQuery, "“7-7” starts and ends at the same time", ("two different times", "pause")),
    ("subscribe empty=quiet", BadQuery, "“quiet” is no value of “empty”", ("say, trouble or silent",)),
    ("subscribe until=2026-12-01", BadCommand, "has no option “until”", ("/paper subscribe ",)),
    ("pause a until=Christmas", BadQuery, "“Christmas” is no day", ("until 2026-12-01",)),
    ("pause a at=9", BadCommand, "has no option “at”", ("/paper pause ",)),
    ("subscribe entries=sideways", BadQuery, "“sideways” is no value of “entries”", ("inline or thread",)),
    ("preview at=25:00", BadQuery, "“25:00” is no time of day", ("/paper preview ",)),
    ("abstract", BadCommand, "Which paper?", ("/paper abstract 2004.15011", "abstract 2004.15011")),
    (
        "abstract attention is all",
        BadCommand,
        "“attention is all” is not the id of a paper",
        ("/paper search finds it by words", "/paper abstract 2004.15011"),
    ),
    ("save " + "a" * 501, BadCommand, "501 characters", ("/paper save 2004.15011",)),
    ("save text:abc", BadCommand, "“text:abc” is not the id of a paper", ("/paper save 2004.15011",)),
    (
        "save 2004.15011 please",
        BadCommand,
        "“2004.15011 please” is not the id",
        ("/paper save 2004.15011",),
    ),
    ("saved " + "a" * 501, BadCommand, "501 characters", ("/paper saved ",)),
    ("like limit=3", BadCommand, "Which paper?", ("/paper like 2004.15011",)),
    ("like 2004.15011 limit=30", BadQuery, "“30” is no number of papers", ("1 to 20",)),
    ("like 2004.15011 limt=3", BadCommand, "has no option “limt”", ("Did you mean “limit”?",)),
    ("like 2004.15011 limit 3", BadCommand, "is not the id of a paper", ("/paper like 2004.15011",)),
    ("hide ask", BadCommand, "“ask” is not the id of a paper", ("/paper hide 2004.15011",)),
    ("hide 2004.15011 please", BadCommand, "“2004.15011 please” is not the id", ("/paper hide 2004.15011",)),
    ("unhide", BadCommand, "Which paper?", ("/paper unhide 2004.15011",)),
    ("unhide 2004.15011 ask", BadCommand, "“2004.15011 ask” is not the id", ("/paper unhide 2004.15011",)),
    ("hidden 0", BadCommand, "“0” is not the number of a page", ("/paper hidden",)),
    ("hidden ٣", BadCommand, "is not the number of a page", ("/paper hidden",)),
    ("hidden 99999", BadCommand, "“99999” is not the number of a page", ("/paper hidden",)),
    ("cite everything", BadCommand, "“everything” is not the id of a paper", ("/paper cite ",)),
]


@pytest.mark.parametrize(("text", "kind", "message", "hints"), WRONG)
def test_what_means_nothing_is_said_with_the_right_form(
    text: str, kind: type[RequestError], message: str, hints: tuple[str, ...]
) -> None:
    """The message repeats the wrong text as typed; the hint says what is right, with an example to copy."""
    with pytest.raises(RequestError) as caught:
        read(text)
    assert kind is type(caught.value)
    assert message in str(caught.value)
    assert [] == [hint for hint in hints if hint not in caught.value.hint]


def test_without_a_known_day_yesterday_must_be_written_out() -> None:
    """If the user's day is not known, "yesterday" is refused, and "today" is the day on which the reply is made."""
    assert replace(NOW, user="") == parse_command("digest today", channel=HERE)
    with pytest.raises(BadQuery, match="“yesterday” is no day"):
        parse_command("digest yesterday", channel=HERE)


def test_the_hours_of_a_subscription_are_the_askers_own() -> None:
    """Without zone= the times are in the user's own time zone, or in UTC if that is unknown; zone= overrides both."""
    vienna, tokyo = ZoneInfo("Europe/Vienna"), ZoneInfo("Asia/Tokyo")
    typed = partial(parse_command, channel=HERE, zone=vienna)
    for words in ("subscribe at=09:00", "preview at=09:00"):
        assert vienna == ordered(typed(words)).timezone
        assert tokyo == ordered(typed(f"{words} zone=Asia/Tokyo")).timezone
        assert ZoneInfo("UTC") == ordered(parse_command(words, channel=HERE)).timezone


def ordered(request: Request) -> Subscription:
    """Return the subscription in a request."""
    assert isinstance(request, Subscribe | Preview)
    return request.subscription


KINDS = {
    "lookup": Lookup,
    "search": Search,
    "summarize": Summarize,
    "digest": DigestNow,
    "subscribe": Subscribe,
    "edit": Edit,
    "unsubscribe": Unsubscribe,
    "pause": Pause,
    "resume": Resume,
    "subscriptions": ListSubscriptions,
    "preview": Preview,
    "abstract": Abstract,
    "save": Save,
    "unsave": Unsave,
    "saved": Saved,
    "like": MoreLike,
    "hide": NotForUs,
    "unhide": Unhide,
    "hidden": Hidden,
    "cite": Cite,
    "interests": Taste,
    "follow": requests.Follow,
    "unfollow": requests.Unfollow,
    "following": requests.Following,
    "mentions": requests.Mentions,
    "help": Help,
}


def test_the_help_knows_every_command() -> None:
    """The help has one topic for each kind of request."""
    assert set(KINDS) == {topic.name for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_an_example_in_the_help_is_its_own_command(topic: Topic) -> None:
    """Every example in the help is a valid command, and every form begins with the command's name."""
    assert KINDS[topic.name] is type(read(topic.example))
    assert topic.form.split()[0] == topic.name == topic.example.split()[0]
    assert topic.says.endswith(".")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_what_a_command_does_is_said_in_words(topic: Topic) -> None:
    """What a chat shows of a command holds no grammar: no brackets, no placeholders, no option with its sign."""
    assert None is re.search(r"[][<>|`]|\w=", topic.says)
    assert None is re.search(r"[][<>|`]", topic.example)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_misspelled_command_is_guessed(topic: Topic) -> None:
    """A command without its second letter is still suggested correctly."""
    with pytest.raises(BadCommand) as caught:
        read(topic.name[0] + topic.name[2:])
    assert f"Did you mean “{topic.name}”?" in caught.value.hint


pieces = st.sampled_from(
    [
        *KINDS, *(f"{key}=" for key in ("source", "query", "category", "sort", "limit", "style", "title", "day")),
        "interests=", "at=", "on=", "zone=", "every=", "settle=", "wait=", "quiet=", "empty=", "until=", "announced",
        "week", "month",
        "doi:10.1145/a%25b<c>", "text:0123456789abcdef", "entries=", "thread",
        "3", "22:00-07:00", "7-7", "silent", "trouble", "3f9a1c",
        "--limit", "—at", " ", " ", " ", "\n", "\u00a0", '"', "“", "”", "'", "‘", "’", "\\", ",", "-",
        "(", "5", "20", "9:00", "25:00", "9am", "mon", "fri", "daily", "Europe/Berlin", "cs.CL", "cs.*", "arxiv:cs.CL",
        "KV cache", "AND", "OR", "2004.15011", LINK, "short", "newest", "today", "yesterday", "now", "2026-05-01",
        "`", "/", ":", "=", "\u200b", "\x00", "é",
    ]
)  # fmt: skip
typed = st.one_of(
    st.text(max_size=80),
    st.lists(pieces, max_size=20).map("".join),
    st.lists(pieces, max_size=12).map(" ".join),
    st.builds("{} {}".format, st.sampled_from(sorted(KINDS)), st.text(max_size=60)),
)


@given(typed)
def test_any_text_is_a_request_or_a_named_error(text: str) -> None:
    """Any text raises a RequestError, or is a request that can be written as a command and parsed again."""
    try:
        asked = read(text)
    except RequestError:
        return
    assert HERE == asked.channel
    assert asked == read(write_command(asked))


@given(typed)
def test_every_error_has_a_message_and_a_hint_that_fit_a_chat(text: str) -> None:
    """Every error has a short message for each mistake, seven at most, and a short hint, whatever was typed."""
    said = problem(text)
    assert said is None or (0 < max(map(len, said[0].split("\n"))) < 400 and 0 < len(said[1]) < 700)
    assert said is None or len(said[0].split("\n")) <= 7


def problem(text: str) -> tuple[str, str] | None:
    """Return the error's message and hint, or None if there is no error."""
    try:
        read(text)
    except RequestError as error:
        return str(error), error.hint
    return None


lines = st.text("ab é\"'\\“”,=:-\t", max_size=30)
queries = st.sampled_from(["", "agents", '"KV cache" OR agents', "ti:“a b” -survey", "it's", r'"back\slash"', "a, b"])
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def possible(subscription: Subscription) -> Subscription:
    """Return the subscription changed so that its options do not contradict each other."""
    return replace(
        subscription,
        weekdays=frozenset({min(subscription.weekdays)}) if subscription.every is Every.WEEK else subscription.weekdays,
        settle=0 if subscription.every is Every.MONTH else subscription.settle,
        wait=None if subscription.wait in subscription.times else subscription.wait,
    )


interests = st.text(max_size=500).map(clean).filter(lambda text: not text or any(map(str.isalnum, text)))
subscriptions = st.builds(
    Subscription,
    id=st.just(""),
    channel=st.just(HERE),
    sources=st.lists(
        st.sampled_from(["huggingface", "huggingface:week", "arxiv:cs.CL+cs.LG", "file:my papers.bib"]),
        min_size=1,
        unique=True,
    ).map(tuple),
    query=queries,
    interests=interests,
    categories=st.lists(st.sampled_from(["cs.CL", "stat.*", "cancer biology"]), unique=True).map(tuple),
    sort_by=st.sampled_from(SortBy),
    limit=st.integers(1, 20),
    style=st.sampled_from(Style),
    timezone=st.sampled_from(["UTC", "Europe/Berlin", "Etc/GMT+5"]).map(ZoneInfo),
    times=st.sets(minutes, min_size=1, max_size=MOST_TIMES).map(lambda some: tuple(sorted(some))),
    weekdays=st.frozensets(st.sampled_from(Weekday), min_size=1),
    every=st.sampled_from(Every),
    settle=st.integers(0, 14),
    wait=st.none() | minutes,
    quiet=st.none() | st.builds(Hours, start=minutes, end=minutes).filter(lambda some: some.start != some.end),
    empty=st.sampled_from(WhenEmpty),
    look=st.sampled_from(Look),
    threaded=st.booleans(),
).map(possible)


@given(subscriptions)
def test_a_subscription_can_be_written_as_the_command_that_makes_it(subscription: Subscription) -> None:
    """Every option of a subscription is unchanged after writing and parsing, with any quotes and commas."""
    asked = Subscribe(channel=HERE, user="ada", subscription=subscription)
    assert asked == read(write_command(asked))


@given(st.permutations(["every=week", "on=tue", "at=announced", "settle=3", "wait=9", "quiet=22-5", "empty=silent"]))
def test_options_mean_the_same_in_any_order(options: list[str]) -> None:
    """The order of options does not matter, because conflicts and defaults are resolved after all were parsed."""
    tuesday = frozenset({Weekday.TUE})
    night = Hours(start=time(22), end=time(5))
    said = subscribe(
        every=Every.WEEK,
        weekdays=tuesday,
        times=(time(6),),
        settle=3,
        wait=time(9),
        quiet=night,
        empty=WhenEmpty.SILENT,
    )
    assert said == read(f"subscribe {' '.join(options)}")


def test_the_former_name_of_an_option_is_still_read() -> None:
    """Version 0.1.0 wrote `order=` for `sort=`; a draft it left in a chat means what it meant."""
    assert read("digest sort=newest") == read("digest order=newest")
    with pytest.raises(BadCommand, match="twice"):
        read("digest sort=newest order=trending")


@given(lines, st.sampled_from(Style))
def test_a_title_survives_its_quotes(title: str, style: Style) -> None:
    """A pasted title may contain any quote, backslash or equals sign."""
    asked = summarize("We prune.", title=" ".join(title.split()), style=style)
    assert asked == read(write_command(asked))
