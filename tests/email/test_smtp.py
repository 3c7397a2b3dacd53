"""Speaking to mail servers: encryption, authentication, every refusal, and what a broken connection means."""

import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, PostTooLarge, PostUnknown
from bots.domain.mail_addresses import read_mail_address
from bots.email.refusals import Step, refusal, said
from bots.email.settings import MailServer, Security
from bots.email.smtp import Smtp
from summarizer import Secret
from tests.contracts.email_place import SENDER
from tests.fakes.mail_server import At, FakeMailServer, MailFault

ADA = read_mail_address("ada@example.org")
MAIL = (
    b"From: papers@example.org\r\nTo: ada@example.org\r\nSubject: x\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n"
    b"Message-ID: <x@example.org>\r\n\r\n.A line with a dot\r\n"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for localhost: the context of a server, and the file to trust."""
    folder = tmp_path_factory.mktemp("tls")
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    (folder / "both.pem").write_bytes(private + public)
    (folder / "ca.pem").write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, folder / "ca.pem"


def speaking(server: FakeMailServer, seconds: float = 5.0, **changes: Any) -> Smtp:
    """Return what speaks to a server; `changes` are fields of its settings."""
    given: dict[str, Any] = {"host": "localhost", "port": server.port, "security": Security.NONE, **changes}
    return Smtp(server=MailServer(**given), sender=SENDER.address, seconds=seconds)


@asynccontextmanager
async def failing(*faults: MailFault, **given: Any) -> AsyncIterator[tuple[FakeMailServer, Smtp]]:
    """Yield a server that fails, and what speaks to it."""
    async with FakeMailServer(**given) as server:
        server.fail(*faults)
        yield server, speaking(server)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_encryption_and_authentication(certificate: tuple[ssl.SSLContext, Path], security: Security) -> None:
    """With either kind of TLS a mail is encrypted and the user signed in, and the doctor says how."""
    context, ca = certificate
    login = ("papers", "pass word")
    async with FakeMailServer(tls=context, over_tls=security is Security.TLS, login=login) as server:
        smtp = speaking(server, security=security, ca_file=str(ca), user=login[0], password=Secret(login[1]))
        await smtp.send(MAIL, ADA)
        (mail,) = server.accepted
        assert (True, "papers", "ada@example.org") == (mail.encrypted, mail.user, mail.recipient)
        assert "TLS" in await smtp.check()


async def test_a_certificate_that_is_not_trusted(certificate: tuple[ssl.SSLContext, Path]) -> None:
    """A server whose certificate is not trusted gets no mail and no password, and nobody is paused."""
    async with FakeMailServer(tls=certificate[0]) as server:
        smtp = speaking(server, security=Security.STARTTLS, user="papers", password=Secret("word"))
        with pytest.raises(PostRefused, match="certificate is not accepted") as raised:
            await smtp.send(MAIL, ADA)
        assert raised.value.everywhere
        assert "word" not in str(raised.value)
        assert [] == server.accepted


async def test_a_server_without_starttls() -> None:
    """A mail that must be encrypted is not sent in clear text."""
    async with FakeMailServer() as server:
        with pytest.raises(PostRefused):
            await speaking(server, security=Security.STARTTLS).send(MAIL, ADA)
        assert [] == server.accepted


async def test_a_wrong_password(certificate: tuple[ssl.SSLContext, Path]) -> None:
    """A refused password is a matter of the operator: it is refused everywhere, with what to do, and not shown."""
    context, ca = certificate
    async with FakeMailServer(tls=context, login=("papers", "right")) as server:
        smtp = speaking(
            server, security=Security.STARTTLS, ca_file=str(ca), user="papers", password=Secret("wrong-secret")
        )
        with pytest.raises(PostRefused) as raised:
            await smtp.send(MAIL, ADA)
    assert raised.value.everywhere
    assert "email.password" in raised.value.hint
    assert "wrong-secret" not in f"{raised.value} {raised.value.hint}"


async def test_nobody_listens() -> None:
    """A server that is down is a refusal for now."""
    async with FakeMailServer() as server:
        smtp = speaking(server)
    with pytest.raises(PostRefused) as raised:
        await smtp.send(MAIL, ADA)
    assert raised.value.everywhere


@pytest.mark.parametrize(
    ("fault", "raises", "accepted"),
    [
        (MailFault(at=At.GREETING), PostRefused, 0),
        (MailFault(at=At.GREETING, answer="554 5.3.2 not now"), PostRefused, 0),
        (MailFault(at=At.SENDER), PostRefused, 0),
        (MailFault(at=At.SENDER, answer="550 5.7.1 sender rejected"), PostRefused, 0),
        (MailFault(at=At.RECIPIENT), PostRefused, 0),
        (MailFault(at=At.RECIPIENT, answer="451 4.7.1 greylisted"), PostRefused, 0),
        (MailFault(at=At.RECIPIENT, answer="550 5.1.1 no such user"), ChannelGone, 0),
        (MailFault(at=At.RECIPIENT, answer="554 5.7.1 Relay access denied"), PostRefused, 0),
        (MailFault(at=At.RECIPIENT, answer="452 4.2.2 mailbox full"), PostRefused, 0),
        (MailFault(at=At.RECIPIENT, answer="552 5.2.2 mailbox full"), PostRefused, 0),
        (MailFault(at=At.CONTENT, answer="451 4.3.0 disk"), PostRefused, 0),
        (MailFault(at=At.CONTENT, answer="554 5.6.0 looks like spam"), ChannelGone, 0),
        (MailFault(at=At.CONTENT, answer="552 5.3.4 too big"), PostTooLarge, 0),
        (MailFault(at=At.CONTENT), PostUnknown, 0),
        (MailFault(at=At.ACCEPTED), PostUnknown, 1),
        (MailFault(at=At.SENDER, answer="250 late", after=1.0), PostRefused, 0),
        (MailFault(at=At.ACCEPTED, answer="250 late", after=1.0), PostUnknown, 1),
    ],
    ids=str,
)
async def test_each_fault_is_what_it_means(fault: MailFault, raises: type[DeliveryError], accepted: int) -> None:
    """Before the message a failure is certain; after it, it is unknown; a refusal is for now or for ever as it says."""
    async with FakeMailServer() as server:
        server.fail(fault)
        with pytest.raises(raises):
            await speaking(server, seconds=0.5).send(MAIL, ADA)
        assert accepted == len(server.accepted)


async def test_a_mail_larger_than_the_server_takes() -> None:
    """A server that says its limit refuses the size before the mail is sent."""
    async with FakeMailServer(size=100) as server:
        with pytest.raises(PostTooLarge):
            await speaking(server).send(MAIL, ADA)


async def test_a_farewell_without_an_answer() -> None:
    """A server that accepted the mail and breaks the connection at the farewell has accepted it."""
    async with FakeMailServer() as server:
        await speaking(server).send(MAIL, ADA)
        assert b"..A line" not in server.accepted[0].raw
        assert b"\r\n.A line with a dot" in server.accepted[0].raw


@pytest.mark.parametrize("utf8", [True, False])
async def test_an_address_in_another_script(utf8: bool) -> None:
    """An address with letters beyond ASCII needs SMTPUTF8; its domain goes as DNS knows it."""
    address = read_mail_address("дана@почта.рф")
    async with FakeMailServer(utf8=utf8) as server:
        if not utf8:
            with pytest.raises(ChannelGone):
                await speaking(server).send(MAIL, address)
            return
        await speaking(server).send(MAIL, address)
        assert "дана@xn--80a1acny.xn--p1ai" == server.accepted[0].recipient


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Greylisted, try again in 90 seconds", 90.0),
        ("4.2.0 please retry after 5 minutes", 300.0),
        ("4.2.0 come back for 1 hour", 3600.0),
        ("4.2.0 Greylisted", 300.0),
        ("4.2.2 mailbox full", 3600.0),
    ],
)
def test_how_long_to_wait(text: str, seconds: float) -> None:
    """The wait is the one that the server names, else a usual one."""
    error = refusal(450, text, Step.RECIPIENT)
    assert isinstance(error, PostRefused)
    assert seconds == error.retry_after


@pytest.mark.parametrize("text", ["<ada@example.org>: no", "5.1.1 ada@example.org unknown", "to=<a.b+c@x.example>, x"])
def test_no_error_has_an_address(text: str) -> None:
    """A server's text keeps its words and loses every address."""
    told = said(text)
    assert "@" not in told
    assert "[address]" in told
    assert "@" not in str(refusal(550, text, Step.RECIPIENT))
