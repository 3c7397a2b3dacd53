"""The settings of Slack."""

from bots.config.values import Setting, api, host_and_port, key, keys, one_of, site, text, token

#: An app may have ten connections (docs.slack.dev, Using Socket Mode).
_MOST_CONNECTIONS = 10


def _connections(value: str) -> int:
    number = value.strip()
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= _MOST_CONNECTIONS):
        raise ValueError(f"give a whole number from 1 to {_MOST_CONNECTIONS}")
    return int(number)


SLACK: tuple[Setting, ...] = (
    Setting(
        section="slack",
        name="bot_token",
        default="",
        says="Slack's bot token of one workspace; it begins with xoxb-. With app_token Paperwire joins that workspace "
        "over Socket Mode, without a public address.",
        read=token("xoxb-"),
        secret=True,
    ),
    Setting(
        section="slack",
        name="app_token",
        default="",
        says="Slack's app-level token with the scope connections:write; it begins with xapp-.",
        read=token("xapp-"),
        secret=True,
    ),
    Setting(
        section="slack",
        name="connections",
        default="1",
        says="How many Socket Mode connections this process keeps open; Slack sends each event over one of them. An "
        "app may have ten over all processes.",
        read=_connections,
    ),
    Setting(
        section="slack",
        name="client_id",
        default="",
        says="For many workspaces: the app's client id. With client_secret, signing_secret and public_url Paperwire "
        "serves installation and events over HTTP.",
        read=text,
    ),
    Setting(section="slack", name="client_secret", default="", says="The app's client secret.", read=key, secret=True),
    Setting(
        section="slack",
        name="signing_secret",
        default="",
        says="The app's signing secret: requests without a valid signature are refused.",
        read=key,
        secret=True,
    ),
    Setting(
        section="slack",
        name="public_url",
        default="",
        says="The address under which Slack reaches Paperwire, such as https://papers.example.org.",
        read=site,
    ),
    Setting(
        section="slack",
        name="listen",
        default="127.0.0.1:3000",
        says="The address on which Paperwire listens for Slack over HTTP, behind your web server, which handles TLS.",
        read=host_and_port,
    ),
    Setting(
        section="slack",
        name="token_keys",
        default="",
        says="Keys that encrypt the workspaces' tokens in the database, the newest first; make one with: "
        "paperwire slack key",
        read=keys,
        secret=True,
    ),
    Setting(
        section="slack",
        name="who_may",
        default="anyone",
        says="Who may change a channel's subscriptions: anyone in the channel, or admins of the workspace only.",
        read=one_of("anyone", "admins"),
    ),
    Setting(
        section="slack",
        name="unfurl",
        default="no",
        says="Whether links to papers that people post are unfurled: yes or no. The app's manifest must allow it: "
        "paperwire slack manifest --unfurl",
        read=one_of("yes", "no"),
    ),
    Setting(
        section="slack",
        name="api_url",
        default="https://slack.com/api/",
        says="The address of Slack's Web API.",
        read=api,
    ),
)
