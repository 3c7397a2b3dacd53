"""A digest as each chat shows it: the payloads that would be posted, as HTML. Pure functions."""

from dataclasses import dataclass, replace
from datetime import datetime

from bots.chat.untrusted import at, text_at
from bots.discord import outgoing as discord
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.mail_addresses import MailSender, read_mail_address
from bots.email import outgoing as email
from bots.email.messages import Envelope, html
from bots.email.plain_text import content
from bots.pages.elements import Html
from bots.preview.discord_html import discord_message
from bots.preview.slack_html import slack_message
from bots.slack import outgoing as slack
from bots.translation.languages import load_languages
from bots.translation.speech import speaking

#: Made up: nothing is posted anywhere.
_SLACK = Channel(platform="slack", workspace="T0000000000", channel="C0000000000")
_DISCORD = Channel(platform="discord", workspace="1", channel="2")
_MAIL = Channel(platform="email", workspace="preview", channel="inbox")
_REASON = "You get this mail because this address is subscribed to it."
_FOOTER = (("Preferences", "#preferences"), ("Unsubscribe", "#unsubscribe"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message in a chat."""

    content: Html
    #: Whether it is posted in the thread of the first message.
    in_thread: bool
    #: What a notification shows of it; empty where the chat takes that from the message itself.
    notification: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One mail, as HTML and as plain text."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Messages:
    """A digest in every chat."""

    slack: tuple[Message, ...]
    discord: tuple[Message, ...]
    mails: tuple[Mail, ...]


def messages_of(digest: Digest, *, sender: MailSender, now: datetime, language: str = "") -> Messages:
    """Return the messages of a digest, made of the payloads that the adapters would post.

    Args:
        digest: the digest; its channel does not matter.
        sender: who the mails are from.
        now: the date of the mails.
        language: the code of the language in which the messages speak; empty for English.
    """
    return Messages(
        slack=_in_slack(digest, language),
        discord=_in_discord(digest, language),
        mails=_mails(replace(digest, channel=_MAIL), sender, now, language),
    )


def _in_slack(digest: Digest, language: str) -> tuple[Message, ...]:
    with speaking(load_languages().of(language, _SLACK.platform)):
        return tuple(
            Message(
                content=slack_message(part.payload),
                in_thread=bool(at(part.payload, "in_thread")),
                notification=text_at(part.payload, "text"),
            )
            for part in slack.digest_parts(replace(digest, channel=_SLACK))
        )


def _in_discord(digest: Digest, language: str) -> tuple[Message, ...]:
    with speaking(load_languages().of(language, _DISCORD.platform)):
        return tuple(
            # Further messages are posted in a thread there, but for those of a server that allows none.
            Message(content=discord_message(part.payload), in_thread=bool(at(part.payload, "thread")))
            for part in discord.digest_parts(replace(digest, channel=_DISCORD))
        )


def _mails(digest: Digest, sender: MailSender, now: datetime, language: str) -> tuple[Mail, ...]:
    envelope = Envelope(
        sender=sender,
        recipient=read_mail_address("you@example.org"),
        message_id=f"preview@{sender.address.domain}",
        date=now,
        footer=_FOOTER,
        reason=_REASON,
    )
    with speaking(load_languages().of(language, _MAIL.platform)):
        return tuple(
            Mail(
                subject=text_at(part.payload, "subject"),
                html=html(part.payload, envelope),
                text=content(part.payload, (), _REASON),
            )
            for part in email.digest_parts(digest)
        )
