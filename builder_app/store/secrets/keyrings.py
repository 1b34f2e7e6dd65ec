"""The operating system's keyring, behind a door so that tests never touch a real one."""

from typing import Any, Final, Protocol

SERVICE: Final = "strategy-builder"
TRUSTED: Final = frozenset(
    f"keyring.backends.{name}" for name in ("macOS", "Windows", "SecretService", "libsecret", "kwallet")
)
"""Keyrings that the operating system encrypts. Others (a plain file, the null keyring) keep nothing secret."""


class KeyringFailed(Exception):
    """The keyring is there but did not answer: it is locked, or its question was turned down. The text says what."""


class Keyring(Protocol):
    """A place that keeps texts secret, by account."""

    name: str
    """What the strategist calls it."""

    def get(self, account: str) -> str | None:
        """The text that is kept under this account, or None; KeyringFailed where that cannot be told."""

    def put(self, account: str, text: str) -> None:
        """Keep the text; KeyringFailed where it is not kept."""

    def remove(self, account: str) -> None:
        """Forget the text; KeyringFailed where it is still kept."""


class SystemKeyring:
    """A backend of the package `keyring` as a Keyring."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.name = str(getattr(backend, "name", type(backend).__name__))

    def get(self, account: str) -> str | None:
        """What is kept, or None."""
        try:
            kept = self._backend.get_password(SERVICE, account)
        except Exception as reason:  # backends raise their own errors, D-Bus' and the system's
            raise KeyringFailed(f"{type(reason).__name__}: {reason}") from None
        return None if kept is None else str(kept)

    def put(self, account: str, text: str) -> None:
        """Keep the text, and look whether it was kept: the null backend keeps nothing and says nothing."""
        try:
            self._backend.set_password(SERVICE, account, text)
        except Exception as reason:
            raise KeyringFailed(f"{type(reason).__name__}: {reason}") from None
        if self.get(account) != text:
            raise KeyringFailed("it did not keep what it was given")

    def remove(self, account: str) -> None:
        """Forget what is kept."""
        try:
            self._backend.delete_password(SERVICE, account)
        except Exception as reason:
            raise KeyringFailed(f"{type(reason).__name__}: {reason}") from None


def system_keyring() -> Keyring | None:
    """The operating system's keyring, or None where there is none that keeps secrets.

    The package `keyring` chooses, as its own settings say; a backend that is not the system's is not taken.
    """
    try:
        import keyring  # here, because looking for backends takes a tenth of a second

        chosen: Any = keyring.get_keyring()
    except Exception:  # a broken plug-in of another program must not keep ours from starting
        return None
    for backend in (chosen, *getattr(chosen, "backends", ())):
        if type(backend).__module__ in TRUSTED:
            return SystemKeyring(backend)
    return None
