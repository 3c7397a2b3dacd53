"""No request leaves for an address that a person, a page or a redirect named: sources ask their own hosts, by name."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from bots.config.source_catalogue import described
from bots.domain.errors import PaperwireError, SourceDown, SourceRefused
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources._allowed_hosts import reach_of
from bots.sources._http import Client
from bots.sources._politeness import TRIES
from bots.sources.arxiv import Arxiv
from bots.sources.huggingface import HuggingFace
from bots.sources.web import Page, Web
from bots.usecases.lookup import named_in
from tests.fakes.loopback import Loopback
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import StillClock, a_client, get

#: This machine, its network, and what a cloud answers to its machines, in every spelling that resolvers understand.
INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "localhost",
    "localhost.",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "192.0.0.170",
    "198.18.0.1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fd00::1]",
    "metadata.google.internal",
    "huggingface.co.evil.example",
    "huggingface.co@127.0.0.1",
    "127.0.0.1#@huggingface.co",
    "evil.example",
    "ⓗuggingface.ⓒo.evil.example",
]


@pytest.mark.parametrize("host", INSIDE)
async def test_no_source_reads_an_address_that_is_not_its_own(clock: StillClock, host: str) -> None:
    """Whatever the address is, in decimal, hexadecimal or inside IPv6, it is refused before a name is resolved."""
    description = described("huggingface")
    assert description is not None
    async with a_client(clock) as client:
        web = client.web(reach_of(description, {"huggingface": "https://huggingface.co"}))
        for scheme in ("http", "https"):
            for port in ("", ":80", ":443", ":6379"):
                with pytest.raises(SourceRefused, match=r"may not read|invalid address"):
                    await web.get(f"{scheme}://{host}{port}/")
        assert client._client is None  # not even opened


@pytest.mark.parametrize("host", INSIDE)
async def test_no_redirect_leads_to_such_an_address(client: Client, server: PaperServer, host: str) -> None:
    """A page that redirects inside is refused, over http and https, and the target is not asked."""
    port = server.url.rpartition(":")[2]
    targets = [f"http://{host}:{int(port) + 1}/inside", f"https://{host}/inside", f"//{host}/inside"]
    paths = [f"/page{number}" for number in range(len(targets))]
    for path, target in zip(paths, targets, strict=True):
        moved = Answer(status=302, headers={"Location": target.encode().decode("latin-1")})
        server.script(path, *[moved] * TRIES)
        # httpx reports a host that it cannot parse as a broken connection, which is tried again.
        with pytest.raises((SourceRefused, SourceDown), match=r"redirects to|RemoteProtocolError"):
            await get(client, server, path)
    assert set(paths) == {call.path for call in server.calls}


# ── what people type ─────────────────────────────────────────────────────────────────────────────────────────────────


class Recorded(Web):
    """Records the addresses that a source asks for, and answers none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def get(self, url: str, **_more: object) -> Page:
        """Record an address."""
        self.asked.append(url)
        raise SourceDown("down")

    async def post(self, url: str, content: bytes, **_more: object) -> Page:  # noqa: ARG002 - as in `Web`
        """Record an address."""
        self.asked.append(url)
        raise SourceDown("down")


TYPED = st.text(max_size=60) | st.lists(
    st.sampled_from(["cs.CL", "+", "/", "..", "@", "http://127.0.0.1/", "#", "?", "\r\n", "%2f", "week", "2001.00001"]),
    max_size=6,
).map("".join)


@given(TYPED)
async def test_what_is_typed_behind_a_source_names_no_address(typed: str) -> None:
    """Any argument of a source is refused, or is part of a path on the source's own host."""
    web = Recorded()
    for opened in (lambda: Arxiv(typed, web), lambda: HuggingFace(typed, web)):
        try:
            await opened().recent(SourceQuery(day=date(2026, 8, 19)))
        except (PaperwireError, KeyError):
            continue
    own = {"rss.arxiv.org": "/rss/", "arxiv.org": "/list/", "huggingface.co": "/api/daily_papers"}
    for url in web.asked:
        parts = urlsplit(url)
        assert "https" == parts.scheme
        assert parts.path.startswith(own[parts.netloc])
        assert not set("?#@%\\") & set(url)
        assert ".." not in url


@given(TYPED)
async def test_what_is_typed_as_a_paper_names_no_address(typed: str) -> None:
    """An id is a parameter, or one escaped part of a path, whatever is in it; an address is never fetched."""
    web = Recorded()
    try:
        named = [ref.id for ref in named_in(typed)]
    except PaperwireError:
        named = []
    for paper_id in (*named, PaperId(scheme="arxiv", value=typed or "x")):
        for library in (Arxiv("", web), HuggingFace("", web)):
            try:
                await library.lookup(paper_id)
            except PaperwireError:
                continue
    for url in web.asked:
        parts = urlsplit(url)
        assert "https" == parts.scheme
        assert parts.netloc in ("export.arxiv.org", "huggingface.co")
        assert parts.path == "/api/query" or 1 == parts.path.removeprefix("/api/papers/").count(".")


# ── who answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Impostor(Loopback):
    """A proxy that connects every name to one server of its own, as a resolver with false answers would."""

    def __init__(self, certificate: Path) -> None:
        super().__init__()
        self._inside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._inside.load_cert_chain(certificate)
        self.connected: list[str] = []
        self.heard: list[bytes] = []

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Accept a connection to any name, and answer on it as that name's server."""
        self.connected.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        await writer.start_tls(self._inside)
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")
        await writer.drain()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a key and a certificate for a source's host that no authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "huggingface.co")])
    now = datetime.now(UTC)
    names = [x509.DNSName("huggingface.co"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "impostor.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
async def impostor(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Impostor]:
    """Yield a proxy that every request of this test goes through."""
    async with Impostor(certificate) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        yield proxy


async def listed(clock: StillClock) -> Page:
    """Ask for Hugging Face's list, at its own address."""
    description = described("huggingface")
    assert description is not None
    async with a_client(clock) as client:
        return await client.web(reach_of(description, {})).get("https://huggingface.co/api/daily_papers")


async def test_a_name_that_leads_elsewhere_is_not_believed(clock: StillClock, impostor: Impostor) -> None:
    """If a resolver sends a source's name to another machine, even between two requests, nothing is sent there.

    No address is checked and then connected to, so there is no moment in between: the machine must prove its name.
    """
    with pytest.raises(SourceDown, match="cannot be reached"):
        await listed(clock)
    assert {"huggingface.co:443"} == set(impostor.connected)
    assert [] == impostor.heard


async def test_an_institutions_own_authority_is_believed(
    clock: StillClock, impostor: Impostor, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same machine is believed if the operator trusts its certificate: it was the certificate that was refused."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert b"[]" == (await listed(clock)).body
    assert impostor.heard[0].startswith(b"GET /api/daily_papers ")
