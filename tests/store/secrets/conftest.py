"""Vaults with a keyring of the test's own, and with a passphrase that costs little."""

from collections.abc import Callable
from pathlib import Path

import pytest

from builder_app.store.secrets import Vault, vault, wrapping
from tests.store.secrets.keyrings import MemoryKeyring

MakeVault = Callable[..., Vault]


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The key file's place."""
    return tmp_path / "strategies.db.keys"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases that cost next to nothing."""
    monkeypatch.setattr(vault, "PassphraseCost", lambda salt: wrapping.PassphraseCost(salt, 1, 1, 8))
