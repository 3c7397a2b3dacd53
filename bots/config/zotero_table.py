"""The settings of Zotero."""

from bots.config.values import Setting, address

ZOTERO: tuple[Setting, ...] = (
    Setting(
        section="zotero",
        name="api_url",
        default="https://api.zotero.org",
        says="The address of Zotero's Web API; another one for a server of your own that speaks it.",
        read=address,
    ),
)
