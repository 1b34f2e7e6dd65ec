"""The ways in which sensitive values are kept."""

from enum import StrEnum


class Keeping(StrEnum):
    """How sensitive values are kept."""

    KEYRING = "keyring"
    """Encrypted; the system's keyring has the key."""
    PASSPHRASE = "passphrase"  # noqa: S105  (a word, not a password)
    """Encrypted; the passphrase was given."""
    LOCKED = "locked"
    """Encrypted under a passphrase that was not given yet: what is stored cannot be opened, nothing new is kept."""
    MEMORY = "memory"
    """There is no keyring and no passphrase: values are forgotten when the program ends."""
