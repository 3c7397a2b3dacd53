"""Errors, notes and problems that members are shown are marked for translation where they are made."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bots
from bots.domain import errors

CODE = Path(bots.__file__).parent
#: What is made of a text that members are shown.
MADE = {name for name, made in vars(errors).items() if isinstance(made, type) and issubclass(made, Exception)} | {
    "Harvest", "Noted", "Problem", "SourceNote",
}  # fmt: skip
#: The packages whose errors only the operator sees, in a terminal, the log or the admin's channel; the demo's chat; and
#: what programs read.
OPERATOR = (
    "bootstrap", "cli", "config", "console", "delivery", "endpoints", "fakechat", "outbound", "ports", "preview",
    "rest", "scheduling", "store", "telemetry", "testing", "webhook", "zotero",
)  # fmt: skip
#: Modules of the operator's in other packages, and those of records, which know no languages: the texts of the latter
#: are recognised where they are shown (`bots.usecases.problems.OF_RECORDS`).
ALONE = {
    "discord/app.py", "discord/http.py", "discord/rest_client.py", "discord/settings.py", "discord/transport.py",
    "domain/errors.py", "domain/mail_addresses.py", "domain/paper_ids.py", "domain/queues.py",
    "email/app.py", "email/dkim_signature.py", "email/http.py", "email/mailboxes.py", "email/poster.py",
    "email/refusals.py", "email/settings.py", "email/smtp.py",
    "slack/app.py", "slack/connection.py", "slack/http.py", "slack/installation.py", "slack/settings.py",
    "sources/_politeness.py", "sources/context.py", "sources/file.py", "sources/source_opener.py",
}  # fmt: skip
#: The web page is in English.
OF_WEB = ("web/",)
#: A file of this machine is a source for the operator alone: no chat can name one.
OF_FILES = ("sources/reading/",)
#: Errors in a chat that only the operator's own command can cause: it names channels, which members choose.
OF_CHANNELS = {("slack/channel_access.py", "BadCommand"), ("discord/channel_access.py", "BadCommand")}
_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def _unmarked() -> Iterator[str]:
    for path in sorted(CODE.rglob("*.py")):
        name = path.relative_to(CODE).as_posix()
        if name.split("/")[0] in OPERATOR or name in ALONE or name.startswith(OF_FILES + OF_WEB):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in MADE and (name, _called(node)) not in OF_CHANNELS:
                yield from (f"{name}:{node.lineno}: {each}" for each in _texts(node))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _texts(call: ast.Call) -> Iterator[str]:
    for given in (*call.args, *(each.value for each in call.keywords if each.arg != "title")):
        if isinstance(given, ast.Constant | ast.JoinedStr) and _WORDS.search(_literal(given)):
            yield ast.unparse(given)


def _literal(given: ast.expr) -> str:
    """Return what stands in a literal itself, with a letter in place of each value."""
    pieces = given.values if isinstance(given, ast.JoinedStr) else [given]
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "x" for each in pieces)


def test_errors_that_members_see_are_marked() -> None:
    """No error, note or problem outside of the operator's modules is made of an English text that no table has."""
    assert [] == list(_unmarked())


@pytest.mark.parametrize("name", sorted(ALONE))
def test_the_exceptions_exist(name: str) -> None:
    """A module that is gone needs no exception."""
    assert (CODE / name).is_file()
