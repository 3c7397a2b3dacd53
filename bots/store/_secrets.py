"""Encrypts the values that a stolen database must not reveal; the keys can be changed."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bots.domain.errors import SettingsError, StoreError

_SALT = 16
#: OWASP's recommendation for scrypt (Password Storage Cheat Sheet) with r = 8: 64 MiB and some 0.2 s for each guess.
_SCRYPT_N = 2**16
_MAKE_ONE = "Make one with: paperwire slack key. Keep it apart from the database."


def new_key() -> str:
    """Return a new key: 44 characters."""
    return Fernet.generate_key().decode()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """Encrypted bytes and the fingerprint of the key that encrypted them."""

    blob: bytes
    #: Fingerprint of the key; the key cannot be derived from it.
    key_id: str


class Vault:
    """Encrypts with the first of its keys and decrypts with any of them."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Set the keys, the newest first.

        Raises:
            SettingsError: one of the keys is not valid.
        """
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        except ValueError as error:
            # The library's own message does not quote the key, and neither does ours.
            raise SettingsError("One of the keys in slack.token_keys is not valid.", hint=_MAKE_ONE) from error
        #: Fingerprint of the newest key; empty if there is no key.
        self.key_id = sha256(keys[0].encode()).hexdigest()[:12] if keys else ""

    def seal(self, content: Mapping[str, object]) -> Sealed:
        """Return JSON values encrypted with the newest key.

        Raises:
            StoreError: there is no key.
        """
        if self._fernet is None:
            raise StoreError(
                "A token cannot be stored, because slack.token_keys holds no key to encrypt it.", hint=_MAKE_ONE
            )
        return Sealed(blob=self._fernet.encrypt(json.dumps(content).encode()), key_id=self.key_id)

    def open(self, sealed: Sealed, what: str) -> Any:
        """Return the decrypted values.

        Args:
            sealed: the result of an earlier call of `seal`, however old.
            what: how an error message names the values.

        Raises:
            StoreError: none of the keys decrypts them.
        """
        if self._fernet is None:
            raise StoreError(
                f"{what} cannot be decrypted, because slack.token_keys holds no key.", hint=_missing(sealed.key_id)
            )
        try:
            return json.loads(self._fernet.decrypt(sealed.blob))
        except InvalidToken as error:
            raise StoreError(
                f"{what} cannot be decrypted with the keys in slack.token_keys.", hint=_missing(sealed.key_id)
            ) from error


def sealed_by_passphrase(content: bytes, passphrase: str) -> bytes:
    """Return content encrypted with a passphrase: a random salt, then the encrypted bytes."""
    salt = secrets.token_bytes(_SALT)
    return salt + _by_passphrase(passphrase, salt).encrypt(content)


def opened_by_passphrase(sealed: bytes, passphrase: str) -> bytes:
    """Return the content that `sealed_by_passphrase` encrypted.

    Raises:
        StoreError: the passphrase is wrong, or the bytes were changed.
    """
    try:
        return _by_passphrase(passphrase, sealed[:_SALT]).decrypt(sealed[_SALT:])
    except InvalidToken as error:
        raise StoreError(
            "The secrets of the archive cannot be decrypted with this passphrase.",
            hint="Give the passphrase with which the archive was written.",
        ) from error


def _by_passphrase(passphrase: str, salt: bytes) -> Fernet:
    key = hashlib.scrypt(passphrase.encode(), salt=salt, n=_SCRYPT_N, r=8, p=1, maxmem=2**27, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))


def _missing(key_id: str) -> str:
    return f"Add the key it was encrypted with (fingerprint {key_id}) after the others, or install the app there again."
