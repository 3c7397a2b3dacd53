"""Mail addresses: one spelling for one mailbox, and nothing that could be more than an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.mail_addresses import MAX_ADDRESS, read_mail_address, read_sender


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada+papers@Example.ORG ", "Ada+papers@example.org"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("дана@почта.рф", "дана@xn--80a1acny.xn--p1ai"),
        ("o'hara@sub.example.co.uk", "o'hara@sub.example.co.uk"),
        ("ada@localhost", "ada@localhost"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    """An address is sent to as it was written, with its domain as DNS knows it."""
    assert address == str(read_mail_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "", "ada", "@example.org", "ada@", "a@b@c.example", "a b@example.org", ".ada@example.org", "a..b@example.org",
        "ada@example", "ada@1.2.3.4", "ada@[127.0.0.1]", '"a b"@example.org', "ada@exa_mple.org", "<ada@example.org>",
        "ada@example.org\r\nBcc: x@example.org", "ada\x00@example.org", "ada@example.org>", "a,b@example.org",
        f"{'a' * 65}@example.org", f"ada@{'a' * 64}.org", "ada\u202e@example.org", "ada\ud800@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    """Everything else is refused, with a message that does not repeat it."""
    with pytest.raises(ValueError, match=r"^give a mail address such as ada@example\.org(; this one is too long)?$"):
        read_mail_address(text)


@given(st.text(max_size=80))
def test_whatever_is_read_is_safe_in_an_envelope(text: str) -> None:
    """An address that is accepted has no space, no bracket, no control character, and a length that SMTP carries."""
    try:
        address = read_mail_address(text)
    except ValueError:
        return
    assert MAX_ADDRESS >= len(str(address).encode())
    assert str(address).isprintable()
    assert not set(' <>()[]",;:\\') & set(str(address))
    assert address == read_mail_address(str(address))


def test_spellings_of_one_mailbox() -> None:
    """Capital letters and ways to write a domain make no second mailbox; a tag does."""
    keys = {read_mail_address(text).key for text in ("ADA@example.org", "ada@EXAMPLE.org", "ada@example.org.")}
    assert {"ada@example.org"} == keys
    assert "ada+x@example.org" == read_mail_address("ada+x@example.org").key


@pytest.mark.parametrize(
    "text", ["a\nb <papers@example.org>", "<>", "x <дана@почта.рф>", "Papers", f"{'x' * 90} <a@b.org>"]
)
def test_what_is_no_sender(text: str) -> None:
    """A sender without an ASCII address, or with a name of several lines, is refused."""
    with pytest.raises(ValueError, match="give a"):
        read_sender(text)
