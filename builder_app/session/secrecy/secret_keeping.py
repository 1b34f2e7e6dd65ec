"""How sensitive values are kept: what the window says of it, and the passphrase where one is needed."""

from collections.abc import Callable

from builder_app.session import events
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.secrecy.resealing import Resealing
from builder_app.session.secrecy.sealing import open_again
from builder_app.store import StoreError
from builder_app.store.secrets import Keeping

__all__ = ["Keeping", "SecretKeeping"]


class SecretKeeping:
    """For the owner's thread. `kept_anew` is called for each open strategy when its secrets can be sealed or read."""

    def __init__(self, desk: Desk, kept_anew: Callable[[Document], None]) -> None:
        self._desk, self._vault, self._kept_anew = desk, desk.rooms.vault, kept_anew
        self._resealing = Resealing(desk)

    def start(self) -> None:
        """Go on with what a rotation left to do when the program ended."""
        self._resealing.ask()

    def close(self) -> None:
        """End what is under way; the next start goes on with it. Twice is fine."""
        self._resealing.close()

    @property
    def is_idle(self) -> bool:
        """Nothing is being sealed anew."""
        return self._resealing.is_idle

    @property
    def keeping(self) -> Keeping:
        """How sensitive values are kept."""
        return self._vault.keeping

    @property
    def notice(self) -> str:
        """What the strategist should know of it, in whole sentences; empty where they are kept well."""
        return self._vault.notice

    def set_passphrase(self, passphrase: str) -> None:
        """Keep sensitive values under this passphrase from now on; ValueError with a sentence where it cannot be."""
        self._change(lambda: self._vault.set_passphrase(passphrase))

    def unlock(self, passphrase: str) -> None:
        """Open what is sealed under this passphrase; ValueError with a sentence where it is another."""
        self._change(lambda: self._vault.unlock(passphrase))

    def try_again(self) -> None:
        """Look for the keys again: the system's keyring may be unlocked now; ValueError with a sentence where not."""
        self._change(self._vault.try_again)
        if not self._vault.can_keep():
            raise ValueError(self._vault.notice)

    def rotate(self, passphrase: str | None = None) -> None:
        """Seal with a new key from now on, then everything that is stored.

        ValueError with a sentence where no key is open. SecretsSealedAnew tells how far it is, and at the end that the
        old key is destroyed.
        """
        self._change(lambda: self._vault.rotate(passphrase))

    def _change(self, call: Callable[[], None]) -> None:
        try:
            call()
        except StoreError as reason:
            raise ValueError(str(reason)) from reason
        for document in tuple(self._desk.documents.values()):
            before = open_again(self._vault, document)
            if before != document.flow:
                self._desk.tell(events.FlowChanged(document.id, before, document.flow))
            self._kept_anew(document)
        self._resealing.ask()
