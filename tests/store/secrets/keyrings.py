"""Keyrings for tests; none of them is the system's."""

from builder_app.store.secrets import KeyringFailed


class MemoryKeyring:
    """A keyring that lives as long as the test, and can be locked or emptied."""

    name = "The test's keyring"

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.is_locked = False
        self.questions = 0

    def get(self, account: str) -> str | None:
        self._ask()
        return self.kept.get(account)

    def put(self, account: str, text: str) -> None:
        self._ask()
        self.kept[account] = text

    def remove(self, account: str) -> None:
        self._ask()
        self.kept.pop(account, None)

    def _ask(self) -> None:
        self.questions += 1
        if self.is_locked:
            raise KeyringFailed("it is locked")
