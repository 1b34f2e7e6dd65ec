"""Strategy files: what is given away comes back the same, and a stranger's file is taken in whole or not at all."""

import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.templates import NodeTemplate, OutputPort
from builder_app.flow.values import Json, LogicFlow, Node, NodeType, PortType, Secret, StrategyParameter, frozen_mapping
from builder_app.session.secrecy.secrets import without_secrets
from builder_app.session.shelf.bundles import HIGHEST_RATIO, Bundle, BundleRefused, bundle_bytes, read_bundle
from tests.flow.strategies import flows

PARAMETERS: dict[str, Json] = {
    "type": "object",
    "properties": {"period": {"type": "integer", "title": "Period", "minimum": 1}},
}
BLOCK = NodeTemplate(
    "my_block",
    "My block",
    NodeType.CUSTOM,
    "own",
    parameter_schema=frozen_mapping(PARAMETERS),
    default_parameters=frozen_mapping({"period": 5}),
    output_ports=(OutputPort("value", PortType.SERIES),),
    outputs=frozen_mapping({"value": 'ta.SMA(prices["close"], timeperiod=period)'}),
    synonyms=("mine",),
)
FLOW = LogicFlow(nodes=frozen_mapping({"a": Node("a", "my_block")}), name="Mine")
BUNDLE = Bundle(FLOW, {"my_block": BLOCK}, ("trend",))
WHOLE = bundle_bytes(BUNDLE)


def packed(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda _entry: None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, octets in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            archive.writestr(entry, octets)
    return made.getvalue()


def files_of(content: bytes = WHOLE) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_manifest(**changes: Any) -> bytes:
    files = files_of()
    files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), **changes}).encode()
    return packed(files)


@settings(max_examples=60, deadline=None)
@given(flows(), st.lists(st.text(max_size=10).filter(str.isprintable), max_size=3, unique=True))
def test_a_strategy_comes_back_as_it_was_but_for_its_secrets(flow: LogicFlow, tags: list[str]) -> None:
    content = bundle_bytes(Bundle(flow, {}, tuple(tags)))
    found = read_bundle(content)
    assert found.flow == without_secrets(flow)
    assert found.tags == tuple(sorted(tags))
    assert bundle_bytes(found) == content


def test_blocks_come_along() -> None:
    assert read_bundle(WHOLE) == replace(BUNDLE, blocks={"my_block": BLOCK})


def test_a_secret_is_not_in_the_file() -> None:
    parameter = StrategyParameter(Secret("canary-77", sealed="canary-88"))
    flow = replace(FLOW, parameters=frozen_mapping({"key": parameter}), nodes=frozen_mapping())
    files = files_of(bundle_bytes(Bundle(flow, {})))
    assert not any(b"canary" in octets for octets in files.values())
    assert read_bundle(bundle_bytes(Bundle(flow, {}))).flow.parameters["key"].sensitive


def test_text_that_packs_too_well_is_stored_so_that_it_can_be_read_again() -> None:
    note = Node("a", "my_block", note="a" * 1_000_000)
    flow = replace(FLOW, nodes=frozen_mapping({"a": note}))
    assert read_bundle(bundle_bytes(replace(BUNDLE, flow=flow))).flow == flow


def link(entry: zipfile.ZipInfo) -> None:
    if entry.filename == "flow.json":
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16


def odd_packing(entry: zipfile.ZipInfo) -> None:
    entry.compress_type = zipfile.ZIP_BZIP2


def twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, octets in files_of().items():
            archive.writestr(name, octets)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("flow.json", b"{}")
    return made.getvalue()


def encrypted() -> bytes:
    content = bytearray(WHOLE)
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def longer_than_it_says() -> bytes:
    content = bytearray(packed(files_of()))
    at = content.find(b"PK\x01\x02")
    (size,) = struct.unpack_from("<I", content, at + 24)
    struct.pack_into("<I", content, at + 24, size - 1)
    return bytes(content)


def overlapping() -> bytes:
    content = bytearray(packed(files_of()))
    at = content.find(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 20, len(content))
    return bytes(content)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"hello", r"cannot be read as a zip \(a flow file or a strategy\.py is opened in the window"),
    "nothing": (lambda: b"", "cannot be read as a zip"),
    "cut short": (lambda: WHOLE[:-30], "cannot be read as a zip"),
    "too large": (lambda: b"PK" + bytes(20_000_001), "larger than 20 MB"),
    "too many": (lambda: packed({f"blocks/b{n}.json": b"{}" for n in range(2_001)}), "2,001 files"),
    "a bomb": (lambda: packed({**files_of(), "blocks/z.json": bytes(2_000_000)}), "zip bomb"),
    "many bombs": (
        lambda: packed({f"blocks/b{n}.json": bytes(19_000_000) for n in range(3)}),
        "unpacked it is larger than 50 MB",
    ),
    "a path out": (lambda: packed({**files_of(), "../flow.json": b"{}"}), "points outside"),
    "a path out by blocks": (lambda: packed({**files_of(), "blocks/../../x.json": b"{}"}), "points outside"),
    "an absolute path": (lambda: packed({**files_of(), "/etc/passwd": b"{}"}), "points outside"),
    "a drive": (lambda: packed({**files_of(), "C:flow.json": b"{}"}), "points outside"),
    "a windows path": (lambda: packed({**files_of(), "..\\flow.json": b"{}"}), "points outside"),
    "a stranger": (lambda: packed({**files_of(), "run.py": b"1"}), "does not belong"),
    "a folder": (lambda: packed({**files_of(), "blocks/": b""}), "does not belong"),
    "a link": (lambda: packed(files_of(), link), "is a link"),
    "odd packing": (lambda: packed(files_of(), odd_packing), "not taken"),
    "encrypted": (encrypted, "encrypted"),
    "one name twice": (twice, "one and the same"),
    "longer than it says": (longer_than_it_says, "cannot be read as a zip|not as long"),
    "overlapping": (overlapping, "lie over one another"),
    "names alike but for case": (
        lambda: packed({**files_of(), "FLOW.json": b"{}"}),
        "does not belong|one and the same",
    ),
    "no manifest": (lambda: packed({"flow.json": files_of()["flow.json"]}), "no 'manifest.json'"),
    "no flow": (lambda: packed({"manifest.json": files_of()["manifest.json"]}), "no 'flow.json'"),
    "another format": (lambda: with_manifest(format="zip"), "does not say"),
    "newer": (lambda: with_manifest(version=2), "newer version"),
    "version true": (lambda: with_manifest(version=True), "unknown"),
    "unknown member": (lambda: with_manifest(more=1), "unknown member"),
    "files not listed": (lambda: with_manifest(files=[]), "lists other files"),
    "changed": (lambda: packed({**files_of(), "flow.json": files_of()["flow.json"] + b" "}), "checksum does not hold"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_strangers_file_is_refused_with_the_reason(case: str) -> None:
    make, why = REFUSED[case]
    with pytest.raises(BundleRefused, match=why) as refusal:
        read_bundle(make())
    assert str(refusal.value).startswith("The file was not taken in, and nothing was changed:")


def resealed(name: str, octets: bytes) -> bytes:
    """The bundle with another content in one file, and a manifest that fits it."""
    import hashlib

    files = {**files_of(), name: octets}
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"name": other, "size": len(said), "sha256": hashlib.sha256(said).hexdigest()}
        for other, said in files.items()
        if other != "manifest.json"
    ]
    files["manifest.json"] = json.dumps(manifest).encode()
    return packed(files)


@pytest.mark.parametrize(
    ("name", "octets", "why"),
    [
        ("flow.json", b"{", "flow cannot be read"),
        ("flow.json", b'{"format":"logic-flow","version":9,"nodes":[],"edges":[]}', "newer version"),
        ("blocks/my_block.json", b"{}", "cannot be used"),
        ("blocks/my_block.json", b'{"name":"a","name":"b"}', "more than once"),
        ("blocks/my_block.json", b'{"name":NaN}', "not finite"),
        ("blocks/my_block.json", b'{"name":1e999}', "not finite"),
        ("blocks/other.json", files_of()["blocks/my_block.json"], "says that it is called 'my_block'"),
    ],
)
def test_a_file_whose_checksums_hold_is_still_read_strictly(name: str, octets: bytes, why: str) -> None:
    with pytest.raises(BundleRefused, match=why):
        read_bundle(resealed(name, octets))


def test_a_block_with_a_forbidden_recipe_is_refused() -> None:
    block = json.loads(files_of()["blocks/my_block.json"])
    block["execution_hints"]["outputs"]["value"] = "__import__('os').system('true')"
    with pytest.raises(BundleRefused, match="cannot be used"):
        read_bundle(resealed("blocks/my_block.json", json.dumps(block).encode()))


def test_a_block_that_does_not_stand_in_the_strategy_is_refused() -> None:
    bare = bundle_bytes(Bundle(replace(FLOW, nodes=frozen_mapping()), {"my_block": BLOCK}))
    with pytest.raises(BundleRefused, match="does not stand"):
        read_bundle(bare)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_reads_as_what_it_was(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_bundle(bytes(content))
    except BundleRefused:
        return
    assert found == BUNDLE


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read_bundle(WHOLE)
    assert list(tmp_path.iterdir()) == []
    assert HIGHEST_RATIO == 100
