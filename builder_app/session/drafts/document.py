"""One open strategy: its picture, its history, its test set-up, and what is known about it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder_app.codegen.program import CheckReport, Program
from builder_app.flow.edits import Edit, apply
from builder_app.flow.history_titles import describe
from builder_app.flow.problems import Problem, errors
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW, LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.drafts.history import History, Step
from builder_app.session.drafts.journal import Entry, EntryKind
from builder_app.session.runs.config_codec import config_to_json

if TYPE_CHECKING:
    from builder_app.session.code.generating import Generated


@dataclass(frozen=True, slots=True)
class View:
    """Where the strategist looked: zoom, pan in canvas units, and the selected blocks. Kept with the draft."""

    zoom: float = 1.0
    pan_x: float = 0.0
    pan_y: float = 0.0
    selected: frozenset[str] = frozenset()
    fitted: bool = False
    """False until the view was shown once: the canvas then fits the whole picture."""


@dataclass(slots=True)
class Document:
    """An open strategy. `edit`, `undo`, `redo` are the only ways to change its flow; each calls `on_change`.

    `id` is the builder session's; `instance` the saved strategy's, None until it is saved or tested for the first time.
    `sequence` counts the journal's entries.
    """

    id: str
    instance: str | None = None
    flow: LogicFlow = EMPTY_FLOW
    saved_flow: LogicFlow | None = None
    saved_version: int = 0
    """The version of the saved strategy that this draft goes on from; 0 while there is none."""
    history: History = field(default_factory=History)
    sequence: int = 0
    template: str = ""
    """The name of the example that it was begun from; empty where there was none."""
    config: TestConfig = field(default_factory=TestConfig)
    view: View = field(default_factory=View)
    live: bool = False
    note: str = ""
    """What the strategist should know about how it was opened: that it was recovered, or what could not be read."""
    problems: tuple[Problem, ...] = ()
    program: Program | None = None
    report: CheckReport | None = None
    generation_seconds: float | None = None
    """How long it took to make and check `program`."""
    coded_flow: LogicFlow | None = None
    """The flow that `problems`, `program` and `report` belong to."""
    test_when_coded: bool = False
    durable: int = -1
    """The journal is on disk up to this entry; −1: not even what it began with."""
    target: str = "standalone"
    """The engine that its text is written for; tests always run the standalone text."""
    target_code: "Generated | None" = None
    """The newest text for `target` where that is another engine, or what it refuses; None until it is written."""
    result: RunResult | None = None
    tested_hash: str = ""
    """The hash of the text that gave `result`."""
    tested_flow: LogicFlow | None = None
    """The picture whose text gave `result`; None where it is not known."""
    tested_config: TestConfig | None = None
    """The set-up that gave `result`; None where it is not known."""
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    """Tells the gestures of this opening from those that the journal has of earlier ones."""
    gestures_ended: int = 0
    read_from: str = ""
    """The builder session that it was read from, where it goes on in another one; its secrets are sealed for that."""
    catalogue: Callable[[], Catalogue | None] = lambda: None
    """The blocks that may be drawn now, for the names of blocks in the history's titles."""
    on_change: Callable[["Document", LogicFlow, Entry], None] = lambda *_change: None

    @property
    def name(self) -> str:
        """The strategy's name, or what stands in for it."""
        return self.flow.name or UNTITLED_STRATEGY

    @property
    def is_draft(self) -> bool:
        """Whether there is something that the saved strategy does not have."""
        return self.saved_flow is None or self.saved_flow != self.flow

    @property
    def result_is_stale(self) -> bool:
        """Whether the result belongs to another text than the newest one, or to another test set-up."""
        if self.result is None:
            return False
        other_set_up = self.tested_config is not None and self.tested_config != self.config
        return other_set_up or self.program is None or self.program.sha256 != self.tested_hash

    @property
    def is_untouched(self) -> bool:
        """Whether it is a new strategy in which nothing was ever done."""
        return self.instance is None and not self.sequence and self.flow == EMPTY_FLOW and self.config == TestConfig()

    @property
    def is_as_saved(self) -> bool:
        """Whether opening the saved strategy would bring back everything but the view and the undo history."""
        return self.saved_flow == self.flow and self.config == (self.tested_config or TestConfig())

    @property
    def is_coded(self) -> bool:
        """Whether `problems`, `program` and `report` are those of the newest flow."""
        return self.coded_flow is self.flow

    @property
    def shown_code(self) -> tuple[Program | None, CheckReport | None]:
        """The text for the chosen engine with its report; None where there is none, or not yet."""
        if self.target == "standalone":
            return self.program, self.report
        return (self.target_code.program, self.target_code.report) if self.target_code is not None else (None, None)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the picture from being code."""
        return errors(self.problems)

    def edit(self, edit: Edit, gesture: str = "") -> None:
        """Change the flow. Edits of one `gesture` (a dragged slider) become one step of the history.

        Raises EditRefused, and changes nothing, where the edit does not fit the flow.
        """
        before = self.flow
        after, inverse = apply(before, edit)
        if after == before:
            return
        key = f"{gesture} {self.run} {self.gestures_ended}" if gesture else ""
        step = Step(edit, inverse, describe(edit, before, self.catalogue()), key)
        self._take(after, self.history.taken(step), Entry(EntryKind.EDIT, step))

    def end_gesture(self) -> None:
        """The gesture is over: what comes next is a step of its own."""
        self.gestures_ended += 1

    def undo(self) -> None:
        """Take the newest step back; nothing where there is none."""
        step = self.history.next_undo
        if step is not None:
            self._take(apply(self.flow, step.inverse)[0], self.history.undone(), Entry(EntryKind.UNDO, step))

    def redo(self) -> None:
        """Take the last undone step again; nothing where there is none."""
        step = self.history.next_redo
        if step is not None:
            self._take(apply(self.flow, step.edit)[0], self.history.redone(), Entry(EntryKind.REDO, step))

    def jump(self, position: int) -> None:
        """Undo or redo until `position` steps of the history are done."""
        while self.history.position > max(position, 0):
            self.undo()
        while self.history.position < min(position, len(self.history.steps)):
            self.redo()

    def metadata(self, *, is_open: bool) -> Mapping[str, object]:
        """What is kept beside the draft's flow; `opening` reads it back."""
        view = self.view
        return {
            "viewport": {"zoom": view.zoom, "pan_x": view.pan_x, "pan_y": view.pan_y, "fitted": view.fitted},
            "selected_nodes": sorted(view.selected),
            "undo_position": self.history.position,
            "test_config": config_to_json(self.config),
            "is_open": is_open,
            "live": self.live,
            "target": self.target,
            "saved_version": self.saved_version,
            "template": self.template,
        }

    def _take(self, after: LogicFlow, history: History, entry: Entry) -> None:
        before, self.flow, self.history = self.flow, after, history
        self.sequence += 1
        self.on_change(self, before, entry)
