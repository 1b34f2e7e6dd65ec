"""The vault: what it seals opens again, with the same keys only, and losing a key costs no more than its values."""

import threading
from pathlib import Path

import pytest

from builder_app.store.secrets import Keeping, Owner, SecretUnreadable, Vault
from builder_app.store.secrets.key_file import read_key_file
from tests.store.secrets.keyrings import MemoryKeyring

OWNER = Owner("session", "s")
PLACE = ("block", "feed", "password")
CANARY = "canary-7f3a9"
PASSPHRASE = "correct horse"


def sealed(vault: Vault, value: str = CANARY, owner: Owner = OWNER) -> str:
    token = vault.seal(owner, PLACE, value)
    assert token is not None
    return token


def keeping(vault: Vault) -> Keeping:
    return vault.keeping


def files_hold(folder: Path, octets: bytes) -> bool:
    return any(octets in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_value_opens_in_the_next_start_with_the_keyring_s_key(path: Path, keyring: MemoryKeyring) -> None:
    token = sealed(Vault(path, "user", keyring))
    assert Vault(path, "user", keyring).open(OWNER, PLACE, token) == CANARY
    assert not files_hold(path.parent, CANARY.encode())
    assert not any(files_hold(path.parent, kept.encode()) for kept in keyring.kept.values())


def test_the_keyring_is_not_asked_before_there_is_a_value(path: Path, keyring: MemoryKeyring) -> None:
    vault = Vault(path, "user", keyring)
    assert keeping(vault) is Keeping.KEYRING
    assert vault.notice == ""
    assert keyring.questions == 0
    assert not path.exists()


def test_the_keyring_is_looked_for_once_and_when_there_is_a_value(path: Path, keyring: MemoryKeyring) -> None:
    looked: list[int] = []

    def find() -> MemoryKeyring:
        looked.append(1)
        return keyring

    vault = Vault(path, "user", find)
    assert not looked
    assert vault.open(OWNER, PLACE, sealed(vault)) == CANARY
    assert looked == [1]


def test_the_same_value_at_the_same_place_keeps_its_token(path: Path, keyring: MemoryKeyring) -> None:
    vault = Vault(path, "user", keyring)
    token = sealed(vault)
    assert sealed(vault) == token
    assert sealed(vault, "other") != token
    later = Vault(path, "user", keyring)
    later.open(OWNER, PLACE, token)
    assert sealed(later) == token


def test_another_user_opens_nothing_even_with_the_same_keys(path: Path, keyring: MemoryKeyring) -> None:
    token = sealed(Vault(path, "user", keyring))
    with pytest.raises(SecretUnreadable, match="another place, strategy or user"):
        Vault(path, "another", keyring).open(OWNER, PLACE, token)


@pytest.mark.parametrize(
    ("owner", "place"),
    [
        (Owner("strategy", "s"), PLACE),
        (Owner("session", "t"), PLACE),
        (OWNER, ("block", "feed", "key")),
        (OWNER, ("block", "other", "password")),
        (OWNER, ("strategy", "password")),
    ],
)
def test_a_token_opens_at_its_own_place_only(
    path: Path, keyring: MemoryKeyring, owner: Owner, place: tuple[str, ...]
) -> None:
    vault = Vault(path, "user", keyring)
    token = sealed(vault)
    with pytest.raises(SecretUnreadable, match="was refused"):
        vault.open(owner, place, token)


def test_without_a_keyring_nothing_is_sealed_and_it_is_said(path: Path) -> None:
    vault = Vault(path, "user", None)
    assert vault.seal(OWNER, PLACE, CANARY) is None
    assert keeping(vault) is Keeping.MEMORY
    assert "kept in memory only" in vault.notice
    assert "passphrase" in vault.notice
    assert not path.exists()


@pytest.mark.usefixtures("cheap")
def test_without_a_keyring_a_passphrase_keeps_values_over_starts(path: Path) -> None:
    vault = Vault(path, "user", None)
    vault.set_passphrase(PASSPHRASE)
    token = sealed(vault)
    assert not files_hold(path.parent, PASSPHRASE.encode())

    later = Vault(path, "user", None)
    assert keeping(later) is Keeping.LOCKED
    assert "Type the passphrase" in later.notice
    assert later.seal(OWNER, PLACE, "new") is None
    with pytest.raises(SecretUnreadable, match="type the passphrase"):
        later.open(OWNER, PLACE, token)
    with pytest.raises(ValueError, match="not the passphrase"):
        later.unlock("wrong horse")
    later.unlock(PASSPHRASE)
    assert keeping(later) is Keeping.PASSPHRASE
    assert later.open(OWNER, PLACE, token) == CANARY


def test_a_short_passphrase_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="at least 8 characters"):
        Vault(path, "user", None).set_passphrase("1234567")
    assert not path.exists()


@pytest.mark.usefixtures("cheap")
def test_a_changed_passphrase_opens_old_values_and_the_old_one_nothing(path: Path) -> None:
    vault = Vault(path, "user", None)
    vault.set_passphrase(PASSPHRASE)
    token = sealed(vault)
    vault.set_passphrase("another horse")
    later = Vault(path, "user", None)
    with pytest.raises(ValueError, match="not the passphrase"):
        later.unlock(PASSPHRASE)
    later.unlock("another horse")
    assert later.open(OWNER, PLACE, token) == CANARY


@pytest.mark.usefixtures("cheap")
def test_a_forgotten_passphrase_costs_its_values_and_a_new_one_begins(path: Path) -> None:
    old = Vault(path, "user", None)
    old.set_passphrase(PASSPHRASE)
    token = sealed(old)
    vault = Vault(path, "user", None)
    vault.set_passphrase("another horse")
    fresh = sealed(vault, "new")
    assert vault.open(OWNER, PLACE, fresh) == "new"
    with pytest.raises(SecretUnreadable):
        vault.open(OWNER, PLACE, token)
    vault.unlock(PASSPHRASE)  # it came back to mind
    assert vault.open(OWNER, PLACE, token) == CANARY


def test_a_lost_keyring_costs_its_values_and_new_ones_are_kept(path: Path, keyring: MemoryKeyring) -> None:
    token = sealed(Vault(path, "user", keyring))
    keyring.kept.clear()
    vault = Vault(path, "user", keyring)
    with pytest.raises(SecretUnreadable, match=r"key .* is lost"):
        vault.open(OWNER, PLACE, token)
    assert vault.open(OWNER, PLACE, sealed(vault, "new")) == "new"


def test_a_lost_key_file_costs_its_values_and_new_ones_are_kept(path: Path, keyring: MemoryKeyring) -> None:
    token = sealed(Vault(path, "user", keyring))
    path.unlink()
    vault = Vault(path, "user", keyring)
    with pytest.raises(SecretUnreadable, match=r"key .* is lost"):
        vault.open(OWNER, PLACE, token)
    assert vault.open(OWNER, PLACE, sealed(vault, "new")) == "new"


def test_a_locked_keyring_is_not_taken_for_a_lost_one(path: Path, keyring: MemoryKeyring) -> None:
    token = sealed(Vault(path, "user", keyring))
    before = path.read_bytes()
    keyring.is_locked = True
    vault = Vault(path, "user", keyring)
    assert vault.seal(OWNER, PLACE, "new") is None
    assert keeping(vault) is Keeping.MEMORY
    assert "it is locked" in vault.notice
    with pytest.raises(SecretUnreadable, match="Unlock the keyring"):
        vault.open(OWNER, PLACE, token)
    assert path.read_bytes() == before
    keyring.is_locked = False
    vault.try_again()
    assert vault.open(OWNER, PLACE, token) == CANARY
    assert keeping(vault) is Keeping.KEYRING


def test_a_keyring_that_went_away_is_named(path: Path, keyring: MemoryKeyring) -> None:
    token = sealed(Vault(path, "user", keyring))
    with pytest.raises(SecretUnreadable, match="not there on this computer"):
        Vault(path, "user", None).open(OWNER, PLACE, token)


def test_after_a_rotation_new_values_have_a_new_key_and_old_ones_open(path: Path, keyring: MemoryKeyring) -> None:
    vault = Vault(path, "user", keyring)
    old = sealed(vault)
    accounts = set(keyring.kept)
    vault.rotate()
    new = sealed(vault)
    assert old.split(".")[1] != new.split(".")[1]
    assert (vault.is_current(old), vault.is_current(new)) == (False, True)
    assert set(keyring.kept) > accounts
    later = Vault(path, "user", keyring)
    assert later.open(OWNER, PLACE, old) == later.open(OWNER, PLACE, new) == CANARY
    later.forget_retired()
    assert not accounts & set(keyring.kept)
    assert len(read_key_file(path).keys) == 1
    with pytest.raises(SecretUnreadable):
        Vault(path, "user", keyring).open(OWNER, PLACE, old)
    assert Vault(path, "user", keyring).open(OWNER, PLACE, new) == CANARY


@pytest.mark.usefixtures("cheap")
def test_a_passphrase_s_key_is_rotated_with_the_passphrase_only(path: Path) -> None:
    vault = Vault(path, "user", None)
    with pytest.raises(ValueError, match="no open key"):
        vault.rotate()
    vault.set_passphrase(PASSPHRASE)
    old = sealed(vault)
    with pytest.raises(ValueError, match="not the passphrase"):
        vault.rotate("wrong horse")
    vault.rotate(PASSPHRASE)
    new = sealed(vault)
    assert not vault.is_current(old)
    later = Vault(path, "user", None)
    later.unlock(PASSPHRASE)
    assert later.open(OWNER, PLACE, old) == later.open(OWNER, PLACE, new) == CANARY


def test_two_programs_that_begin_at_once_read_each_other_s_values(path: Path, keyring: MemoryKeyring) -> None:
    vaults = [Vault(path, "user", keyring) for _ in range(6)]
    tokens: list[str] = []
    threads = [threading.Thread(target=lambda vault=vault: tokens.append(sealed(vault))) for vault in vaults]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(tokens) == 6
    assert len(read_key_file(path).keys) == 1
    for vault in vaults:
        assert all(vault.open(OWNER, PLACE, token) == CANARY for token in tokens)


def test_a_vault_without_a_place_keeps_nothing_and_takes_no_passphrase() -> None:
    vault = Vault(None, "user", MemoryKeyring())
    assert vault.seal(OWNER, PLACE, CANARY) is None
    with pytest.raises(ValueError, match="no place for keys"):
        vault.set_passphrase(PASSPHRASE)


def test_a_key_file_that_cannot_be_written_leaves_values_in_memory_and_says_so(
    tmp_path: Path, keyring: MemoryKeyring
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    vault = Vault(in_the_way / "keys", "user", keyring)
    assert vault.seal(OWNER, PLACE, CANARY) is None
    assert "in memory only" in vault.notice


def test_another_program_s_rotation_is_noticed_before_the_next_value_is_sealed(
    path: Path, keyring: MemoryKeyring
) -> None:
    one, other = Vault(path, "user", keyring), Vault(path, "user", keyring)
    old = sealed(one)
    assert sealed(other, "other").split(".")[1] == old.split(".")[1]
    other.rotate()
    new = sealed(one)
    assert other.is_current(new)
    assert other.open(OWNER, PLACE, new) == CANARY


@pytest.mark.usefixtures("cheap")
def test_a_program_that_cannot_open_another_s_new_key_goes_on_with_the_one_it_has(path: Path) -> None:
    one, other = Vault(path, "user", None), Vault(path, "user", None)
    one.set_passphrase(PASSPHRASE)
    sealed(one)
    other.unlock(PASSPHRASE)
    other.rotate(PASSPHRASE)
    token = sealed(one, "written after the rotation")
    assert not other.is_current(token)
    assert other.open(OWNER, PLACE, token) == "written after the rotation"
    assert other.retired() == {token.split(".")[1]} == other.replaceable()


def test_a_token_is_sealed_anew_for_its_own_place_only_and_only_what_is_named_is_forgotten(
    path: Path, keyring: MemoryKeyring
) -> None:
    vault = Vault(path, "user", keyring)
    first = sealed(vault)
    vault.rotate()
    second = sealed(vault)
    vault.rotate()
    again = vault.sealed_anew("user", OWNER, PLACE, first)
    assert vault.is_current(again)
    assert vault.sealed_anew("user", OWNER, PLACE, again) == again
    with pytest.raises(SecretUnreadable, match="was refused"):
        vault.sealed_anew("another", OWNER, PLACE, first)
    vault.forget_retired({first.split(".")[1]})
    assert vault.retired() == {second.split(".")[1]}
    later = Vault(path, "user", keyring)
    assert later.open(OWNER, PLACE, second) == later.open(OWNER, PLACE, again) == CANARY
    with pytest.raises(SecretUnreadable, match="is lost"):
        later.open(OWNER, PLACE, first)


def test_a_locked_keyring_does_not_keep_a_retired_key_alive(path: Path, keyring: MemoryKeyring) -> None:
    vault = Vault(path, "user", keyring)
    old = sealed(vault)
    vault.rotate()
    new = sealed(vault)
    keyring.is_locked = True
    vault.forget_retired()
    keyring.is_locked = False
    later = Vault(path, "user", keyring)
    assert later.open(OWNER, PLACE, new) == CANARY
    with pytest.raises(SecretUnreadable):
        later.open(OWNER, PLACE, old)
