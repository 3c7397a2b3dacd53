"""DKIM: a signed mail verifies, a changed one does not, and a wrong key is said at the start."""

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bots.domain.errors import SettingsError
from bots.email.dkim_signature import DkimKey
from tests.email.conftest import a_lab
from tests.email.test_messages import mail_of
from tests.email.test_settings import settings
from tests.support.factories import a_digest


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    """A private key in PEM, and the record of its public half in DNS."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


def verifies(mail: bytes, record: bytes) -> bool:
    """Return whether a mail server finds the signature valid."""
    return bool(
        dkim.verify(mail, dnsfunc=lambda name, **_: record if b"papers._domainkey.example.org" in name else None)
    )


def test_a_signed_mail_verifies(pair: tuple[bytes, bytes]) -> None:
    """The signature holds for the mail as it is, and covers what unsubscribes."""
    private, record = pair
    mail = DkimKey(selector="papers", domain="example.org", private=private).signed(mail_of(a_digest()))
    assert verifies(mail, record)
    assert not verifies(mail.replace(b"unsubscribe?t=a", b"unsubscribe?t=b", 1), record)
    assert not verifies(mail.replace(b"Attention", b"Attraction"), record)
    assert b"list-unsubscribe-post" in mail.partition(b"\r\nFrom:")[0].lower()


async def test_every_mail_is_signed(pair: tuple[bytes, bytes]) -> None:
    """A mail server gets each mail signed if a key is set."""
    key = DkimKey(selector="papers", domain="example.org", private=pair[0])
    async with a_lab(dkim=key) as lab:
        await lab.sign_up()
        assert verifies(lab.server.accepted[0].raw, pair[1])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dkim_selector": "papers"}, "belong together"),
        ({"dkim_selector": "papers", "dkim_key": "/nowhere.pem"}, "cannot be read"),
        ({"dkim_selector": "papers", "dkim_key": "KEY"}, "cannot be used"),
    ],
)
def test_a_wrong_key(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    """A missing or unreadable key is an error of the settings that does not show it."""
    (tmp_path / "key.pem").write_text("no tulip key")
    given = {name: str(tmp_path / "key.pem") if value == "KEY" else value for name, value in changes.items()}
    with pytest.raises(SettingsError, match=said) as raised:
        settings(tmp_path, **given)
    assert "tulip" not in str(raised.value)


def test_a_right_key(tmp_path: Path, pair: tuple[bytes, bytes]) -> None:
    """A key in a file is used for the sender's domain, and is not shown."""
    (tmp_path / "key.pem").write_bytes(pair[0])
    made = settings(tmp_path, dkim_selector="papers", dkim_key=str(tmp_path / "key.pem")).dkim
    assert made is not None
    assert ("papers", "example.org") == (made.selector, made.domain)
    assert "PRIVATE" not in repr(made)
