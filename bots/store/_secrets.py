"""What must not be read out of a stolen database: encrypted before it is written, with keys that can be changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bots.domain.errors import SettingsError, StoreError

_MAKE_ONE = (
    "Make one with: python3 -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())' "
    "and keep it where the database is not."
)


def new_key() -> str:
    """Return a new key: 44 characters."""
    return Fernet.generate_key().decode()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """Encrypted bytes, and which key made them."""

    blob: bytes
    #: A fingerprint; the key cannot be found from it.
    key_id: str


class Vault:
    """Seals with the first of its keys, opens with any."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Take the keys, the newest first.

        Raises:
            SettingsError: one of them is no key.
        """
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None
        except ValueError as error:
            # The library's own words would quote nothing of it, and neither do we.
            raise SettingsError("One of the keys for secrets is no key.", hint=_MAKE_ONE) from error
        #: The newest key's fingerprint; empty where there is no key.
        self.key_id = sha256(keys[0].encode()).hexdigest()[:12] if keys else ""

    def seal(self, content: Mapping[str, object]) -> Sealed:
        """Return JSON values encrypted with the newest key.

        Raises:
            StoreError: there is no key.
        """
        if self._fernet is None:
            raise StoreError("A token cannot be kept: no key to encrypt it with is set.", hint=_MAKE_ONE)
        return Sealed(blob=self._fernet.encrypt(json.dumps(content).encode()), key_id=self.key_id)

    def open(self, sealed: Sealed, what: str) -> Any:
        """Return what was sealed.

        Args:
            sealed: what `seal` returned, at any time.
            what: names it in an error.

        Raises:
            StoreError: none of the keys opens it.
        """
        if self._fernet is None:
            raise StoreError(f"{what} is encrypted, and no key is set.", hint=_missing(sealed.key_id))
        try:
            return json.loads(self._fernet.decrypt(sealed.blob))
        except InvalidToken as error:
            raise StoreError(
                f"{what} cannot be opened with the keys that are set.", hint=_missing(sealed.key_id)
            ) from error


def _missing(key_id: str) -> str:
    return f"Add the key it was encrypted with (fingerprint {key_id}) behind the others, or install the app there anew."
