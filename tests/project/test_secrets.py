"""No file of the project holds a secret: neither the examples of settings and deployments, nor tests, nor documents."""

import re
import secrets
from random import SystemRandom
from string import ascii_letters, ascii_uppercase, digits, hexdigits

import pytest

from tests.project.test_structure import tracked

#: What real secrets look like; a placeholder (`xoxb-…`) and an invention (`xoxb-1-2-madeup`) are shorter.
SHAPES = {
    "a token of Slack": rb"xox[a-z]-(?:\d{8,}-){1,3}[A-Za-z0-9]{20,}|xapp-\d-[A-Z0-9]{8,}-\d{8,}-[0-9a-f]{32,}",
    "a token of Discord": rb"[MNO][\w-]{23,26}\.[\w-]{6}\.[\w-]{27,}",
    "a web hook": rb"/services/T\w{8,}/B\w{8,}/\w{20,}|/webhooks/\d{16,}/[\w-]{60,}",
    "a private key": rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}",
    "a key of a cloud": rb"(?<![A-Z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Z0-9])|AIza[\w-]{35}",
    "a key of a code or model host": rb"gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,}|glpat-[\w-]{20}|hf_[A-Za-z]{34}"
    rb"|(?<![\w-])sk-(?:\w{2,8}-)?[A-Za-z0-9]{32,}",
    "a JSON web token": rb"eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    "a key for tokens": rb"(?<![\w+/-])[\w-]{43}=(?![\w=])",
    "a password in an address": rb"[a-z][a-z+]{2,15}://[^\s/:@\"'<>{}$]{1,60}:[^\s/@\"'<>{}$]{9,80}@",
    "the value of a setting": rb"(?i:token|secret|password|api_?key)[\"']?\s{0,3}[:=]\s{0,3}"
    rb"[\"'][A-Za-z0-9+/_-]{24,}[\"']",
}
FOUND = re.compile(b"|".join(b"(?:%s)" % shape for shape in SHAPES.values()))
#: Inventions that look like secrets. The first is base64 of words; the second stands in Slack's documentation; the
#: third belongs to the stand-in of Slack.
INVENTED = (
    b"cGFwZXJ3aXJlLTAuMS4wLXJlY29yZGVkLXNhbXBsZS4=",
    b"gIkuvaNzQIHg97ATvDxqgjtO",
    b"xapp-1-A0FAKE00001-1-socket",
)
#: Trained numbers, in which any text may occur by chance.
NUMBERS = (".onnx", ".sqlite3", ".png")


def test_no_file_of_the_project_holds_a_secret() -> None:
    """Every committed file is searched for the shapes of the secrets that Paperwire and its makers use."""
    found = {}
    for path in tracked():
        if path.suffix not in NUMBERS:
            hits = [hit.group() for hit in FOUND.finditer(path.read_bytes())]
            found[path.name] = [hit for hit in hits if not any(each in hit for each in INVENTED)]
    assert {} == {name: hits for name, hits in found.items() if hits}


def some(alphabet: str, length: int) -> str:
    """Return characters drawn at random."""
    return "".join(SystemRandom().choices(alphabet, k=length))


def number(length: int) -> str:
    """Return a number drawn at random."""
    return some(digits, length)


WORD = ascii_letters + digits
MADE = {
    "a token of Slack": lambda: f"xoxb-{number(12)}-{number(13)}-{some(WORD, 24)}",
    "a token of Discord": lambda: f"MTI{some(WORD, 23)}.{some(WORD, 6)}.{some(WORD, 38)}",
    "a web hook": lambda: f"https://discord.com/api/webhooks/{number(19)}/{some(WORD, 68)}",
    "a private key": lambda: f"-----BEGIN {'PRIVATE KEY'}-----\n{some(WORD, 64)}",
    "a key of a cloud": lambda: f"AKIA{some(ascii_uppercase, 16)}",
    "a key of a code or model host": lambda: f"hf_{some(ascii_letters, 34)}",
    "a JSON web token": lambda: ".".join((f"eyJ{some(WORD, 30)}", f"eyJ{some(WORD, 30)}", some(WORD, 43))),
    "a key for tokens": lambda: secrets.token_urlsafe(32) + "=",
    "a password in an address": lambda: f"postgresql://ann:{some(WORD, 16)}@db/paperwire",
    "the value of a setting": lambda: f'signing_secret = "{some(hexdigits, 32)}"',
}


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("around", ["{}", "export A={}\n", 'token: "{}"', "x {} y"])
def test_a_secret_of_each_kind_would_be_found(kind: str, around: str) -> None:
    """A value of each kind, made anew, is found wherever it stands in a file."""
    assert re.search(SHAPES[kind], around.format(MADE[kind]()).encode())


@pytest.mark.parametrize(
    "line",
    ["export PAPERWIRE_SLACK_BOT_TOKEN=xoxb-… PAPERWIRE_SLACK_APP_TOKEN=xapp-…", 'token = "…"', "xoxb-1-2-madeup",
     "--hash=sha256:" + "0" * 64, "https://arxiv.org:443/abs/2001.00001", "postgresql://ann:secret@db/papers"],
)  # fmt: skip
def test_placeholders_are_no_secrets(line: str) -> None:
    """Placeholders, short inventions, hashes and ports are left alone."""
    assert not FOUND.search(line.encode())
