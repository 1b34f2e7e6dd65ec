"""Showing the levels of a strategy on a canvas: opening a group in place, going up again, following changes to where
they happened.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from builder_app.flow.group_paths import GroupPath
from builder_app.flow.values import LogicFlow
from builder_app.ui.canvas.levels import looks_of_groups
from builder_app.ui.canvas.looking import show_beginning

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

Viewport = tuple[float, float, float]


def show_whole(view: "Stage", before: LogicFlow | None, after: LogicFlow) -> None:
    """Show the strategy at the level that is open, or at the one where it changed; only the difference is touched."""
    levels, picture = view.levels, view.canvas.picture
    left, old = levels.path, levels.shown
    viewport = view.viewport_state()
    if levels.take(before, after):
        levels.viewports[left] = viewport
        _show_other_level(view, left)
        return
    known = before is not None and picture.flow is old.flow
    shown = levels.shown
    if shown.catalogue is not picture.catalogue:
        known = known and looks_of_groups(shown.catalogue) == looks_of_groups(picture.catalogue)
        picture.catalogue = shown.catalogue
    view.canvas.show_flow(old.flow if known else None, shown.flow)
    if levels.path:
        view.breadcrumbs.show_level()


def show_catalogue(view: "Stage") -> None:
    """Draw what is shown anew: other blocks may be drawn."""
    view.canvas.picture.catalogue = view.levels.shown.catalogue
    view.canvas.show_flow(None, view.levels.shown.flow)


def go_to_level(view: "Stage", path: GroupPath) -> bool:
    """Show the level behind this path; False where there is none. Whoever goes up finds the group selected."""
    levels = view.levels
    if path == levels.path:
        return True
    view.hands.cancel()
    left = levels.path
    levels.viewports[left] = view.viewport_state()
    if not levels.go(path):
        return False
    _show_other_level(view, left)
    return True


def _show_other_level(view: "Stage", left: GroupPath) -> None:
    levels, canvas = view.levels, view.canvas
    canvas.select(frozenset())
    canvas.picture.catalogue = levels.shown.catalogue
    canvas.show_flow(None, levels.shown.flow)
    view.show_known_facts()
    view.breadcrumbs.show_level()
    kept = levels.viewports.get(levels.path)
    if kept is None:
        show_beginning(view)
    else:
        view.restore_viewport(*kept)
    depth = len(levels.path)
    came_from = left[depth] if left[:depth] == levels.path and len(left) > depth else None
    view.select(frozenset({came_from} if came_from is not None else ()))
    view.forget_minimap()
    view.viewport().update()
    view.level_changed.emit()


def open_group(view: "Stage", node: str) -> bool:
    """Open a group in place; whether the block is one."""
    if view.levels.opens(node):
        return go_to_level(view, (*view.levels.path, node))
    template = view.canvas.picture.catalogue.of(view.canvas.picture.flow.nodes[node])
    if template is not None and template.body:
        view.say("This is a block of your own: its inside is changed where it was made.")
        return True
    return False


def open_selected(view: "Stage") -> None:
    """Open the one group that is selected."""
    chosen = view.selected_nodes()
    if len(chosen) != 1 or not open_group(view, next(iter(chosen))):
        view.say("Select one group first; then it can be opened.")


def go_up(view: "Stage") -> bool:
    """Leave the group that is open; whether one was."""
    path = view.levels.path
    return bool(path) and go_to_level(view, path[:-1])


def select_whole(view: "Stage", ids: Iterable[str]) -> None:
    """Select blocks by the ids that the whole strategy knows them by, at the level of the first, and look there."""
    places = [view.levels.place_of(id) for id in sorted(ids)]
    if not places:
        view.select(frozenset())
        return
    path = places[0][0]
    if not go_to_level(view, path):
        return
    here = [node for where, node in places if where == path]
    view.select(here)
    if len(here) == 1:
        view.reveal(here[0])
    else:
        view.reveal_all(here)
