"""Socket Mode, held against the real slack_bolt and slack_sdk."""

from tests.fakeslack.bot import socket_bot
from tests.fakeslack.conftest import Lab


async def test_a_command_is_answered_for_the_asker_only(lab: Lab) -> None:
    """What a bot acknowledges a command with is seen by whoever typed it, and by nobody else."""
    bo = lab.slack.person("bo")
    lab.slack.channel("papers", bo)
    async with socket_bot(lab.slack, lab.installation.token):
        delivery = await lab.ada.types("/paper help", lab.papers)
    assert delivery.acked
    assert ["Help"] == [seen.text for seen in lab.ada.sees(lab.papers)]
    assert [] == bo.sees(lab.papers)
    assert 2000 > (delivery.ms or 0) > 0


async def test_a_modal_is_opened_filled_refused_and_saved(lab: Lab) -> None:
    """A modal shows the app's errors under its fields, and closes when the app takes the submission."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper subscribe", lab.papers)
        screen = await lab.ada.gets_modal("Subscribe")
        assert ["Words to look for", "Sources"] == screen.labels
        assert await lab.ada.submits() is None
        assert {"Words to look for": "Please complete this required field."} == screen.errors
        await lab.ada.fills({"Words to look for": "bad", "Sources": ["arXiv"]})
        await lab.ada.submits()
        assert {"Words to look for": "Not a query"} == screen.errors
        await lab.ada.fills({"query": "diffusion"})
        await lab.ada.submits()
        assert lab.ada.modal is None
        await lab.ada.reads("Subscribed to diffusion", lab.ada.direct)
