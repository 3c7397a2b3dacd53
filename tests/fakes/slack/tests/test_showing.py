"""The transcript and the previews: they show what happened, with sent text escaped."""

import re
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack.block_html import BlockHtml
from tests.fakes.slack.preview import Preview
from tests.fakes.slack.problems import Json
from tests.fakes.slack.terminal import HELP, Terminal
from tests.fakes.slack.tests.bot import SUBSCRIBE, section, socket_bot, text
from tests.fakes.slack.tests.conftest import Lab
from tests.fakes.slack.transcript import Transcript

VIENNA = ZoneInfo("Europe/Vienna")


async def test_a_conversation_can_be_read(lab: Lab) -> None:
    """The transcript shows who did what in which channel, its audience and buttons, in the given time zone."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper help", lab.papers)
        await lab.ada.presses(lab.ada.sees(lab.papers)[0], "More")
        await lab.ada.reads("More of it.", lab.papers)
    expected = """\
22:26:40  Ada in #papers types /paper help
22:26:40  Paperwire in #papers (only Ada sees it):
            Help
            [More]
22:26:40  Ada in #papers presses More
22:26:40  Paperwire in #papers changes it to:
            More of it."""
    assert expected in Transcript(lab.slack.hub, zone=VIENNA).text()


async def test_what_goes_on_behind_is_told_where_asked(lab: Lab) -> None:
    """Calls are in the transcript only with `everything`."""
    await lab.client.api_test()
    assert "call: api.test" not in Transcript(lab.slack.hub).text()
    assert "call: api.test" in Transcript(lab.slack.hub, everything=True).text()


async def test_a_window_is_in_the_transcript(lab: Lab) -> None:
    """A modal is in the transcript with its fields and errors."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper subscribe", lab.papers)
        await lab.ada.gets_modal()
        await lab.ada.fills({"Words to look for": "bad"})
        await lab.ada.submits()
    written = Transcript(lab.slack.hub).text()
    assert "Ada sees the window Subscribe (opened):\n            Words to look for" in written
    assert "(!) Not a query" in written


class Tags(HTMLParser):
    """Parses HTML, checks that tags are balanced, and keeps tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - given by name
        """Record a tag."""
        self.seen.add(tag)
        if tag not in ("br", "hr", "meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that a closing tag matches the open one."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Record text."""
        self.said.append(data)


def parsed(html: str) -> Tags:
    """Parse a page and check that every tag is closed."""
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert [] == tags.open
    return tags


async def test_a_channel_is_shown_as_its_readers_see_it(lab: Lab) -> None:
    """The preview shows links, buttons and marks, names in place of ids, and marks ephemeral messages as such."""
    leaf: Json = {"type": "link", "url": "https://arxiv.org/abs/1", "text": "On <b>*stars*</b>"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}
    header: Json = {"type": "header", "text": text("Digest", "plain_text")}
    blocks: list[Json] = [header, rich, section(f"*Hi* <@{lab.ada.user.id}>")]
    posted = await lab.client.chat_postMessage(channel="#papers", text="Digest", blocks=blocks)
    await lab.client.chat_postMessage(channel="#papers", text="Part", thread_ts=posted["ts"])
    await lab.client.chat_postEphemeral(channel=lab.papers.id, user=lab.ada.user.id, text="Psst")
    page = Preview(lab.slack.hub, zone=VIENNA).conversation("#papers", lab.ada.sees(lab.papers))
    parsed(page)
    assert '<a href="https://arxiv.org/abs/1">On &lt;b&gt;*stars*&lt;/b&gt;</a>' in page
    assert '<b>Hi</b> <span class="mention">@ada</span>' in page
    assert "Only visible to you" in page
    assert "1 reply" in page
    assert "<time>22:26</time>" in page


async def test_a_modal_is_shown_with_what_is_filled_in_and_what_is_wrong(lab: Lab) -> None:
    """A preview of a modal shows title, labels, values, chosen options and errors."""
    trigger = lab.slack.hub.passes.trigger(lab.papers.team, lab.ada.user.id)
    await lab.client.views_open(trigger_id=trigger.id, view=SUBSCRIBE)
    await lab.ada.fills({"Words to look for": "<diffusion>", "Sources": ["arXiv", "Hugging Face"]})
    screen = await lab.ada.gets_modal()
    screen.view.errors = {"query": "Too short"}
    page = Preview(lab.slack.hub).screen(screen)
    said = parsed(page).said
    assert {"Subscribe", "<diffusion>", "arXiv, Hugging Face", "Too short", "Save", "Cancel"} <= set(said)


async def test_a_home_tab_is_shown(lab: Lab) -> None:
    """A preview of a home tab shows its blocks."""
    await lab.client.views_publish(user_id=lab.ada.user.id, view={"type": "home", "blocks": [section("Your papers")]})
    assert lab.ada.home is not None
    assert "Your papers" in parsed(Preview(lab.slack.hub).screen(lab.ada.home)).said


hostile = st.text(min_size=1, max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", "<!channel>", '"><img src=x onerror=1>', "<https://x|<b>>", "*_~`", "&lt;i&gt;"]
)


@given(hostile)
def test_nothing_that_is_sent_becomes_a_tag(words: str) -> None:
    """Whatever a text contains, its preview has only the preview's own tags."""
    button = {"type": "button", "text": text(words, "plain_text"), "action_id": "a"}
    leaf = {"type": "text", "text": words}
    blocks: list[Json] = [
        {**section(words), "accessory": button},
        {"type": "header", "text": text(words, "plain_text")},
        {"type": "context", "elements": [text(words)]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]},
        {"type": "image", "alt_text": words},
        {"type": "markdown", "text": words},
        {"type": "table", "rows": [[{"type": "raw_text", "text": words}]]},
    ]
    allowed = set("div span p br b i s code a table tr td".split())
    assert set() == parsed(BlockHtml().blocks(blocks)).seen - allowed


@given(hostile)
def test_no_link_leads_to_a_script(words: str) -> None:
    """A link with another scheme than http, https or mailto gets no target."""
    leaf = {"type": "link", "url": f"javascript:{words}", "text": words}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}
    assert ["#"] == re.findall(r'href="([^"]*)"', BlockHtml().blocks([rich]))


def test_every_kind_of_field_is_shown() -> None:
    """Checkboxes, radio buttons, menus and long texts are shown as such."""
    option = {"text": text("One", "plain_text"), "value": "1"}
    elements: list[Json] = [
        {"type": "checkboxes", "action_id": "a", "options": [option], "initial_options": [option]},
        {"type": "radio_buttons", "action_id": "a", "options": [option]},
        {"type": "static_select", "action_id": "a", "options": [option], "initial_option": option},
        {"type": "timepicker", "action_id": "a", "initial_time": "09:00"},
        {"type": "plain_text_input", "action_id": "a", "multiline": True, "placeholder": text("Paste", "plain_text")},
    ]
    label = text("L", "plain_text")
    blocks = [{"type": "input", "block_id": str(n), "label": label, "element": e} for n, e in enumerate(elements)]
    shown = BlockHtml().blocks(blocks)
    assert ["☑ One", "○ One"] == re.findall(r"[☑○] One", shown)
    assert ["09:00", "Paste"] == re.findall(r"09:00|Paste", shown)
    assert 'class="field tall"' in shown


async def test_lines_in_a_terminal_are_deeds(lab: Lab) -> None:
    """Each kind of line does what its help says; for an unknown line the help is returned."""
    terminal = Terminal(lab.slack)
    async with socket_bot(lab.slack, lab.installation.token):
        assert "" == await terminal.do("ada #papers: /paper help")
        await lab.ada.reads("Help", lab.papers)
        assert "" == await terminal.do("ada press More")
        await lab.ada.reads("More of it.", lab.papers)
        assert "" == await terminal.do("ada @bot: hello")
        await lab.ada.reads("Heard: hello", lab.ada.direct)
        await terminal.do("ada #papers: /paper subscribe")
        await lab.ada.gets_modal()
        await terminal.do("ada fill Words to look for = diffusion")
        await terminal.do("ada submit")
        await lab.ada.reads("Subscribed to diffusion", lab.ada.direct)
        await lab.ada.waits(lambda: lab.ada.modal is None)
        assert "Not possible: no modal is open." == await terminal.do("ada submit")
    assert HELP == await terminal.do("what?")
