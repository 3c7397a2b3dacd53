"""Secrets in any text are hidden in every form in which they travel; ordinary text stays as it is."""

import base64
import json
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.chat.secret_texts import HIDDEN, passwords_in, without_secrets
from bots.domain.channels import Channel
from bots.rest.feed_keys import feed_token, new_feed_key
from bots.rest.tokens import ApiToken, new_token, new_token_id
from bots.webhook.signature import new_secret
from tests.conftest import ROOT
from tests.support import hostile
from tests.support.factories import NOW

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#: A random secret: it has a digit, as every random one of that length has with a probability of 97 %.
random_ones = st.text(LETTERS + "_-", min_size=20, max_size=40).map(lambda text: f"q7{text}")
#: A password may contain what an address is made of.
passwords = st.text(LETTERS + "._~!$*+-", min_size=8, max_size=30).map(lambda text: f"q7{text}")


def _basic(secret: str) -> str:
    return base64.b64encode(f"user:{secret}".encode()).decode()


def _in_json(name: str, secret: str) -> str:
    return json.dumps({"ok": True, name: secret, "x": [1]})


#: A text with the secret, by its kind; the parts of tokens are joined, because scanners would report them otherwise.
FORMS: dict[str, Callable[[str], str]] = {
    **{f"slack {start}": start.__add__ for start in (
        "xoxb" + "-", "xoxp" + "-", "xoxa" + "-2-", "xoxr" + "-", "xoxs" + "-", "xoxe" + ".xoxp-1-", "xoxe" + "-1-",
        "xoxc" + "-", "xoxd" + "-", "xapp" + "-1-A0-", "xwfp" + "-",
    )},
    "slack webhook": lambda secret: f"https://hooks.slack.com/services/T0/B0/{secret}",
    "slack workflow": lambda secret: f"https://hooks.slack.com/workflows/T0/A0/1/{secret}",
    "slack trigger": lambda secret: f"https://hooks.slack.com/triggers/T0/1/{secret}",
    "slack response url": lambda secret: f"https://hooks.slack.com/commands/T0/12/{secret}",
    "slack response url of a button": lambda secret: f"https://hooks.slack.com/actions/T0/12/{secret}",
    "slack government": lambda secret: f"https://hooks.slack-gov.com/services/T0/B0/{secret}",
    "slack socket": lambda secret: f"wss://wss-primary.slack.com/link/?ticket={secret}&app_id=ab12",
    "discord webhook": lambda secret: f"https://discord.com/api/v10/webhooks/123456789/{secret}",
    "discord webhook message": lambda secret: f"https://discord.com/api/webhooks/12/{secret}/messages/@original",
    "discord interaction": lambda secret: f"POST /interactions/1234/{secret}/callback",
    "discord interaction token": lambda secret: f"aW50ZXJhY3Rpb246{secret}",
    "discord bot token": lambda secret: f"MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.{secret}",
    "bearer": lambda secret: f"Authorization: Bearer {secret}",
    "bot": lambda secret: f"Authorization: Bot {secret}",
    "basic": lambda secret: f"Authorization: Basic {_basic(secret)}",
    "no scheme": lambda secret: f"authorization: {secret}",
    "header in Python": lambda secret: repr({"Authorization": f"Bot {secret}", "User-Agent": "x"}),
    "header pairs": lambda secret: repr([("Authorization", f"Bot {secret}"), ("Accept", "*/*")]),
    "raw header pairs": lambda secret: repr([(b"authorization", f"Bearer {secret}".encode())]),
    "cookie": lambda secret: f"Cookie: session={secret}",
    "slack signature": lambda secret: f"X-Slack-Signature: v0={secret}",
    "address": lambda secret: f"http://user:{secret}@host.example/path",
    "address without a name": lambda secret: f"redis://:{secret}@host.example/0",
    "address with a name alone": lambda secret: f"https://{secret}@host.example/path",
    "postgres": lambda secret: f"postgresql+psycopg://ann:{secret}@db.example:5432/papers?sslmode=require",
    "odd password": lambda secret: f"postgresql://ann:a/b@{secret}@db.example/papers",
    "keywords": lambda secret: f"host=db.example password={secret} user=ann",
    "quoted keywords": lambda secret: f"host=db.example password='{secret} x' user=ann",
    "oauth code": lambda secret: f"GET /slack/oauth_redirect?code={secret}&state=ab HTTP/1.1",
    "oauth state": lambda secret: f"GET /slack/oauth_redirect?code=&state={secret} HTTP/1.1",
    "form": lambda secret: f"client_id=1.2&client_secret={secret}&code=x",
    "refresh form": lambda secret: f"grant_type=refresh_token&refresh_token={secret}",
    "code form": lambda secret: f"grant_type=authorization_code&code={secret}&redirect_uri=x",
    **{f"json {name}": partial(_in_json, name) for name in (
        "access_token", "refresh_token", "id_token", "token", "client_secret", "signing_secret", "password", "api_key",
        "apikey", "response_url", "code", "state", "ticket", "bot_token",
    )},
    "json in json": lambda secret: json.dumps({"body": json.dumps({"access_token": secret})}),
    "json in json in json": lambda secret: json.dumps([json.dumps({"b": json.dumps({"client_secret": secret})})]),
    "python": lambda secret: repr({"access_token": secret, "ok": True}),
    "bytes": lambda secret: repr(json.dumps({"access_token": secret}).encode()),
    "toml": lambda secret: f'bot_token = "{secret}"',
    "environment": lambda secret: f"PAPERWIRE_SLACK_SIGNING_SECRET={secret}",
    "model server": lambda secret: f"sk-{secret}",
    "code host": lambda secret: f"ghp_{secret}",
}  # fmt: skip

#: How a text may be wrapped on its way.
WRAPS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "encoded": lambda text: quote(text, safe=""),
    "encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "encoded form": quote_plus,
    "in Python": repr,
    "in json": json.dumps,
    "in a sentence": lambda text: f"It could not be read: {text}. Try again.",
    "in brackets": lambda text: f"ValueError('({text})')",
    "below": lambda text: f"a line\n{text}\nanother",
    "below in Python": lambda text: repr(f"a line\n{text}\nanother"),
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=15, deadline=None)
@given(secret=random_ones)
@example(secret="q7" + "A1b2" * 8)
def test_a_secret_is_hidden_in_every_form(form: str, secret: str) -> None:
    """In each form and wrapping, nothing of the secret remains, and the text says that something is hidden."""
    held = _basic(secret) if form == "basic" else secret
    for wrap in WRAPS.values():
        shown = without_secrets(wrap(FORMS[form](secret)))
        assert HIDDEN in shown
        assert held not in shown
        assert held[4:16] not in shown


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("name", ["token", "access_token", "signature", "sig"])
@pytest.mark.parametrize("value", ["q7AbCd12+Ghij/34==", "q7AbCd12 Ghij34", "q7AbCd12&Ghij34", "q7AbCd12%2BGhij34"])
def test_no_end_of_an_encoded_value_stays(wrap: str, name: str, value: str) -> None:
    """Decoded, a value in a query would end at its own plus sign, blank or ampersand."""
    shown = without_secrets(WRAPS[wrap](f"https://a.example/in?{name}={quote(value, safe='')}&page=2"))
    assert HIDDEN in shown
    assert "Ghij" not in shown
    assert f"{HIDDEN}]" not in shown


@given(password=passwords)
def test_the_password_of_an_address_is_hidden_whatever_it_is_made_of(password: str) -> None:
    """A password of any characters that an address may have is hidden, and the host stays readable."""
    for address in (
        f"postgresql://ann:{password}@db.example/papers",
        f"http://x:{quote(password, safe='')}@db.example/",
        f"http://x%40corp:{quote(password, safe='')}@db.example/",
    ):
        for text in (address, f"{address} and {address}", f"'{address}'"):
            shown = without_secrets(text)
            assert password not in shown
            assert "@db.example/" in shown


ORDINARY = (
    "https://arxiv.org/abs/1706.03762v5",
    "http://127.0.0.1:3000/slack/install?next=1",
    "https://example.org:8443/@ada/post",
    "The database papers at db.example:5432 refused the connection.",
    "postgresql://ann@db.example/papers",
    "Write to ada@example.org or bo@example.org",
    "mailto:ada@example.org?subject=x",
    "Give the token that begins with xoxb-. With an app token, which begins with xapp-, Paperwire joins.",
    "error code=1006, state=running, 12 tokens, max_tokens=4711",
    "the state: done; the code: 200",
    "a token is needed; set slack.bot_token",
    '{"code": 10004, "message": "Unknown Guild"}',
    "order@2026-11-24T09:00 part=97c7135636410c96eee48b99",
    "huggingface.co/papers/2004.15011 bots.selection.categories",
    "We study secret sharing and password hashing with cookies: a survey",
    "Attention: a basic\tmodel? No: 3 keys and t=0.5",
    "50% of the tokens, 20%25 more",
    "/webhooks and /interactions are endpoints",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Addresses, ids, prose about secrets, and settings' names are not changed."""
    assert text == without_secrets(text)


@hostile.patient
@given(text=hostile.texts)
def test_any_text_is_accepted(text: str) -> None:
    """Any text is accepted; what is hidden once stays hidden, and a text without a sign of a secret is unchanged."""
    shown = without_secrets(text)
    assert HIDDEN in shown or shown == text
    if not re.search(r"[:=@.%/_\-\"']", text):
        assert text == shown


#: The beginnings of keys; joined from parts, because scanners would report them otherwise.
BEGINNINGS = (
    "xai" + "-", "sk" + "-proj-", "sk" + "-ant-api03-", "gsk" + "_", "pplx" + "-", "nvapi" + "-", "hf" + "_",
    "ghp" + "_", "github" + "_pat_", "glpat" + "-", "GOCSPX" + "-", "AIza", "r8" + "_", "AKIA",
)  # fmt: skip
#: Words that begin as some keys do.
WORDS = (
    "xai-methods", "hf_transfer", "hf_hub_download", "an r8_k variant", "sk-learn", "nvapi-based", "gsk_model_name",
    "pplx-score", "desk-7b91ffa2", "AIzawa", "fw_bw_pass", "glpat-free",
)  # fmt: skip


@pytest.mark.parametrize("begins", BEGINNINGS)
@given(secret=st.text(LETTERS, min_size=13, max_size=13).map(lambda text: f"q7{text}"))
def test_what_is_left_of_a_key_is_hidden(begins: str, secret: str) -> None:
    """A stranger's key, of which a library has cut off the end, is hidden too."""
    told = without_secrets(f"Incorrect API key provided: {begins}{secret}… (truncated)")
    assert f"Incorrect API key provided: {HIDDEN}… (truncated)" == told


@pytest.mark.parametrize("word", WORDS)
def test_words_that_begin_as_keys_do_stay(word: str) -> None:
    """Without a digit or a capital within it, it is a word."""
    assert word == without_secrets(word)


def test_no_abstract_has_a_secret() -> None:
    """Titles and abstracts of real papers are shown as they are."""
    for line in (ROOT / "bots/sources/sample_day.jsonl").read_text(encoding="utf-8").splitlines():
        paper = json.loads(line)
        for text in (paper["title"], paper["abstract"]):
            assert text == without_secrets(text)
    for text in ("Basic ideas of task-oriented dialogue", "at t=1/(1+γ)2345 it ends", "a Bearer of hope, basic motion"):
        assert text == without_secrets(text)


def test_a_password_with_blanks_is_found_in_a_whole_address() -> None:
    """Drivers take it as it is: in an address that is a setting, it ends at the last sign before the host."""
    for password in ("open sesame", 'it"s', "a/b c", "a@b", "<x>"):
        assert password in passwords_in(f" postgresql://ann:{password}@db.example/papers ")
    assert () == passwords_in("postgresql://ann@db.example/papers") == passwords_in("see https://a.example/x: y")


def test_passwords_are_found_to_be_hidden_elsewhere() -> None:
    """The password of an address in the settings is returned, so that it is hidden without the address, too."""
    assert ("hunter2",) == passwords_in("postgresql://ann:hunter2@db.example/papers")
    assert () == passwords_in("http://127.0.0.1:3000/ and papers.sqlite3")


def test_our_own_secrets_are_hidden() -> None:
    """Tokens of the API, keys of webhooks, and the addresses of feeds are hidden, also if a log cut them off."""
    key = new_feed_key(Channel(platform="slack", workspace="T1", channel="C1"), title="", now=NOW)
    text, _ = new_token(ApiToken(id=new_token_id(), name="", channel=key.channel, rights=frozenset(), created=NOW))
    path = f"/feeds/channel/{feed_token(key)}.atom"
    for secret, shown in ((text, text), (new_secret(), "key"), (feed_token(key), path[:100]), (feed_token(key), path)):
        told = shown if shown != "key" else f"the key is {secret}"
        assert secret not in without_secrets(told)
        assert secret[-24:] not in without_secrets(told)
        assert HIDDEN in without_secrets(told)
    assert HIDDEN in without_secrets(path[:50])
