"""The web page's adapter, and a channel of the site as its readers see it."""

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.testing import Shown, Stage
from bots.web.app import WebAdapter
from bots.web.rendering import digest_html
from tests.contracts.email_place import VisibleHtml
from tests.support.doubles import Hand


class LedgeredWeb(WebAdapter):
    """The adapter, and what the ledger does after a post: it keeps each part under its key, and pages show it."""

    def __init__(self) -> None:
        self.kept: dict[str, Part] = {}

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Publish a part, and record it."""
        posted = await super().post(part, key, root=root)
        self.kept.setdefault(posted, part)
        return posted


class WebPlace(Stage):
    """A channel of the site."""

    knows_keys = True
    can_be_asked = False
    finds_its_own = False

    def __init__(self) -> None:
        self.clock = Hand()
        self.channel = Channel(platform="web", channel="daily")
        self.elsewhere = Channel(platform="web", channel="weekly")
        self.adapter = self.ledgered = LedgeredWeb()

    def messages(self) -> tuple[Shown, ...]:
        return tuple(_shown(part) for part in self.ledgered.kept.values() if part.channel == self.channel)


def _shown(part: Part) -> Shown:
    page = VisibleHtml()
    page.feed(digest_html(part.payload))
    links = tuple(link for link in page.links if not link.startswith("/paper/"))
    return Shown(text="\n".join(page.texts), links=links, pings=tuple(page.loads))
