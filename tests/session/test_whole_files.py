"""A file is written whole or not at all."""

import os
from pathlib import Path

import pytest

from builder_app.session.whole_files import read_limited, write_whole


def test_text_is_utf_8_with_its_own_line_ends(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "ä\r\nb\n")
    assert (tmp_path / "a.txt").read_bytes() == b"\xc3\xa4\r\nb\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_old_text_stays_until_the_new_one_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    seen: list[str] = []

    def broken(descriptor: int) -> None:
        seen.append(path.read_text())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(path, "new")
    assert caught.value.filename == str(path)
    assert seen == ["old"]
    assert path.read_text() == "old"
    assert [left.name for left in tmp_path.iterdir()] == ["a.txt"]


def test_text_that_has_no_utf_8_form_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a.txt", "\ud800")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_long_name_is_written_all_the_same(tmp_path: Path) -> None:
    name = "n" * 250
    write_whole(tmp_path / name, "text")
    assert (tmp_path / name).read_text() == "text"


def test_reading_stops_behind_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert len(read_limited(tmp_path / "a", 10)) == 11
    assert len(read_limited(tmp_path / "a", 100)) == 100
