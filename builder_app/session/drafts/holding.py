"""Who works at a draft: written down in the store when it is opened, taken over or closed, off the owner's thread."""

import os
import platform
from concurrent.futures import Executor
from contextlib import suppress

from builder_app.store import Store, StoreError


class Holding:
    """Notes for the audit what this program opens. A store that refuses must not keep a strategist from working."""

    def __init__(self, store: Store, executor: Executor) -> None:
        self._sessions, self._executor = store.sessions, executor
        self.holder = f"process {os.getpid()} on {platform.node() or 'this computer'}"

    def opened(self, draft: str) -> None:
        """This program works at the draft from now on."""
        self._executor.submit(self._hold, draft)

    def closed(self, draft: str) -> None:
        """This program is done with the draft."""
        self._executor.submit(self._release, draft)

    def close(self, drafts: tuple[str, ...]) -> None:
        """The program ends: none of these drafts is held any more when this returns."""
        for draft in drafts:
            self._release(draft)

    def _hold(self, draft: str) -> None:
        with suppress(StoreError):
            self._sessions.hold(draft, self.holder)

    def _release(self, draft: str) -> None:
        with suppress(StoreError):
            self._sessions.release(draft, self.holder)
