"""The public API for plug-ins: all names that a plug-in may import.

docs/reference/plug-in-api.md states what is guaranteed and how changes are announced; a test compares the names here
with the table there. Importing this module loads neither a database nor a chat library.
"""

from bots.chat.blocks import Block, block_parts, blocks_of, smaller_parts
from bots.chat.health import HealthFinding
from bots.chat.http_dates import retry_after
from bots.chat.phrases import clean, cut, pieces, safe_url, sentence
from bots.chat.platform_clock import PlatformClock
from bots.commands import parse_command, write_command
from bots.config.values import Setting, setting
from bots.config.values import address as read_address
from bots.config.values import channel as read_channel
from bots.config.values import key as read_key
from bots.config.values import mail as read_mail
from bots.config.values import one_of as read_one_of
from bots.config.values import text as read_text
from bots.config.values import token as read_token
from bots.config.values import zone as read_zone
from bots.domain import replies, requests
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest, Entry, Part, SourceNote, Tally, split_entries
from bots.domain.errors import (
    ChannelGone,
    DeliveryError,
    HistoryClosed,
    PaperNotFound,
    PaperwireError,
    PostRefused,
    PostTooLarge,
    PostUnknown,
    RequestError,
    SettingsError,
    SourceDown,
    SourceError,
    SourceRefused,
)
from bots.domain.field_search import FieldSearch
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId, PaperRef, Signals, read_ref
from bots.domain.replies import Reply
from bots.domain.requests import Request
from bots.domain.same_paper import unique
from bots.domain.subscriptions import Subscription
from bots.ports import (
    Adapter,
    AdapterPlugin,
    Checked,
    ChecksChannels,
    Clock,
    FieldLibrary,
    HostPace,
    Library,
    NamesChannels,
    SeesMembers,
    ShowsChannels,
    Source,
    SourceDescription,
    SourceQuery,
    TakesBackMentions,
    Timed,
    VersionedLibrary,
)
from bots.ports.rate_limits import CALL_TIMEOUT, Rate, RateLimits
from bots.presentation import digest_text, subscription_text
from bots.sources import reading
from bots.sources.context import SourceContext
from bots.sources.web import LONG, SHORT, Page, Web
from bots.usecases.problems import problem
from bots.usecases.service import Service
from summarizer import (
    Abstract,
    BadModel,
    Blurb,
    EngineDown,
    EngineMissing,
    EngineSetting,
    EngineSetup,
    Secret,
    Span,
    Style,
    Summarizer,
    SummarizerError,
    TextTooLong,
    TextTooShort,
    check_length,
    count_words,
    split_sentences,
    to_plain,
)

__all__ = [
    "CALL_TIMEOUT",
    "LONG",
    "SHORT",
    "Abstract",
    "Adapter",
    "AdapterPlugin",
    "BadModel",
    "Block",
    "Blurb",
    "Channel",
    "ChannelGone",
    "Checked",
    "ChecksChannels",
    "Clock",
    "DeliveryError",
    "Digest",
    "EngineDown",
    "EngineMissing",
    "EngineSetting",
    "EngineSetup",
    "Entry",
    "FieldLibrary",
    "FieldSearch",
    "Freshness",
    "Harvest",
    "HealthFinding",
    "HistoryClosed",
    "HostPace",
    "Library",
    "NamesChannels",
    "Page",
    "Paper",
    "PaperId",
    "PaperNotFound",
    "PaperRef",
    "PaperwireError",
    "Part",
    "PlatformClock",
    "PostRefused",
    "PostTooLarge",
    "PostUnknown",
    "Rate",
    "RateLimits",
    "Reader",
    "Reply",
    "Request",
    "RequestError",
    "Secret",
    "SeesMembers",
    "Service",
    "Setting",
    "SettingsError",
    "ShowsChannels",
    "Signals",
    "Source",
    "SourceContext",
    "SourceDescription",
    "SourceDown",
    "SourceError",
    "SourceNote",
    "SourceQuery",
    "SourceRefused",
    "Span",
    "Style",
    "Subscription",
    "Summarizer",
    "SummarizerError",
    "TakesBackMentions",
    "Tally",
    "TextTooLong",
    "TextTooShort",
    "Timed",
    "VersionedLibrary",
    "Web",
    "block_parts",
    "blocks_of",
    "check_length",
    "clean",
    "count_words",
    "cut",
    "digest_text",
    "parse_command",
    "pieces",
    "problem",
    "read_address",
    "read_channel",
    "read_key",
    "read_mail",
    "read_one_of",
    "read_ref",
    "read_text",
    "read_token",
    "read_zone",
    "reading",
    "replies",
    "requests",
    "retry_after",
    "safe_url",
    "sentence",
    "setting",
    "smaller_parts",
    "split_entries",
    "split_sentences",
    "subscription_text",
    "to_plain",
    "unique",
    "write_command",
]
