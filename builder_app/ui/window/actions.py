"""Everything that can be done, as one table; menus, toolbar, command palette and shortcuts page are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from builder_app.session.drafts.document import Document
from builder_app.ui.window.panel_commands import PANELS


def _always(_document: Document | None) -> bool:
    return True


def _with_document(document: Document | None) -> bool:
    return document is not None


def _with_undo(document: Document | None) -> bool:
    return document is not None and document.history.next_undo is not None


def _with_redo(document: Document | None) -> bool:
    return document is not None and document.history.next_redo is not None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One row: `enabled` says when it can be done; `hint` is the tooltip's sentence; the shortcut is added to it."""

    id: str
    menu: str
    title: str
    shortcut: str = ""
    hint: str = ""
    enabled: Callable[[Document | None], bool] = _with_document
    checkable: bool = False
    starts_group: bool = False
    on_canvas: bool = False
    """Its keys are heard only by the canvas that has the keyboard: single letters must not be taken from fields."""


ACTIONS: Final = (
    ActionRow("new", "File", "New strategy", "Ctrl+N", "Start with an empty canvas", _always),
    ActionRow("open_file", "File", "Open file…", "Ctrl+O", "Open a strategy's *.flow.json, or its code", _always),
    ActionRow("import_strategy", "File", "Import strategy…", "", "Take in a strategy from one *.strategy.zip", _always),
    ActionRow("save", "File", "Save strategy", "Ctrl+S", "Make the draft the saved strategy", starts_group=True),
    ActionRow("save_file", "File", "Save as flow file…", "Ctrl+Shift+S", "Write the picture to a *.flow.json file"),
    ActionRow("export_strategy", "File", "Export as one file…", "", "Write the strategy to a *.strategy.zip"),
    ActionRow("keep_version", "File", "Keep version…", "Ctrl+Shift+K", "Save and keep the strategy as it is now"),
    ActionRow("versions", "File", "Versions…", "Ctrl+Alt+K", "Compare with a kept version, or go back to it"),
    ActionRow("save_template", "File", "Save as template…", "", "Keep it among the strategies to begin from"),
    ActionRow("open_code", "File", "Open code in editor", "", "Open the code in the system's editor"),
    ActionRow("code_history", "File", "Code history…", "Ctrl+Alt+H", "The code that was kept beside the code now"),
    ActionRow("export", "File", "Export…", "Ctrl+E", "Write the tested code and its engine to a folder"),
    ActionRow("save_svg", "File", "Save picture as SVG…", "", "Write the whole picture to a file that stays sharp"),
    ActionRow("save_png", "File", "Save picture as PNG…", "", "Write the whole picture to a file of pixels"),
    ActionRow("import_prices", "File", "Import prices…", "", "Read, check and keep price files", _always, False, True),
    ActionRow("price_library", "File", "Price library…", "Ctrl+Alt+P", "Symbols, groups and updates", _always),
    ActionRow("secrets", "File", "Sensitive values…", "", "How passwords and keys are kept; the passphrase", _always),
    ActionRow("close_document", "File", "Close strategy", "Ctrl+W", "Close the tab; the draft is kept"),
    ActionRow("quit", "File", "Quit", "Ctrl+Q", "End the program; every draft is kept", _always, False, True),
    ActionRow("undo", "Edit", "Undo", "Ctrl+Z", "Take the newest step back", _with_undo),
    ActionRow("redo", "Edit", "Redo", "Ctrl+Shift+Z", "Take the undone step again", _with_redo),
    ActionRow("cut", "Edit", "Cut", "Ctrl+X", "Move the selected blocks to the clipboard", starts_group=True),
    ActionRow("copy", "Edit", "Copy", "Ctrl+C", "Copy the selected blocks as text"),
    ActionRow("paste", "Edit", "Paste", "Ctrl+V", "Put the clipboard's blocks on the canvas"),
    ActionRow("duplicate", "Edit", "Duplicate", "Ctrl+D", "Copy the selected blocks beside themselves"),
    ActionRow("delete", "Edit", "Delete", "Del", "Remove the selected blocks and wires"),
    ActionRow("add_block", "Edit", "Add block…", "", "Search a block to add (Tab on the canvas)", starts_group=True),
    ActionRow(
        "add_wired", "Edit", "Add wired block…", "Shift+C", "Search a block to wire to the selected one", on_canvas=True
    ),
    ActionRow("new_block", "Edit", "New block…", "", "Make a block of your own from an expression", _always),
    ActionRow("mute", "Edit", "Mute", "M", "Bypass the selected blocks, or bring them back", on_canvas=True),
    ActionRow("collapse", "Edit", "Collapse", "H", "Show the selected blocks as titles, or whole", on_canvas=True),
    ActionRow(
        "show_problems",
        "Edit",
        "Problems of the block",
        "P",
        "Read and mend a block's problems",
        on_canvas=True,
    ),
    ActionRow(
        "connect",
        "Edit",
        "Connect by keys",
        "C",
        "Pull a wire from the selected block, or move the selected wire; arrows choose where to",
        starts_group=True,
        on_canvas=True,
    ),
    ActionRow(
        "cut_wires", "Edit", "Cut its wires", "Shift+Del", "Remove all wires of the selected blocks", on_canvas=True
    ),
    ActionRow(
        "walk_right", "Select", "Next block", "Ctrl+Right", "Select the next block along the wire", on_canvas=True
    ),
    ActionRow(
        "walk_left", "Select", "Previous block", "Ctrl+Left", "Select the block the wire comes from", on_canvas=True
    ),
    ActionRow(
        "walk_up", "Select", "Block above", "Ctrl+Up", "Select the block above on the same wires", on_canvas=True
    ),
    ActionRow(
        "walk_down", "Select", "Block below", "Ctrl+Down", "Select the block below on the same wires", on_canvas=True
    ),
    *(
        ActionRow(
            f"extend_{way.lower()}",
            "Select",
            f"Select also {where}",
            f"Ctrl+Shift+{way}",
            "Take the next block that way in beside those selected",
            on_canvas=True,
        )
        for way, where in (("Right", "next"), ("Left", "previous"), ("Up", "above"), ("Down", "below"))
    ),
    ActionRow("next_wire", "Select", "Next wire", "W", "Select the next wire of the block", on_canvas=True),
    ActionRow("previous_wire", "Select", "Previous wire", "Shift+W", "Select the wire before", on_canvas=True),
    ActionRow("next_bend", "Select", "Next point", "Shift+R", "Select the next point of the wire", on_canvas=True),
    ActionRow("next_thing", "Select", "Next frame or note", "F", "Select the next frame or note", on_canvas=True),
    ActionRow(
        "find",
        "Select",
        "Find in the flow…",
        "Ctrl+F",
        "Find blocks by label, kind, parameter or note",
        starts_group=True,
    ),
    ActionRow("select_all", "Select", "Select all", "Ctrl+A", "Select every block, frame and note"),
    ActionRow("fit", "View", "Fit the whole picture", "Home", "Zoom so that every block is seen"),
    ActionRow("fit_selection", "View", "Fit the selection", "Shift+Home", "Zoom to what is selected", on_canvas=True),
    ActionRow("zoom_in", "View", "Zoom in", "Ctrl++", "Look closer"),
    ActionRow("zoom_out", "View", "Zoom out", "Ctrl+-", "Look from further away"),
    ActionRow("back", "View", "Back", "Alt+Left", "Look at the place visited before", starts_group=True),
    ActionRow("forward", "View", "Forward", "Alt+Right", "Look at the place visited after this one"),
    ActionRow(
        "go_to_canvas",
        "View",
        "Go to the canvas",
        "Alt+0",
        "Give the keyboard to the canvas",
        _always,
        starts_group=True,
    ),
    *(
        ActionRow(
            f"go_to_{title.lower()}",
            "View",
            f"Go to {title}",
            f"Alt+{number}",
            f"Bring {title} to the front, with the keyboard in it",
        )
        for number, title in enumerate(PANELS, 1)
    ),
    ActionRow("focus", "View", "Focus on the canvas", "F11", "Hide every panel but the strip", _always, True, True),
    ActionRow(
        "theme_system", "View", "Theme of the system", "", "Dark or light as the system says", _always, True, True
    ),
    ActionRow("theme_dark", "View", "Dark theme", "", "Light figures on dark ground", _always, True),
    ActionRow("theme_light", "View", "Light theme", "", "Dark figures on light ground", _always, True),
    ActionRow("bend", "Arrange", "Bend the wire", "R", "Lead a wire through a point (drag the wire)", on_canvas=True),
    ActionRow("straighten_wire", "Arrange", "Unbend the wire", "", "Take every point out of the selected wires"),
    ActionRow("group", "Arrange", "Group", "Ctrl+G", "Make the selected blocks one block, with ports of its own"),
    ActionRow("ungroup", "Arrange", "Ungroup", "Ctrl+Shift+G", "Put the blocks of the selected group in its place"),
    ActionRow("open_group", "Arrange", "Open the group", "", "Draw inside the selected group (double-click, Enter)"),
    ActionRow("save_block", "Arrange", "Save as my block…", "", "Keep the selected group as a block of your own"),
    ActionRow("go_up", "Arrange", "Leave the group", "Alt+Up", "Go back to where the group stands (Esc)"),
    ActionRow(
        "frame",
        "Arrange",
        "Frame the selection",
        "Ctrl+Alt+G",
        "Put a titled frame around the selected blocks",
        starts_group=True,
    ),
    ActionRow("frame_color", "Arrange", "Frame colour…", "", "Choose the colour of the selected frames"),
    ActionRow("note", "Arrange", "Sticky note", "N", "Put a note at the pointer and write on it", on_canvas=True),
    *(
        ActionRow(
            f"resize_{way.lower()}",
            "Arrange",
            f"Make {how}",
            f"Alt+Shift+{way}",
            "Change the size of the selected frame or note",
            on_canvas=True,
        )
        for way, how in (("Right", "wider"), ("Left", "narrower"), ("Down", "higher"), ("Up", "lower"))
    ),
    ActionRow("write", "Arrange", "Edit the words", "F2", "Write a label, a title or a note", on_canvas=True),
    ActionRow(
        "layout",
        "Arrange",
        "Lay out",
        "Ctrl+Shift+L",
        "Order the selected blocks, or all, from left to right",
        starts_group=True,
    ),
    ActionRow("straighten", "Arrange", "Straighten wires", "", "Move the selected blocks so that wires run level"),
    ActionRow(
        "align_left",
        "Arrange",
        "Align left",
        "",
        "Put left edges of the selected blocks on one line",
        starts_group=True,
    ),
    ActionRow("align_centre", "Arrange", "Align centres", "", "Put the selected blocks' centres on one upright line"),
    ActionRow("align_right", "Arrange", "Align right", "", "Put right edges of the selected blocks on one line"),
    ActionRow("align_top", "Arrange", "Align top", "", "Put top edges of the selected blocks on one line"),
    ActionRow("align_middle", "Arrange", "Align middles", "", "Put the selected blocks' middles on one level line"),
    ActionRow("align_bottom", "Arrange", "Align bottom", "", "Put bottom edges of the selected blocks on one line"),
    ActionRow(
        "distribute_across",
        "Arrange",
        "Distribute across",
        "",
        "Give selected blocks equal gaps, side by side",
        starts_group=True,
    ),
    ActionRow(
        "distribute_down", "Arrange", "Distribute down", "", "Give selected blocks equal gaps, one below another"
    ),
    ActionRow("test", "Test", "Test", "F5", "Run the strategy on the chosen prices"),
    ActionRow("cancel", "Test", "Cancel the test", "Shift+F5", "Stop the running test"),
    ActionRow("live", "Test", "Live", "Ctrl+L", "Test every edit as it is made", checkable=True),
    ActionRow("tests", "Test", "History of tests", "Ctrl+H", "Compare and repeat what was tested", starts_group=True),
    ActionRow(
        "why", "Test", "Why, and why not", "Ctrl+Shift+Y", "Every block's value at a bar, and what blocked a trade"
    ),
    ActionRow("report_pdf", "Test", "Report as PDF…", "", "Charts, figures and trades on paper", starts_group=True),
    ActionRow("report_html", "Test", "Report as HTML…", "", "Charts, figures and trades in one page"),
    ActionRow("report_excel", "Test", "Result as Excel file…", "", "Figures, trades and equity as sheets"),
    ActionRow("report_trades", "Test", "Trades as CSV…", "", "Every trade as a row of text"),
    ActionRow("report_equity", "Test", "Equity as CSV…", "", "Equity and benchmark at every bar"),
    ActionRow("commands", "Help", "Search commands", "Ctrl+K", "Everything that can be done", _always),
    ActionRow("shortcuts", "Help", "Keyboard shortcuts", "F1", "Every action with its keys", _always),
)


def tooltip(row: ActionRow) -> str:
    """The sentence with the shortcut behind it."""
    keys = QKeySequence(row.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{row.hint or row.title} ({keys})" if keys else row.hint or row.title


def build_actions(owner: QWidget, handlers: Mapping[str, Callable[[], None]]) -> dict[str, QAction]:
    """A QAction for each row, wired to the handler of its id. Every row needs a handler, every handler a row."""
    rows = {row.id for row in ACTIONS}
    if rows != set(handlers):
        raise ValueError(f"actions without handler or row: {sorted(rows ^ set(handlers))}")
    built = {}
    for row in ACTIONS:
        action = QAction(row.title, owner)
        action.setObjectName(row.id)
        action.setShortcut(QKeySequence(row.shortcut))
        action.setToolTip(tooltip(row))
        action.setStatusTip(row.hint)
        action.setCheckable(row.checkable)
        if row.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False, call=handlers[row.id]: call())
        owner.addAction(action)
        built[row.id] = action
    return built


def offer_on_canvas(built: Mapping[str, QAction], canvas: QWidget) -> None:
    """Let this canvas hear the keys of the actions that work on it."""
    canvas.addActions([built[row.id] for row in ACTIONS if row.on_canvas])


def enable_actions(built: Mapping[str, QAction], document: Document | None) -> None:
    """Enable what can be done with this document."""
    for row in ACTIONS:
        built[row.id].setEnabled(row.enabled(document))


def name_steps(built: Mapping[str, QAction], document: Document | None) -> None:
    """Name what undo and redo would do."""
    history = document.history if document is not None else None
    for id, step in (("undo", history and history.next_undo), ("redo", history and history.next_redo)):
        title = id.capitalize()
        built[id].setText(f"{title} “{step.title}”" if step else title)
        built[id].setIconText(title)
