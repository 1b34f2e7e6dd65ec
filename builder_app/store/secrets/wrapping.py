"""Data keys under another key: one that the keyring keeps, or one that Argon2id makes of a passphrase."""

import base64
import binascii
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from builder_app.store.secrets.cipher import KEY_BYTES, NONCE_BYTES, DataKey, associated_data

SALT_BYTES: Final = 16
LARGEST_MEMORY_KIB: Final = 2**20
MOST_ITERATIONS: Final = 100
MOST_LANES: Final = 64


@dataclass(frozen=True, slots=True)
class PassphraseCost:
    """What Argon2id spends on a passphrase, and its salt.

    The defaults are the second recommended choice of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes.
    """

    salt: bytes
    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024

    @property
    def is_sane(self) -> bool:
        """Whether a file that asks for this much may be obeyed."""
        return (
            len(self.salt) >= 8
            and 1 <= self.iterations <= MOST_ITERATIONS
            and 1 <= self.lanes <= MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= LARGEST_MEMORY_KIB
        )


def key_of_passphrase(passphrase: str, cost: PassphraseCost) -> bytes:
    """The wrapping key that this passphrase gives; one letter written in two ways of Unicode is one letter."""
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    derivation = Argon2id(
        salt=cost.salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return derivation.derive(text)


def wrap(wrapping_key: bytes, key: DataKey) -> str:
    """The data key as text that only the wrapping key opens."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped = AESGCM(wrapping_key).encrypt(nonce, key.octets, associated_data("data key", key.id))
    return base64.b64encode(nonce + wrapped).decode()


def unwrap(wrapping_key: bytes, id: str, wrapped: str) -> DataKey | None:
    """The data key, or None where this is not its wrapping key."""
    try:
        octets = base64.b64decode(wrapped, validate=True)
        opened = AESGCM(wrapping_key).decrypt(
            octets[:NONCE_BYTES], octets[NONCE_BYTES:], associated_data("data key", id)
        )
    except (InvalidTag, binascii.Error, ValueError):
        return None
    return DataKey(id, opened) if len(opened) == KEY_BYTES else None
