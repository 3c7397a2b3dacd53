"""The settings of the web page."""

from bots.config.values import Setting, address, host_and_port, key, password, site, text
from bots.domain.channels import Channel


def channels(value: str) -> tuple[tuple[str, Channel], ...]:
    """Read channels with commas between them, each as `name = platform:workspace:channel` or without the name."""
    return tuple(_channel(part) for part in value.split(",") if part.strip())


def _channel(text: str) -> tuple[str, Channel]:
    name, equals, named = text.rpartition("=")
    channel = Channel.parse(named)
    return (name.strip() if equals else "") or channel.channel, channel


def people(value: str) -> tuple[Channel, ...]:
    """Read people with commas between them, each as `platform:workspace:person`, or without the workspace."""
    return tuple(Channel.parse(part.strip()) for part in value.split(",") if part.strip())


WEB: tuple[Setting, ...] = (
    Setting(
        section="web",
        name="listen",
        default="127.0.0.1:3003",
        says="The address on which Paperwire serves the web page. To be reached from elsewhere, put a web server in "
        "front of it, which handles TLS.",
        read=host_and_port,
    ),
    Setting(
        section="web",
        name="public_url",
        default="",
        says="The address at which people reach the web page, such as https://papers.example.org. With https, cookies "
        "are sent over TLS only.",
        read=site,
    ),
    Setting(
        section="web",
        name="channels",
        default="",
        says="Channels whose archives everyone may read on the web page, as PLATFORM:WORKSPACE:CHANNEL, each with a "
        "name if you like: reading group = slack:T012AB3CD:C012AB3CD. Several are separated by commas. Empty: none.",
        read=channels,
    ),
    Setting(
        section="web",
        name="sign_up",
        default="",
        says="The page on which people sign up for the daily mail, such as https://papers.example.org/email/sign-up; "
        "see email.public_url. Empty: the web page offers no mail.",
        read=site,
    ),
    Setting(
        section="web",
        name="secret",
        default="",
        says="A long random text that signs cookies and forms. Empty: one is made at each start, so that forms opened "
        "before it must be opened again.",
        read=password,
        secret=True,
    ),
    Setting(
        section="web",
        name="former_secret",
        default="",
        says="The web.secret before the present one, while it is being replaced: cookies and forms that it signed are "
        "still accepted, and nobody is signed out. Remove it after thirty days.",
        read=password,
        secret=True,
    ),
    Setting(
        section="web",
        name="operator_token",
        default="",
        says="A long random text with which the operator signs in on the web page. Empty: nobody signs in with it.",
        read=password,
        secret=True,
    ),
    Setting(
        section="web",
        name="operators",
        default="",
        says="The people who operate Paperwire on the web page when they have signed in with Slack or Discord, as "
        "slack:WORKSPACE:PERSON or discord:PERSON, with ids. Several are separated by commas.",
        read=people,
    ),
    Setting(
        section="web",
        name="slack_client_id",
        default="",
        says="To sign in with Slack: the app's client id. In the app, OAuth & Permissions, add the redirect URL "
        "https://YOUR.HOST/sign-in/slack/done and the user scopes openid and profile.",
        read=text,
    ),
    Setting(
        section="web", name="slack_client_secret", default="", says="That app's client secret.", read=key, secret=True
    ),
    Setting(section="web", name="slack_site", default="https://slack.com", says="The address of Slack.", read=address),
    Setting(
        section="web",
        name="discord_client_id",
        default="",
        says="To sign in with Discord: the application's client id. In the application, OAuth2, add the redirect "
        "https://YOUR.HOST/sign-in/discord/done.",
        read=text,
    ),
    Setting(
        section="web",
        name="discord_client_secret",
        default="",
        says="That application's client secret.",
        read=key,
        secret=True,
    ),
    Setting(
        section="web", name="discord_site", default="https://discord.com", says="The address of Discord.", read=address
    ),
)
