"""What the actions on the canvas do: each calls a function of the canvas in front."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder_app.flow.edits import Edit
from builder_app.ui.canvas import looking, order, switching
from builder_app.ui.canvas.arranging import ALIGNMENTS, align_edit, distribute_edit, straighten_edit
from builder_app.ui.canvas.grouping import group_selection, ungroup_selection
from builder_app.ui.canvas.opening import open_selected
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.picture_file import picture_file
from builder_app.ui.canvas.routes import add_bend, straighten
from builder_app.ui.canvas.selecting_by_keys import extend, next_bend, next_thing, next_wire, resize
from builder_app.ui.canvas.walking import walk
from builder_app.ui.canvas.wiring_by_keys import add_wired, connect_by_keys, cut_wires
from builder_app.ui.window.files import ask_where_to_save
from builder_app.ui.window.laying_out import lay_out

if TYPE_CHECKING:
    from builder_app.ui.canvas.view import CanvasView
    from builder_app.ui.window.main_window import MainWindow

_WAYS: Final = {"right": (1, 0), "left": (-1, 0), "up": (0, -1), "down": (0, 1)}
_NUMBERS: Final = {1: "one block", 2: "two blocks", 3: "three blocks"}


def canvas_handlers(window: "MainWindow") -> dict[str, Callable[[], None]]:
    """A handler for each action that works on the canvas in front; without one, nothing is done."""

    def on_canvas(call: Callable[["CanvasView"], object]) -> Callable[[], None]:
        def handler() -> None:
            canvas = window.canvas
            if canvas is not None:
                call(canvas)

        return handler

    def arranged(edit_of: Callable[[Picture, frozenset[str]], Edit | None], least: int) -> Callable[[], None]:
        def arrange(canvas: "CanvasView") -> None:
            if len(canvas.selected_nodes()) < least:
                canvas.say(f"Select at least {_NUMBERS[least]} first.")
            else:
                canvas.request(edit_of(canvas.canvas.picture, canvas.selected_nodes()))

        return on_canvas(arrange)

    return {
        **{f"align_{side}": arranged(partial(align_edit, side=side), 2) for side in ALIGNMENTS},
        "distribute_across": arranged(partial(distribute_edit, across=True), 3),
        "distribute_down": arranged(partial(distribute_edit, across=False), 3),
        "straighten": arranged(straighten_edit, 1),
        "layout": on_canvas(lambda canvas: lay_out(window, canvas, canvas.selected_nodes())),
        "find": on_canvas(lambda canvas: canvas.finder.open()),
        "fit_selection": on_canvas(looking.fit_selection),
        "back": on_canvas(looking.go_back),
        "forward": on_canvas(looking.go_forward),
        **{f"walk_{name}": on_canvas(partial(walk, across=x, down=y)) for name, (x, y) in _WAYS.items()},
        **{f"extend_{name}": on_canvas(partial(extend, across=x, down=y)) for name, (x, y) in _WAYS.items()},
        **{f"resize_{name}": on_canvas(partial(resize, columns=x, rows=y)) for name, (x, y) in _WAYS.items()},
        "next_wire": on_canvas(partial(next_wire, step=1)),
        "previous_wire": on_canvas(partial(next_wire, step=-1)),
        "next_thing": on_canvas(next_thing),
        "next_bend": on_canvas(next_bend),
        "add_block": on_canvas(lambda canvas: canvas.open_search()),
        "mute": on_canvas(switching.mute),
        "collapse": on_canvas(switching.collapse),
        "show_problems": on_canvas(switching.show_problems),
        "save_svg": on_canvas(partial(_save_picture, window, "svg")),
        "save_png": on_canvas(partial(_save_picture, window, "png")),
        "connect": on_canvas(connect_by_keys),
        "cut_wires": on_canvas(cut_wires),
        "add_wired": on_canvas(add_wired),
        "bend": on_canvas(add_bend),
        "straighten_wire": on_canvas(lambda canvas: straighten(canvas, canvas.canvas.selected_wires)),
        "group": on_canvas(group_selection),
        "ungroup": on_canvas(ungroup_selection),
        "open_group": on_canvas(open_selected),
        "go_up": on_canvas(lambda canvas: canvas.go_up()),
        "frame": on_canvas(order.add_frame),
        "frame_color": on_canvas(order.choose_frame_color),
        "note": on_canvas(order.add_note),
        "write": on_canvas(order.write),
    }


def _save_picture(window: "MainWindow", kind: str, canvas: "CanvasView") -> None:
    """Ask for a name and write the picture there; what a disk refuses is said."""

    def write(path: Path) -> None:
        try:
            path.write_bytes(picture_file(canvas.canvas, kind))
        except (OSError, ValueError) as reason:
            window.centre.messages.tell(str(reason), stays=True)
        else:
            window.centre.messages.tell(f"The picture was written to {path}.")

    document = window.document
    if document is not None:
        ask_where_to_save(window, f"Save picture as {kind.upper()}", f"{document.name}.{kind}", write)
