"""The engine's fill rules as a strategist reads them: whole paragraphs, from the first rule on."""

import re
from typing import Final

_RULE: Final = re.compile(r"\d+\.\s")


def fill_rule_paragraphs(written: str) -> str:
    """The rules, an empty line between them, then how a close is decided; empty where there is no rule 1.

    `written` is wrapped text: an empty line or a rule's number begins a paragraph, every other line goes on with it.
    What stands before rule 1, and the paragraph on how the file itself is written, are for programmers.
    """
    paragraphs: list[str] = []
    begins = True
    for line in written.splitlines():
        text = line.strip()
        if begins or _RULE.match(text):
            paragraphs.append(text)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        begins = not text
    first = next((place for place, text in enumerate(paragraphs) if text.startswith("1. ")), len(paragraphs))
    return "\n\n".join(text.strip() for text in paragraphs[first:] if text and not text.startswith("This file "))
