"""The key file: whole or not at all, for its owner's eyes, and never thrown away."""

import json
import os
import sys
from pathlib import Path

import pytest

from builder_app.store.secrets.key_file import KeyFile, WrappedKey, key_file_of, read_key_file, write_key_file
from builder_app.store.secrets.wrapping import PassphraseCost

CONTENT = KeyFile(
    "b",
    (
        WrappedKey("a", "d3JhcHBlZA==", "account"),
        WrappedKey("b", "d3JhcHBlZA==", cost=PassphraseCost(b"0123456789abcdef", 2, 1, 64)),
    ),
)


def test_what_was_written_is_read(path: Path) -> None:
    assert read_key_file(path) == KeyFile()
    write_key_file(path, CONTENT)
    assert read_key_file(path) == CONTENT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_may_read_it(path: Path) -> None:
    before = os.umask(0)
    try:
        write_key_file(path, CONTENT)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        json.dumps({"format": "strategy-builder-keys", "version": 2, "active": "", "keys": []}).encode(),
        json.dumps({"format": "strategy-builder-keys", "version": 1, "active": "x", "keys": []}).encode(),
        json.dumps({"format": "strategy-builder-keys", "version": 1, "active": "", "keys": [{"id": "a"}]}).encode(),
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_word_for_word(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    assert read_key_file(path) == KeyFile()
    assert not path.exists()
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.read_bytes() == text


def test_a_hostile_cost_is_not_obeyed(path: Path) -> None:
    write_key_file(path, KeyFile("b", (WrappedKey("b", "", cost=PassphraseCost(b"0123456789abcdef", 1, 1, 2**40)),)))
    assert read_key_file(path) == KeyFile()


def test_a_write_that_ends_half_way_leaves_the_old_keys(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_key_file(path, CONTENT)

    def fail(_handle: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        write_key_file(path, KeyFile())
    monkeypatch.undo()
    assert read_key_file(path) == CONTENT
    write_key_file(path, KeyFile())
    assert read_key_file(path) == KeyFile()


def test_each_store_has_keys_of_its_own(tmp_path: Path) -> None:
    assert key_file_of("/data/strategies.db", tmp_path) == Path("/data/strategies.db.keys")
    server = key_file_of("postgresql+psycopg://desk@host/one", tmp_path)
    assert server.parent == tmp_path
    assert server != key_file_of("postgresql+psycopg://desk@host/two", tmp_path)
    assert "desk" not in server.name
