"""A program of its own that edits a strategy as fast as the edits can be kept, for the tests that kill it.

`edits`: goes on with the open strategy (or begins one), and says each sequence once it is durable.
`test`: opens an example, makes an edit, and tests again and again; says the sequence when a test has begun.
"""

import random
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from builder_app import paths
from builder_app.flow.edits import (
    AddNode,
    Annotate,
    Batch,
    Connect,
    Edit,
    MoveNodes,
    RemoveNodes,
    Rename,
    SetParameter,
)
from builder_app.flow.values import Edge, LogicFlow, Node, Point, Port, frozen_mapping
from builder_app.nodes import load_catalogue
from builder_app.quicktest.runner import Runner
from builder_app.session import events
from builder_app.session.drafts.document import Document
from tests.session.strategist import OWNER, Ground, Strategist, open_user_store, set_parameter

MOST_NODES = 12
LONGEST_BURST = 7


def wish(flow: LogicFlow, sequence: int) -> Edit | str:
    """What is done after `sequence` steps: an edit that changes this flow, or `undo` or `redo`."""
    chance = random.Random(sequence)
    nodes = sorted(flow.nodes)
    what = chance.randrange(10)
    if what == 0 and sequence > 5:
        return "undo"
    if what == 1:
        return "redo"
    if len(nodes) < 2 or (what == 2 and len(nodes) < MOST_NODES):
        return AddNode(Node(f"n{sequence}", "sma", position=Point(float(sequence), 0.0)))
    node = chance.choice(nodes)
    wire = Edge(Port(nodes[0], "value"), Port(nodes[-1], f"port {sequence}"))
    edits: dict[int, Edit] = {
        3: Rename(node, f"Label {sequence} é"),
        4: Connect(wire),
        5: RemoveNodes(frozenset({node})) if len(nodes) > 6 else Annotate(node, f"Note {sequence}"),
        6: Annotate(node, "long " * (sequence % 400)),
        7: Batch((Rename(node, f"Both {sequence}"), SetParameter(node, "period", sequence)), "Two at once"),
    }
    return edits.get(what, MoveNodes(frozen_mapping({node: Point(float(sequence), float(what))})))


def do(document: Document) -> None:
    """Do the next wish of the script; what changes nothing is made up for by a move, so that each wish is one step."""
    before = document.sequence
    match wish(document.flow, before):
        case "undo":
            document.undo()
        case "redo":
            document.redo()
        case str():
            raise ValueError("there is no such wish")
        case edit:
            document.edit(edit)
    if document.sequence == before:
        document.edit(AddNode(Node(f"extra{before}", "sma")))


def scripted(steps: int) -> Document:
    """A document after so many steps of the script, made without a store."""
    catalogue = load_catalogue(paths.resources() / "node_templates")
    document = Document("model", catalogue=lambda: catalogue)
    while document.sequence < steps:
        do(document)
    return document


def edit_for_ever(work: Strategist, say: Callable[[int], None]) -> None:
    """Make edits in bursts, without waiting for any of a burst."""
    document = next(iter(work.session.documents.values()), None) or work.session.new_document()
    work.session.subscribe(lambda event: say(event.sequence) if isinstance(event, events.DraftSaved) else None)
    while True:
        for _ in range(1 + document.sequence % LONGEST_BURST):
            do(document)
            work.mailbox.run_waiting()
        work.until(lambda: document.durable == document.sequence)


def test_for_ever(work: Strategist, say: Callable[[int], None]) -> None:
    """Test after each edit, and edit while the test runs."""
    document = next(iter(work.session.documents.values()), None) or work.open_example()
    begun = len(work.heard(events.RunStarted))
    for number in range(1_000_000):
        set_parameter(document, "fast_period", 11 + (document.sequence + number) % 40)
        work.until(lambda: document.durable == document.sequence)
        work.session.run_test(document)
        begun += 1
        work.until_told(events.RunStarted, begun)
        say(document.sequence)
        work.until(lambda: work.session.is_idle)


test_for_ever.__test__ = False  # type: ignore[attr-defined]  # pytest would collect it by its name


class RestingRunner(Runner):
    """Starts no process: nothing is tested."""

    def start(self) -> None:
        """There is nothing to prepare."""


def run(what: str, folder: Path, said: "Connection[int, None]") -> None:
    """Work until killed."""
    catalogue = load_catalogue(paths.resources() / "node_templates")
    with open_user_store(folder, OWNER) as store, (RestingRunner if what == "edits" else Runner)() as runner:
        work = Strategist(Ground(folder, catalogue, runner).rooms(store))
        work.session.start()
        forever = edit_for_ever if what == "edits" else test_for_ever
        forever(work, said.send)
