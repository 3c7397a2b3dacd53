"""What readers see of a message: text, links and pings."""

import pytest

from tests.fakes.slack.mrkdwn import Link, Ping, Reading, Text, as_typed, read, shown
from tests.fakes.slack.problems import Json
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.world import Message


def seen(text: str = "", blocks: list[Json] | None = None, **more: bool | str) -> Seen:
    """Return a message as readers see it."""
    message = Message(ts="1.000001", user="U1", text=text, blocks=blocks or [])
    message.parse, message.link_names = str(more.get("parse", "")), bool(more.get("link_names"))
    return Seen(message, channel="C1", usergroups=frozenset({"readers"}), names={"U0FAKE00001": "ada"})


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("<!channel> look", "channel"),
        ("<!here> look", "here"),
        ("<!everyone|all> look", "everyone"),
        ("<@U0FAKE00001> look", "U0FAKE00001"),
        ("<@W0FAKE00001|boss> look", "W0FAKE00001"),
        ("<!subteam^S0FAKE|@readers> look", "S0FAKE"),
        ("*<!channel>*", "channel"),
        ("`<!here>`", "here"),
    ],
)
def test_a_mention_pings(text: str, target: str) -> None:
    """Every sequence that Slack documents as a mention is a ping, also within marks."""
    assert [target] == [ping.target for ping in seen(text).pings]


@pytest.mark.parametrize(
    "text", ["&lt;!channel&gt;", "@channel", "@here", "#general", "<#C0FAKE1|general>", "a < b > c", "!channel"]
)
def test_what_is_escaped_or_bare_pings_nobody(text: str) -> None:
    """Escaped sequences, bare names and links to channels do not ping in a message's text."""
    assert [] == seen(text).pings


def test_bare_names_ping_where_the_sender_asked_for_it() -> None:
    """With `parse: full` bare @here and #names are mentions, with `link_names` the name of a group."""
    assert ["here"] == [ping.target for ping in seen("@here look", parse="full").pings]
    assert ["readers"] == [ping.target for ping in seen("@readers look", link_names=True).pings]


def test_bare_names_in_a_mrkdwn_object_are_doubtful() -> None:
    """Bare names in mrkdwn objects are doubtful pings, unless `verbatim` is set.

    The documents say only that "certain mentions" are read there.
    """
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "@channel look"}}
    assert ["channel"] == [ping.target for ping in seen(blocks=[block]).doubtful_pings]
    block["text"] |= {"verbatim": True}  # type: ignore[operator] # a dict of dicts and strings
    assert [] == seen(blocks=[block]).doubtful_pings


def test_links_carry_the_label_that_is_shown() -> None:
    """A link has the label that readers see, so that a misleading label can be detected."""
    found = seen("<https://evil.example/x?a=1&amp;b=2|arxiv.org> and https://arxiv.org/abs/1.").links
    assert [
        Link(url="https://evil.example/x?a=1&b=2", label="arxiv.org"),
        Link(url="https://arxiv.org/abs/1", label="https://arxiv.org/abs/1"),
    ] == found


def test_marks_are_taken_off_mrkdwn_and_left_in_rich_text() -> None:
    """Asterisks mark bold text in mrkdwn; in rich text and plain text they are plain characters."""
    assert "bold and x_i" == seen("*bold* and x_i").text
    assert [Text(text="bold", style=frozenset({"bold"}))] == read("*bold*")
    leaf = {"type": "text", "text": "*not bold* <!channel> $x_i$"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}
    assert "*not bold* <!channel> $x_i$" == seen(blocks=[rich]).text
    assert [] == seen(blocks=[rich]).pings
    header = {"type": "header", "text": {"type": "plain_text", "text": "*a* <!here>"}}
    assert "*a* <!here>" == seen(blocks=[header]).text


def test_typed_leaves_of_rich_text_ping() -> None:
    """A broadcast or a user element in rich text pings like the mention in mrkdwn."""
    leaves: list[Json] = [{"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U0FAKE00001"}]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}
    assert ["here", "U0FAKE00001"] == [ping.target for ping in seen(blocks=[rich]).pings]
    assert "@here@ada" == seen(blocks=[rich]).text


def test_a_mention_in_a_markdown_block_counts() -> None:
    """No document says that mentions in markdown blocks do not ping, so they count."""
    found = seen(blocks=[{"type": "markdown", "text": "**Hi** <!channel> [paper](https://arxiv.org)"}])
    assert ["channel"] == [ping.target for ping in found.pings]
    assert [Link(url="https://arxiv.org", label="paper")] == found.links


def test_the_text_beside_blocks_is_the_fallback() -> None:
    """Beside blocks the text is not shown in the client; it is the notification, and its mentions count."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "In the window"}}
    found = seen("<!here> In the notification", [block])
    assert "In the window" == found.text
    assert "@here In the notification" == found.fallback
    assert [Ping(kind="broadcast", target="here", label="@here")] == found.pings


def test_what_is_typed_reaches_apps_escaped() -> None:
    """Apps receive a person's text with `& < >` escaped and URLs in angle brackets."""
    typed = "a < b & <@U0FAKE00001> https://arxiv.org/abs/1?x=1&y=2"
    assert "a &lt; b &amp; <@U0FAKE00001> <https://arxiv.org/abs/1?x=1&amp;y=2>" == as_typed(typed)
    assert "a < b & @U0FAKE00001 https://arxiv.org/abs/1?x=1&y=2" == shown(read(as_typed(typed)))


def test_bare_addresses_are_left_alone_where_parsing_is_off() -> None:
    """With `parse: none` bare URLs are not links."""
    assert [Text(text="https://arxiv.org")] == read("https://arxiv.org", Reading(parse="none"))
