"""Signs mails with DKIM (RFC 6376), for mail servers that do not sign by themselves. Needs the extra `dkim`."""

from dataclasses import dataclass, field
from typing import Any

from bots.domain.errors import SettingsError

#: The headers that a signature covers where a mail has them; RFC 8058 asks for those of the list.
_COVERED = (
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type",
    "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted",
)  # fmt: skip
_RELAXED = (b"relaxed", b"relaxed")
_TRIAL = b"From: a@example.org\r\n\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class DkimKey:
    """A private key, and where its public half is in DNS: `selector._domainkey.domain`."""

    selector: str
    domain: str
    #: PEM, RSA.
    private: bytes = field(repr=False)

    def signed(self, mail: bytes) -> bytes:
        """Return a mail with its signature before it."""
        names = {line.partition(b":")[0].lower().decode("ascii", "replace") for line in _head(mail).split(b"\r\n")}
        covered = [name.encode() for name in _COVERED if name in names]
        made: bytes = _library().sign(
            mail,
            self.selector.encode(),
            self.domain.encode(),
            self.private,
            canonicalize=_RELAXED,
            include_headers=covered,
        )
        return made + mail

    def check(self) -> None:
        """Return if mails can be signed.

        Raises:
            SettingsError: the library is not installed, or the key cannot be read.
        """
        try:
            self.signed(_TRIAL)
        except ModuleNotFoundError as error:
            raise SettingsError(
                "email.dkim_key is set, but the package that signs is not installed.",
                hint="Install it where Paperwire is installed: pip install 'paperwire[dkim]'",
            ) from error
        except Exception as error:
            # Its text may quote the key.
            raise SettingsError(
                f"email.dkim_key cannot be used ({type(error).__name__}).",
                hint="Give the path of an RSA private key in PEM: openssl genrsa -traditional -out dkim.pem 2048",
            ) from error


def _head(mail: bytes) -> bytes:
    return mail.partition(b"\r\n\r\n")[0]


def _library() -> Any:
    import dkim

    return dkim
