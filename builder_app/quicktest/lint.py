"""Remarks of ruff on a strategy's text."""

import json
import subprocess
from typing import Final

TIME_LIMIT: Final = 10.0
RULES: Final = "E,F,W,B,I"
LINE_LENGTH: Final = "120"

Remark = tuple[int, str, str]
"""Line (1-based; 0: the whole text), code and message."""


def lint(source: str) -> tuple[Remark, ...]:
    """Run the installed ruff on the text, with fixed rules and without anybody's settings.

    Where ruff is missing, fails or takes too long, the one remark says so, at line 0 with the code “lint”.
    """
    try:
        from ruff import find_ruff_bin  # type: ignore[import-untyped]

        command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--output-format=json", "--exit-zero"]
    except (ImportError, FileNotFoundError):
        return ((0, "lint", "The text was not linted: ruff is not installed."),)
    command += [f"--select={RULES}", f"--line-length={LINE_LENGTH}", "--stdin-filename=strategy.py", "-"]
    try:
        done = subprocess.run(  # noqa: S603  (ruff itself, with fixed arguments; the text goes to its input)
            command, input=source.encode(), capture_output=True, timeout=TIME_LIMIT, check=True
        )
        findings = json.loads(done.stdout)
        return tuple((_line(finding), finding["code"] or "syntax", finding["message"]) for finding in findings)
    except subprocess.TimeoutExpired:
        return ((0, "lint", f"The text was not linted: ruff took longer than {TIME_LIMIT:g} seconds."),)
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError, TypeError):
        return ((0, "lint", "The text was not linted: ruff failed on it."),)


def _line(finding: dict[str, dict[str, int]]) -> int:
    return finding["location"]["row"]
