"""SHA-256 over what a draft or a generated text says. SQLite's own checks miss most flipped bytes; these miss none."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

GENERATION_PARTS: Final = (
    *("instance_id", "target", "generated_code", "code_hash", "logic_flow_snapshot", "parameters_snapshot"),
    *("validation_status", "validation_result", "syntax_check_passed", "security_check_passed"),
    *("code_version", "line_count", "complexity_score", "generation_time"),
)
"""The columns of a generated text that its checksum is over, in order. Migration 0002 knows the same list."""


def checksum(*parts: str | float | None) -> str:
    """The SHA-256 (hex) of the parts, each with its length before it, so that no two lists of parts read alike.

    Text is taken as UTF-8; bytes that are not UTF-8 (they come from a damaged file) keep their place.
    """
    digest = hashlib.sha256()
    for part in parts:
        octets = b"" if part is None else str(part).encode("utf-8", "surrogateescape")
        digest.update(b"-" if part is None else f"{len(octets)}:".encode())
        digest.update(octets)
    return digest.hexdigest()


def edit_checksum(session_id: str, sequence: int, kind: str, edit: str) -> str:
    """The checksum of one journal row; `edit` is the JSON text as it is stored."""
    return checksum(session_id, sequence, kind, edit)


def draft_checksum(
    session_id: str, sequence: int, logic_flow: str | None, parameters: str, metadata: str | None
) -> str:
    """The checksum of a draft row; the last three are the JSON texts as they are stored."""
    return checksum(session_id, sequence, logic_flow, parameters, metadata)


def generation_checksum(row: Mapping[str, Any]) -> str:
    """The checksum of a generated text's row; JSON columns are the texts as they are stored, numbers plain numbers."""
    parts = (row[name] for name in GENERATION_PARTS)
    return checksum(*(int(part) if isinstance(part, bool) else part for part in parts))
