"""The links that invite the bot are those that `paperwire discord invite` prints."""

from bots.discord.invite import person_url, server_url
from tests.deploy.conftest import DEPLOY


def test_the_links_are_current() -> None:
    """Both links of the file ask for exactly what the program needs today."""
    text = (DEPLOY / "discord/invite.txt").read_text(encoding="utf-8")
    links = [line for line in text.splitlines() if line.startswith("https://")]
    assert [server_url("YOUR_APPLICATION_ID"), person_url("YOUR_APPLICATION_ID")] == links
