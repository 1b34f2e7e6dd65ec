"""A strategy as one file to give away, `*.strategy.zip`: the flow with its parameters, and the blocks that it needs.

The zip holds `manifest.json` (format, version, and each file's size and SHA-256), `flow.json` and `blocks/<name>.json`.
It is read as a stranger's file: sizes before anything is unpacked, names before content, version first, shape next,
meaning last. Nothing is ever written to disk while reading, and equal strategies give equal bytes.
"""

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from builder_app.flow.codec import FlowUnreadable, dumps, loads
from builder_app.flow.groups import templates_in, templates_inside
from builder_app.flow.json_shape import constant, listing, number, record, text
from builder_app.flow.json_text import RepeatedMembers, read_json
from builder_app.flow.json_values import well_formed
from builder_app.flow.limits import MAXIMUM_BYTES, is_storable_number
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.unreadable import Faults
from builder_app.flow.values import LogicFlow
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json, template_to_json
from builder_app.session.secrecy.secrets import without_secrets

FORMAT: Final = "strategy-bundle"
VERSION: Final = 1
SUFFIX: Final = ".strategy.zip"
MOST_ENTRIES: Final = 2_000
MOST_UNPACKED: Final = 50_000_000
HIGHEST_RATIO: Final = 100
LARGEST_FILE: Final = MAXIMUM_BYTES
MANIFEST, FLOW = "manifest.json", "flow.json"
_BLOCK: Final = re.compile(r"blocks/([a-z][a-z0-9_]{0,59})\.json")
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_FILE_MODE: Final = 0o100644 << 16
_IS_LINK: Final = 0o120000
_ENCRYPTED: Final = 0x1
_MANIFEST: Final = record(
    {
        "format": constant(FORMAT),
        "version": number,
        "name": text,
        "tags": listing(text),
        "files": listing(record({"name": text, "size": number, "sha256": text})),
    }
)


class BundleRefused(ValueError):
    """The file is no strategy that may be taken in; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one file holds: a strategy, the tags it had, and the user-made blocks that stand in it, by name."""

    flow: LogicFlow
    blocks: Mapping[str, NodeTemplate]
    tags: tuple[str, ...] = ()


def bundle_bytes(bundle: Bundle) -> bytes:
    """The file's content. Values of sensitive parameters are not in it."""
    files = {FLOW: dumps(without_secrets(bundle.flow))}
    files |= {f"blocks/{name}.json": _text(template_to_json(bundle.blocks[name])) for name in sorted(bundle.blocks)}
    content = {name: said.encode("utf-8") for name, said in files.items()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "name": well_formed(bundle.flow.name),
        "tags": sorted(well_formed(tag) for tag in bundle.tags),
        "files": [
            {"name": name, "size": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}
            for name, octets in content.items()
        ],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, octets in {MANIFEST: _text(manifest).encode("utf-8"), **content}.items():
            _put(archive, name, octets)
    return made.getvalue()


def read_bundle(content: bytes) -> Bundle:
    """The strategy in a file's content; raises BundleRefused with everything that keeps it from being taken in."""
    if len(content) > MAXIMUM_BYTES:
        _refuse(f"it is larger than {MAXIMUM_BYTES // 1_000_000} MB")
    if content and not content.startswith(b"PK"):
        _refuse("it cannot be read as a zip (a flow file or a strategy.py is opened in the window: File ▸ Open)")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _checked_entries(archive, len(content))
            files = {name: _unpacked(archive, entry) for name, entry in entries.items()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError) as reason:
        if isinstance(reason, BundleRefused):
            raise
        _refuse(f"it cannot be read as a zip ({str(reason).rstrip('.') or type(reason).__name__})")
    except Exception as reason:  # zlib.error, struct.error, UnicodeDecodeError, …: whatever a broken zip sets off
        _refuse(f"it cannot be read as a zip ({type(reason).__name__})")
    manifest = _manifest(files)
    flow = _flow(files[FLOW])
    blocks = {match[1]: _block(match[1], files[name]) for name in files if (match := _BLOCK.fullmatch(name))}
    unused = sorted(blocks.keys() - templates_in(flow).union(*map(templates_inside, blocks.values())))
    if unused:
        _refuse(f"it brings the block '{unused[0]}', which does not stand in its strategy")
    return Bundle(flow, blocks, tuple(manifest["tags"]))


def _put(archive: zipfile.ZipFile, name: str, octets: bytes) -> None:
    """Add one file, compressed unless that would look like a zip bomb to whoever reads it."""
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.create_system, entry.external_attr = 3, _FILE_MODE
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as trial:
        trial.writestr(zipfile.ZipInfo(name, _MOMENT), octets, zipfile.ZIP_DEFLATED)
        size = trial.infolist()[0].compress_size
    if len(octets) > HIGHEST_RATIO * max(size, 1):
        entry.compress_type = zipfile.ZIP_STORED
    archive.writestr(entry, octets)


def _checked_entries(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The entries by name; BundleRefused before one byte is unpacked where any of them may not be there."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        _refuse(f"it holds {len(entries):,} files; a strategy has at most {MOST_ENTRIES:,}")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        _refuse(f"unpacked it is larger than {MOST_UNPACKED // 1_000_000} MB")
    if sum(entry.compress_size for entry in entries) > size:
        _refuse("its files lie over one another, which only a harmful file does")
    seen: dict[str, str] = {}
    for entry in entries:
        _check_entry(entry)
        alike = unicodedata.normalize("NFKC", entry.orig_filename).casefold()
        if alike in seen:
            _refuse(f"the names '{_shown(seen[alike])}' and '{_shown(entry.orig_filename)}' in it are one and the same")
        seen[alike] = entry.orig_filename
    found = {entry.orig_filename: entry for entry in entries}
    for name in (MANIFEST, FLOW):
        if name not in found:
            _refuse(f"there is no '{name}' in it")
    return found


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name, shown = entry.orig_filename, _shown(entry.orig_filename)
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
        _refuse(f"the name '{shown}' in it points outside of the file")
    if (entry.external_attr >> 16) & 0o170000 == _IS_LINK:
        _refuse(f"'{shown}' in it is a link")
    if entry.flag_bits & _ENCRYPTED:
        _refuse(f"'{shown}' in it is encrypted")
    if name not in (MANIFEST, FLOW) and not _BLOCK.fullmatch(name):
        _refuse(f"there is a file '{shown}' in it, which does not belong to a strategy")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse(f"'{shown}' in it is packed in a way that is not taken")
    if entry.file_size > MAXIMUM_BYTES:
        _refuse(f"'{shown}' in it is larger than {MAXIMUM_BYTES // 1_000_000} MB")
    if entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
        _refuse(f"'{shown}' in it is packed more than {HIGHEST_RATIO} times smaller, as in a zip bomb")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The file's bytes, no more than it says of itself; its CRC is checked when its end is read."""
    with archive.open(entry) as file:
        octets = file.read(entry.file_size + 1)
        if len(octets) != entry.file_size or file.read(1):
            _refuse(f"'{_shown(entry.orig_filename)}' in it is not as long as it says")
    return octets


def _manifest(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    manifest = _json(MANIFEST, files[MANIFEST])
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        _refuse(f"its manifest does not say that it is a '{FORMAT}'")
    version = manifest.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        _refuse(f"it was made by a newer version of this program (its form is {version}, this program reads {VERSION})")
    if isinstance(version, bool) or version != VERSION:
        _refuse(f"the version of its form is unknown; this program reads {VERSION}")
    faults = Faults()
    _MANIFEST(manifest, (), faults)
    if faults.problems:
        _refuse(f"its manifest is not as it must be: {faults.problems[0].message.rstrip('.')}")
    listed = {item["name"]: item for item in manifest["files"]}
    if len(listed) < len(manifest["files"]) or listed.keys() != files.keys() - {MANIFEST}:
        _refuse("its manifest lists other files than there are")
    for name, item in listed.items():
        if (len(files[name]), hashlib.sha256(files[name]).hexdigest()) != (item["size"], item["sha256"]):
            _refuse(f"'{name}' in it was damaged or changed: its checksum does not hold")
    return manifest


def _flow(octets: bytes) -> LogicFlow:
    try:
        return loads(octets)
    except FlowUnreadable as reason:
        first, *others = reason.problems
        more = f" (and {len(others)} more)" if others else ""
        _refuse(f"its flow cannot be read: {first.message.rstrip('.')}{more}")


def _block(name: str, octets: bytes) -> NodeTemplate:
    try:
        template = template_from_json(_json(f"blocks/{name}.json", octets))
    except TemplatesUnreadable as reason:
        _refuse(f"its block '{name}' cannot be used: {reason.problems[0].rstrip('.')}")
    if template.name != name:
        _refuse(f"its block '{name}' says that it is called '{template.name}'")
    return template


def _json(name: str, octets: bytes) -> Any:
    """The strictly read JSON value: no member twice, no NaN, no infinity."""
    try:
        value = read_json(octets)
    except FlowUnreadable as reason:
        _refuse(f"'{name}' in it is not JSON: {reason.problems[0].message.rstrip('.')}")
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, RepeatedMembers):
            _refuse(f"in '{name}' the member '{_shown(item.repeated[0])}' stands more than once")
        if isinstance(item, float | int) and not isinstance(item, bool) and not is_storable_number(item):
            _refuse(f"in '{name}' there is a number that is not finite")
        waiting += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return value


def _text(value: Any) -> str:
    return json.dumps(value, allow_nan=False, indent=2) + "\n"


def _shown(name: str) -> str:
    return (name if len(name) <= 60 else f"{name[:59]}…").encode("utf-8", "replace").decode()


def _refuse(why: str) -> NoReturn:
    raise BundleRefused(
        f"The file was not taken in, and nothing was changed: {why}. Ask whoever made it to export it again."
    ) from None
