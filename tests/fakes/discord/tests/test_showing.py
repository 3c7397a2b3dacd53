"""The transcript, and actions typed into a terminal."""

from tests.fakes.discord.terminal import HELP, Terminal
from tests.fakes.discord.tests.bot import running
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import Rest
from tests.fakes.discord.transcript import Transcript


async def test_a_transcript_reads_from_top_to_bottom(lab: Lab) -> None:
    """The transcript lists in order what people did and saw; calls are included only with `everything`."""
    async with running(lab.discord):
        await lab.ada.uses("/paper lookup", lab.papers, paper="1706.03762")
        card = await lab.ada.reads("Attention", lab.papers)
        await lab.ada.presses(card, "Abstract")
        await lab.ada.reads("Transformer", lab.papers, only_me=True)
    text = Transcript(lab.discord.hub).text()
    for line in (
        "Ada in #papers uses /paper lookup paper:1706.03762",
        "Paperwire in #papers is thinking …",
        "            Attention Is All You Need\n            [Abstract]  [Rhythm]",
        "Ada in #papers presses Abstract",
        "Paperwire in #papers (only Ada sees it):\n            We propose the Transformer.",
    ):
        assert line in text
    assert "· call: " not in text
    assert "· call: GET /users/@me -> 200" in Transcript(lab.discord.hub, everything=True).text()


async def test_deeds_are_typed_into_a_terminal(lab: Lab) -> None:
    """A line uses a command, clicks, fills in or submits; an impossible action is reported."""
    terminal = Terminal(lab.discord)
    async with running(lab.discord):
        assert "" == await terminal.do('ada #papers: /paper lookup paper="some words"')
        await lab.ada.reads("Attention", lab.papers)
        assert "" == await terminal.do("bo press Abstract")
        await lab.bo.reads("Transformer", lab.papers, only_me=True)
        assert "" == await terminal.do("ada choose Weekly")
        await lab.ada.reads("Chose", lab.papers)
        assert "" == await terminal.do("ada #papers: /paper subscribe")
        await lab.ada.gets_modal()
        assert "" == await terminal.do("ada fill Times = 09:00")
        assert "" == await terminal.do("ada submit")
        await lab.ada.reads("Subscribed at 09:00", lab.papers, only_me=True)
        assert "Not possible: no message has that." == await terminal.do("ada press Other")
    assert HELP == await terminal.do("what?")


async def test_what_pings_is_seen(lab: Lab, rest: Rest) -> None:
    """A message's pings are listed with names."""
    await rest.post(lab.papers.id, f"<@{lab.ada.user.id}> look")
    seen = lab.discord.messages(lab.papers)[0]
    assert ["@Ada"] == [each.text for each in seen.pings]
    assert "(pings @Ada)" in Transcript(lab.discord.hub).text()
