"""Standard output and standard error: answers, complaints, and a line of progress. It loads nothing of the rooms."""

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from builder_app.session import RunProgress


# What JSON leaves as it is and a terminal obeys: C1 control characters, signs that turn the direction of writing.
_OBEYED: Final = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_json(content: Any) -> None:
    """One JSON document on standard output; what a terminal would obey is escaped, and reads back as it was."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    print(_OBEYED.sub(lambda sign: f"\\u{ord(sign.group()):04x}", text))


def complain(*sentences: str) -> None:
    """Sentences for standard error."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)


def use_utf_8() -> None:
    """Write names and signs of any script, whatever the terminal's settings: an answer must not fail on a letter."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


class ProgressLine:
    """One line on a terminal that moves; silent where standard error is a file or a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._width = 0

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def __call__(self, progress: "RunProgress") -> None:
        """Show how far a test is."""
        self.show(progress.stage + (f"  {progress.date}" if progress.date else ""), progress.share)

    def show(self, stage: str, share: float) -> None:
        """Show the stage, and the share done, 0 to 1."""
        if self._shown:
            text = f"{share * 100:3.0f} %  {stage}"[:79]
            print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0
