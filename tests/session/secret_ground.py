"""A data folder whose strategies have sensitive parameters, and eyes that find a secret in any file."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Secret, frozen_mapping
from builder_app.quicktest.runner import Runner
from builder_app.session.drafts.document import Document
from builder_app.session.rooms import Rooms
from builder_app.store import Store
from builder_app.store.secrets import Keyring, Vault
from tests.nodes.test_sensitive_parameters import sma_with
from tests.session.strategist import Ground
from tests.store.secrets.keyrings import MemoryKeyring

CANARY: Final = "canary-7f3a9-Übel"
KEY: Final = "key"
"""The sensitive parameter that `sma` has here."""


@dataclass
class SecretGround(Ground):
    """A ground with a keyring of its own."""

    keyring: Keyring | None = field(default_factory=MemoryKeyring)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.catalogue = Catalogue(frozen_mapping({**self.catalogue.templates, "sma": sma_with(maxLength=40)}))

    @property
    def key_file(self) -> Path:
        return self.folder / "strategies.db.keys"

    def rooms(self, store: Store, runner: Runner | None = None) -> Rooms:
        vault = Vault(self.key_file, store.principal.user_id, self.keyring)
        return replace(super().rooms(store, runner), vault=vault)


def averages(document: Document) -> list[str]:
    """The ids of the document's moving averages."""
    return [node.id for node in document.flow.nodes.values() if node.template == "sma"]


def secret_of(flow: LogicFlow | None, node: str) -> Secret:
    """What the block has for its key."""
    assert flow is not None
    value = flow.nodes[node].parameters[KEY]
    assert isinstance(value, Secret)
    return value


def spellings(text: str) -> Iterator[bytes]:
    """The bytes by which a text may be found: in encodings, in JSON, in base64 at any place, in hex."""
    octets = text.encode()
    yield octets
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield text.encode("utf-32-le")
    yield text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
    yield octets.hex().encode()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + octets)
        yield whole[4 if before else 0 : -4]


def files_holding(folder: Path, text: str) -> list[str]:
    """The files under the folder that hold the text in any spelling; free pages and write-ahead logs too."""
    wanted = tuple(spellings(text))
    return [
        str(file.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.is_file() and any(spelling in file.read_bytes() for spelling in wanted)
    ]
