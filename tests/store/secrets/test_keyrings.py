"""Which keyrings are taken: the system's, and none that keeps nothing or writes plain files."""

from types import SimpleNamespace
from typing import Any

import keyring
import pytest
from keyring.backends import chainer, fail, null

from builder_app.store.secrets import KeyringFailed, Owner, Vault, keyrings
from builder_app.store.secrets.keyrings import TRUSTED, SystemKeyring, system_keyring

FAIL: Any = fail.Keyring()  # type: ignore[no-untyped-call]
NULL: Any = null.Keyring()  # type: ignore[no-untyped-call]
CHAINER: Any = chainer.ChainerBackend()  # type: ignore[no-untyped-call]


def backend_of(module: str, **methods: Any) -> Any:
    return type("Keyring", (), {"__module__": module, "name": "A keyring", **methods})()


@pytest.mark.parametrize("backend", [FAIL, NULL, CHAINER])
def test_keyring_s_own_stand_ins_are_not_taken(backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [])
    assert system_keyring() is None


@pytest.mark.parametrize("module", sorted(TRUSTED))
def test_the_system_s_keyrings_are_taken(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend_of(module))
    taken = system_keyring()
    assert taken is not None
    assert taken.name == "A keyring"


def test_a_keyring_that_writes_plain_files_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend_of("keyrings.alt.file"))
    assert system_keyring() is None


def test_of_several_the_system_s_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    several = SimpleNamespace(
        backends=[backend_of("keyrings.alt.file"), backend_of("keyring.backends.SecretService", name="The second")]
    )
    monkeypatch.setattr(keyring, "get_keyring", lambda: several)
    taken = system_keyring()
    assert taken is not None
    assert taken.name == "The second"


def test_a_broken_keyring_package_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise RuntimeError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", break_down)
    assert system_keyring() is None


@pytest.mark.parametrize(("backend", "said"), [(FAIL, "NoKeyringError"), (NULL, "did not keep")])
def test_a_backend_that_keeps_nothing_is_found_out(backend: Any, said: str) -> None:
    with pytest.raises(KeyringFailed, match=said):
        SystemKeyring(backend).put("account", "text")


@pytest.mark.parametrize("backend", [FAIL, NULL])
def test_with_a_backend_that_keeps_nothing_values_stay_in_memory_and_the_reason_is_said(
    backend: Any, tmp_path: Any
) -> None:
    vault = Vault(tmp_path / "keys", "user", SystemKeyring(backend))
    assert vault.seal(Owner("session", "s"), ("strategy", "key"), "canary") is None
    assert "in memory only" in vault.notice
    assert not (tmp_path / "keys").exists()


def test_what_is_kept_is_read_and_forgotten_again() -> None:
    kept: dict[tuple[str, str], str] = {}
    backend = backend_of(
        "keyring.backends.SecretService",
        get_password=lambda _self, service, account: kept.get((service, account)),
        set_password=lambda _self, service, account, text: kept.__setitem__((service, account), text),
        delete_password=lambda _self, service, account: kept.__delitem__((service, account)),
    )
    ring = SystemKeyring(backend)
    ring.put("account", "text")
    assert kept == {(keyrings.SERVICE, "account"): "text"}
    assert ring.get("account") == "text"
    ring.remove("account")
    assert ring.get("account") is None
    with pytest.raises(KeyringFailed):
        ring.remove("account")
