"""Remarks of the linter on a text."""

import subprocess
from typing import Any

import pytest

from builder_app.quicktest.lint import lint


def test_clean_text_has_no_remarks() -> None:
    assert lint('"""A strategy."""\n\nVALUE = 1\n') == ()


def test_remark_has_line_code_and_message() -> None:
    ((line, code, message),) = lint("VALUE = 1\nimport_me = missing\n")
    assert (line, code) == (2, "F821")
    assert "missing" in message


def test_syntax_error_is_a_remark() -> None:
    remarks = lint("x = (\n")
    assert remarks
    assert all(message for _, _, message in remarks)


def test_missing_ruff_and_slow_ruff_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise FileNotFoundError

    def slow(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("ruff", 1)

    monkeypatch.setattr("ruff.find_ruff_bin", missing)
    assert "not installed" in lint("x = 1\n")[0][2]
    monkeypatch.undo()
    monkeypatch.setattr(subprocess, "run", slow)
    assert "longer" in lint("x = 1\n")[0][2]
