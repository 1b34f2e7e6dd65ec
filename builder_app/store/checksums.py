"""SHA-256 over what a draft says. SQLite's own checks miss most flipped bytes; these miss none."""

import hashlib


def checksum(*parts: str | int | None) -> str:
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
