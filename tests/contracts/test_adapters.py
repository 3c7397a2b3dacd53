"""Our own adapters pass the contracts of the test kit, the same classes that plug-in authors inherit."""

from typing import get_args

from bots.discord.settings import MessageFormat
from bots.domain.replies import Reply
from bots.testing import AdapterContract, ConversationContract, FaultContract, Stage
from bots.testing.answers import REPLIES
from tests.contracts.discord_place import DiscordPlace
from tests.contracts.email_place import MailPlace
from tests.contracts.places import ConsolePlace, FakeChatPlace
from tests.contracts.slack_place import SlackPlace
from tests.contracts.web_place import WebPlace


class TestConsole(AdapterContract, ConversationContract):
    """A terminal without colours."""

    def stage(self) -> Stage:
        return ConsolePlace(colour=False)


class TestConsoleInColour(AdapterContract, ConversationContract):
    """A terminal with colours and links."""

    def stage(self) -> Stage:
        return ConsolePlace(colour=True)


class TestFakeChat(AdapterContract, ConversationContract):
    """The fake chat as it ships, with support for keys."""

    def stage(self) -> Stage:
        return FakeChatPlace(knows_keys=True)


class TestFakeChatWithoutKeys(AdapterContract, ConversationContract):
    """The fake chat without support for keys, like Slack: a repeated key posts again."""

    def stage(self) -> Stage:
        return FakeChatPlace(knows_keys=False)


class TestSlack(AdapterContract, ConversationContract, FaultContract):
    """Slack, with a fake server."""

    def stage(self) -> Stage:
        return SlackPlace()


class TestDiscord(AdapterContract, ConversationContract, FaultContract):
    """Discord, with a fake server."""

    def stage(self) -> Stage:
        return DiscordPlace()


class TestDiscordInEmbeds(AdapterContract, ConversationContract):
    """Discord for servers whose people use old clients."""

    def stage(self) -> Stage:
        return DiscordPlace(look=MessageFormat.EMBEDS)


class TestEmail(AdapterContract, FaultContract):
    """E-mail, with a mail server, read as HTML."""

    def stage(self) -> Stage:
        return MailPlace("html")


class TestEmailAsText(AdapterContract):
    """E-mail, read as plain text."""

    def stage(self) -> Stage:
        return MailPlace("plain")


class TestWeb(AdapterContract):
    """A channel of the web page."""

    def stage(self) -> Stage:
        return WebPlace()


def test_every_kind_of_reply_is_tried() -> None:
    """The test kit has a reply of every kind."""
    assert set(get_args(Reply)) == {type(reply) for reply, _ in REPLIES}
