"""Hides secrets in any text: tokens, keys, passwords, addresses that are secrets, paths of the machine.

Secrets are recognised by their form, or by the name before them, as in `access_token=` or `"client_secret": `; also in
percent-encoded text, and in JSON within JSON. Those of this process's settings are hidden whatever they look like.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

from bots.chat.known_secrets import KNOWN
from bots.translation.speech import LazyText

HIDDEN = "[hidden]"

#: Around a name or a value, escaped any number of times as in JSON within JSON, or as in a page.
_QUOTE = r"(?:\\{0,16}(?:[\"']|&quot;|&#x27;|&#39;|&#34;))"
_BLANK = r"\s{0,9}"
#: The end of a value in a form, a query, JSON and prose.
_VALUE = r"(?:\[hidden\]|[^\s&\"',;<>\\)}\]]){1,4000}"
#: A quoted value ends only with its quote.
_QUOTED = r"(?:[^\"'\\]|\\[^\"'\\]){0,4000}"
#: Without a look behind it: it may follow any other name, and the escape of a line's end.
_NAME = (
    r"(?i:token|secret|pass(?:word|wd|phrase)|pwd|ticket|signature|code_?verifier|cookie|credentials?|response_?url|trigger_?id"
    r"|(?:api|private|access|token|secret|signing|encryption|master|dkim|webhook|feed)[_-]?keys?)"
)
#: Not within another word; before it may be the escape of a line's end.
_BEGINS = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))"
#: These are also ordinary words: their values must look random, with eight characters and a digit. In our own links a
#: token is `t`, which in a formula is the time.
_WORD = rf"(?:{_BEGINS}(?i:code|state|sig|key|auth)|(?<=[?&;])t)"
_RANDOM = rf"(?=[^\s&\"',;]{{0,200}}\d)(?=[^\s&\"',;]{{8}}){_VALUE}"
#: How the keys begin that are known by it alone.
_VENDORS = (
    r"sk-(?:ant|proj|or|svcacct)-|xai-|gsk_|pplx-|nvapi-|hf_|r8_|fw_|gh[pousr]_|github_pat_|glpat-|GOCSPX-|AIza"
    r"|AKIA|ASIA"
)
#: The beginning of a random text: no word, nor two that a hyphen joins, has a digit or a capital within it.
_CUT = r"(?=[\w-]{0,12}(?:\d|[a-z][A-Z]))[\w-]{6,}"
#: The same of a whole key, in which the digit may come later; it is found within other text too.
_LONG = r"(?=[\w-]{0,30}(?:\d|[a-z][A-Z]))[\w-]{16,}"
#: A port is no password. The password may itself contain "/" and "@".
_ADDRESS = (
    r"(://)(?![^\s\"'<>/:@]{0,260}:\d{1,5}(?:[/?#\s]|$))"  # the host and port of an address without a password
    r"[^\s\"'<>/:@]{0,260}:[^\s\"'<>]{0,400}(?=@)"
)
#: Headers whose whole value is a secret, with spaces: `Token abc`, `Digest username="x", response="abc"`, two cookies.
_HEADER = r"(?i:(?:proxy-)?authorization|(?:set-)?cookie2?|x-slack-signature|x-signature-ed25519)"
#: Others that hold one, of any service: X-Auth-Token, Zotero-API-Key, X-Goog-Signature, api-key.
_NAMED_HEADER = r"(?i:(?<![\w-])(?:[a-z0-9]{1,20}-){1,5}(?:auth|key|token|secret|signature|password|session|ticket))"
#: The value of a header to the end of its line, or of the text in which it is quoted.
_LINE = r"[^\r\n\"'\\]{1,4000}"

#: The first group, if there is one, is kept; all else is hidden.
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # Slack: bot, user, refresh, configuration, app and flow tokens.
        r"xox[a-z][-.]\w[\w.-]*|xapp-\w[\w-]*|xwfp-\w[\w-]*",
        # The addresses of Slack's webhooks and response URLs, and of Discord's webhooks and interactions.
        r"(hooks\.slack(?:-gov)?\.com/)[^\s\"'<>&,;)]+",
        r"(/services/)T[A-Z0-9]{1,20}/[\w/-]+",
        r"((?:webhooks|interactions)/\d+/)[\w.=~-]+",
        r"aW50ZXJhY3Rpb246[\w+/=-]+",  # Discord's interaction tokens: "interaction:" in base 64
        r"[\w-]{18,40}\.[\w-]{5,10}\.[\w-]{20,120}",  # Discord's bot tokens
        # Ours: tokens of the API, keys of webhooks, and the addresses of feeds, of which a log keeps the beginning.
        r"pw_[0-9a-f]{12}_[\w-]{20,}",
        r"(whsec_)[\w+/=-]{16,}",
        r"[0-9a-f]{16}\.[\w-]{5,10}\.[\w-]{8,}",
        r"eyJ[\w-]{8,400}\.[\w-]+(?:\.[\w-]+)?",  # JSON web tokens
        # Keys of model servers, of mail services, of clouds and of code hosts.
        rf"(?:sk|hf|gsk|xai|pplx|r8|fw|nvapi|tgp|dapi|esecret|gh[pousr]|github_pat|glpat|GOCSPX|key)[-_]{_LONG}",
        r"AIza[\w-]{20,}|(?:AKIA|ASIA)[0-9A-Z]{16}|ya29\.[\w-]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}",
        # What a library or a server has left of one: it cuts long texts off.
        rf"{_BEGINS}(?:{_VENDORS}){_CUT}",
        # Private keys, also with their lines escaped, also cut off. The comment before the text names what is hidden.
        r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)(?:(?!-----END)[\s\w+/=.:,\\|-]){0,20000}",
    )
)
#: Those that are known by what stands before them, or around them: up to the end of a value, however it is encoded.
_NAMED_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # Name and password in an address, or a name alone.
        _ADDRESS,
        r"((?:https?|wss?)://)[^\s\"'<>/:@?#]{1,260}(?=@)",
        # Headers, as they are sent and as Python and JSON show them, with or without a scheme.
        rf"({_HEADER}{_QUOTE}{_BLANK}[:=,]{_BLANK}b?{_QUOTE}){_QUOTED}(?={_QUOTE})",
        rf"({_HEADER}{_QUOTE}?{_BLANK}[:=]{_BLANK})(?:Digest\s[^\r\n]{{1,4000}}|{_LINE})",
        rf"({_NAMED_HEADER}{_QUOTE}{_BLANK}[:=,]{_BLANK}b?{_QUOTE}){_QUOTED}(?={_QUOTE})",
        rf"({_NAMED_HEADER}{_QUOTE}?{_BLANK}:{_BLANK}){_VALUE}",
        r"((?i:bearer|basic)\s{1,9})(?=[\w.~+/=-]{0,60}(?:\d|[a-z][A-Z]|=))(?=[\w.~+/=-]{8})[\w.~+/=-]+",
        # Values by their names: quoted ones in JSON and in Python, then those of forms, queries and settings.
        rf"({_NAME}{_QUOTE}?{_BLANK}[:=,]{_BLANK}b?{_QUOTE}){_QUOTED}(?={_QUOTE})",
        rf"({_WORD}{_QUOTE}?{_BLANK}[:=]{_BLANK}b?{_QUOTE}){_RANDOM}(?={_QUOTE})",
        rf"({_NAME}=){_VALUE}",
        # As in YAML, or with blanks before an equals sign.
        rf"({_NAME}{_BLANK}[:=]{_BLANK}){_RANDOM}",
        rf"({_NAME}{_QUOTE}{_BLANK}:{_BLANK}){_VALUE}",
        rf"({_WORD}=){_RANDOM}",
    )
)
#: A word with a percent-encoded character.
_ENCODED = re.compile(r"[^\s%]*%[0-9A-Fa-f]{2}\S*")
#: An address within an address, within a third.
_TIMES = 4
#: A path with a folder: from the root, from home, of Windows, or as an address. A part of another address is none.
_PATH = re.compile(
    r"file://[^\s\"'<>]{1,2000}"
    r"|(?<![\w/.:~%-])(?:~[\w.-]{0,60}|\.{1,2})?(?:/[\w.+@%=~-]{1,255}){2,60}/?"
    r"|(?<!\w)(?:[A-Za-z]:|\\\\[\w.-]{1,255})(?:[\\/][^\s\"'<>\\/:*?|]{1,255}){1,60}"
)
_USERINFO = re.compile(r"://[^\s\"'<>/:@]{0,260}:([^\s\"'<>]{1,400})@")
#: In the words of libpq, between `host=` and others, or in an address's query.
_KEYWORD = re.compile(r"(?<![A-Za-z0-9_])password\s{0,9}=\s{0,9}(?:'((?:[^'\\]|\\.){1,400})'|([^\s&'\"<>]{1,400}))")


def without_secrets(text: str) -> str:
    """Return a text with every recognised secret replaced by `[hidden]`; all else is kept.

    A percent-encoded word with a secret is decoded. What is shown of a lazy text is filtered when it is.
    """
    if isinstance(text, LazyText):
        return LazyText(lambda: without_secrets(text.localized))
    shown = KNOWN.hidden_in(text, HIDDEN)
    return _plain(_ENCODED.sub(_decoded, shown) if "%" in shown else shown)


def _plain(text: str) -> str:
    return _hidden(text, (*_FORMS, *_NAMED_FORMS))


def _hidden(text: str, forms: Iterable[re.Pattern[str]]) -> str:
    for form in forms:
        text = form.sub(_kept, text)
    return text


def _kept(found: re.Match[str]) -> str:
    return f"{found[1] if found.re.groups else ''}{HIDDEN}"


def _decoded(found: re.Match[str]) -> str:
    plain = shown = found[0]
    for _ in range(_TIMES):
        if "%" not in plain and "+" not in plain:
            break
        # Before it is decoded: then a "+" of a value would end it, and an "@" the name before a password.
        plain, shown = unquote_plus(plain), unquote_plus(_hidden(shown, _NAMED_FORMS))
    shown = _plain(shown)
    return found[0] if shown == plain else shown


def for_chat(text: str, place: str = "") -> str:
    """Return a message as people in a chat may see it: without secrets, and with the names of files instead of paths.

    Args:
        text: a message, such as that of an error.
        place: a path or host in it that is known, however it is written; its last part is shown.
    """
    if isinstance(text, LazyText):
        lazy = text
        return LazyText(lambda: for_chat(lazy.localized, place))
    if place:
        text = text.replace(place, _last(place))
    return without_secrets(_PATH.sub(lambda found: _last(found[0]), text))


def _last(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2].partition(" at ")[0]


def passwords_in(text: str) -> tuple[str, ...]:
    """Return the password in each address of a text, and each in libpq's words, as it is written there."""
    in_addresses = (found[1] for found in _USERINFO.finditer(text))
    in_words = (found[1] or found[2] for found in _KEYWORD.finditer(text))
    return tuple(dict.fromkeys(filter(None, (_of_address(text), *in_addresses, *in_words))))


def _of_address(text: str) -> str:
    """Return the password of an address that is the whole text, in which it may have blanks and quotation marks."""
    before, at, _ = text.strip().partition("://")[2].rpartition("@")
    return before.partition(":")[2] if at else ""
