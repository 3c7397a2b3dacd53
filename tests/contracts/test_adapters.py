"""Our own adapters keep the claims of the test kit that ships: the very classes that a plug-in's author inherits."""

from typing import get_args

from bots.discord.settings import MessageFormat
from bots.domain.replies import Reply
from bots.testing import AdapterContract, ConversationContract, FaultContract, Stage
from bots.testing.answers import REPLIES
from tests.contracts.discord_place import DiscordPlace
from tests.contracts.places import ConsolePlace, FakeChatPlace
from tests.contracts.slack_place import SlackPlace


class TestConsole(AdapterContract, ConversationContract):
    """A terminal without colours."""

    def stage(self) -> Stage:
        return ConsolePlace(colour=False)


class TestConsoleInColour(AdapterContract, ConversationContract):
    """A terminal with colours and links."""

    def stage(self) -> Stage:
        return ConsolePlace(colour=True)


class TestFakeChat(AdapterContract, ConversationContract):
    """The fake chat as it ships: it knows keys."""

    def stage(self) -> Stage:
        return FakeChatPlace(knows_keys=True)


class TestFakeChatWithoutKeys(AdapterContract, ConversationContract):
    """The fake chat as Slack is: a key posted again is posted again."""

    def stage(self) -> Stage:
        return FakeChatPlace(knows_keys=False)


class TestSlack(AdapterContract, ConversationContract, FaultContract):
    """Slack, beside the fake of it."""

    def stage(self) -> Stage:
        return SlackPlace()


class TestDiscord(AdapterContract, ConversationContract, FaultContract):
    """Discord, beside the fake of it."""

    def stage(self) -> Stage:
        return DiscordPlace()


class TestDiscordInEmbeds(AdapterContract, ConversationContract):
    """Discord for servers whose people use old clients."""

    def stage(self) -> Stage:
        return DiscordPlace(look=MessageFormat.EMBEDS)


def test_every_kind_of_reply_is_tried() -> None:
    """The replies of the test kit are of every kind there is."""
    assert set(get_args(Reply)) == {type(reply) for reply, _ in REPLIES}
