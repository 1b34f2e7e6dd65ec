"""AES-256-GCM over one value, bound to where it stands: token = "1.<key's id>.<nonce and ciphertext, base64>".

The associated data are the user, the owner (a builder session or a strategy) and the place in the flow, each with its
length before it, so that no two places read alike. A token that was moved to another place, strategy or user does not
open. The value is padded, so that the token does not tell how long a password is.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from builder_app.store.errors import StoreError

Value = None | bool | int | float | str
FORMAT: Final = "1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
"""96 random bits: NIST SP 800-38D, 8.2.2; one key seals far fewer than 2^32 values."""
PADDED_TO: Final = 64


class SecretUnreadable(StoreError):
    """A sealed value that cannot be opened; the text is a sentence that says why and what to do."""


class Owner(NamedTuple):
    """What a sealed value belongs to: `kind` is "session" (a draft) or "strategy", `id` that row's id.

    The snapshots of a strategy (its versions, tests and generations) belong to the strategy.
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """A key that seals values. Its repr holds the id alone."""

    id: str
    octets: bytes

    def __repr__(self) -> str:
        """The id, never the key."""
        return f"DataKey({self.id})"


def new_key() -> DataKey:
    """A random key with a random id."""
    return DataKey(secrets.token_hex(8), secrets.token_bytes(KEY_BYTES))


def seal(key: DataKey, bound: Sequence[str], value: Value) -> str:
    """The token of this value at this place."""
    text = json.dumps(value, allow_nan=False).encode()
    padded = text.ljust(-(-len(text) // PADDED_TO) * PADDED_TO)
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key.octets).encrypt(nonce, padded, associated_data(FORMAT, key.id, *bound))
    return f"{FORMAT}.{key.id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def key_id(token: str) -> str:
    """The id of the key that sealed this token; SecretUnreadable where it is no token of this form."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != FORMAT:
        raise SecretUnreadable("What is stored is not a sealed value of this version; set the value anew.")
    return parts[1]


def unseal(key: DataKey, bound: Sequence[str], token: str) -> Value:
    """The value of a token that this key sealed for this place; SecretUnreadable for every other token."""
    name = key_id(token)
    try:
        octets = base64.b64decode(token.split(".")[2], altchars=b"-_", validate=True)
        text = AESGCM(key.octets).decrypt(
            octets[:NONCE_BYTES], octets[NONCE_BYTES:], associated_data(FORMAT, name, *bound)
        )
    except (InvalidTag, binascii.Error, ValueError) as reason:
        raise SecretUnreadable(
            "The stored value was refused: it was moved here from another place, strategy or user, or damaged on "
            "disk. Set it anew."
        ) from reason
    value: Any = json.loads(text)
    return value  # type: ignore[no-any-return]  # `seal` wrote it


def associated_data(*parts: str) -> bytes:
    """The parts, each with its length before it: no two lists of parts read alike."""
    octets = [part.encode("utf-8", "surrogatepass") for part in ("strategy-builder", *parts)]
    return b"".join(b"%d:%b" % (len(part), part) for part in octets)
