"""What in a flow holds the typed words: blocks by label, kind, parameters and note, frames and notes by their words."""

from collections.abc import Iterator
from typing import NamedTuple

from builder_app.flow.group_paths import TRAIL_JOINT, GroupPath, level_at, path_to_group, trail_names
from builder_app.flow.summary import parameter_line
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Node
from builder_app.flow.wording import block_name, value_words, words
from builder_app.ui.canvas.furniture import Thing, all_things
from builder_app.ui.canvas.levels import Levels
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.words_editor import words_of


class Findable(NamedTuple):
    """A block (by its id), a frame or a note: `title` and beside it `detail` are shown, `text` is searched.

    `path` is the level of the strategy where it is.
    """

    what: str | Thing
    title: str
    detail: str
    text: str
    path: GroupPath = ()


def findable(picture: Picture, levels: Levels) -> tuple[Findable, ...]:
    """All that can be found: first at the level that is shown, from left to right, then at the others.

    What is in a group is found once, however many instances there are.
    """
    here = tuple(one._replace(path=levels.path) for one in _shown(picture))
    shown = levels.shown.group.id if levels.shown.group is not None else None
    groups = [group for group in (None, *sorted(levels.whole.groups)) if group != shown]
    return (*here, *(one for group in groups for one in _elsewhere(levels, group)))


def _elsewhere(levels: Levels, group: str | None) -> Iterator[Findable]:
    """What is drawn at another level."""
    path = () if group is None else path_to_group(levels.whole, group)
    level = level_at(levels.whole, levels.catalogue, path) if path is not None else None
    if path is None or level is None:
        return
    where = TRAIL_JOINT.join(trail_names(levels.whole, levels.catalogue, path)) or "the strategy"
    flow = level.flow
    for node in sorted(flow.nodes.values(), key=lambda node: (node.position.x, node.position.y, node.id)):
        template = level.catalogue.of(node)
        line = parameter_line(node, template) if template is not None else ""
        found = _block(node, level.catalogue, (block_name(node, level.catalogue), line))
        yield found._replace(path=path, detail=" · ".join(part for part in (f"in {where}", found.detail) if part))
    for thing in all_things(flow):
        found = _thing(thing, words_of(flow, thing))
        yield found._replace(path=path, detail=f"{found.detail} in {where}")


def _shown(picture: Picture) -> tuple[Findable, ...]:
    flow = picture.flow
    blocks = sorted(flow.nodes, key=lambda id: (picture.places[id].x, picture.places[id].y, id))
    things = [_thing(thing, words_of(flow, thing)) for thing in all_things(flow)]
    faces = picture.faces
    said = ((flow.nodes[id], (faces[id].title, faces[id].subtitle)) for id in blocks)
    return (*(_block(node, picture.catalogue, shown) for node, shown in said), *things)


def found(all_of_it: tuple[Findable, ...], wanted: str) -> tuple[Findable, ...]:
    """Those whose text holds every wanted word; first where a title begins with them, then where one holds them."""
    terms = wanted.casefold().split()
    if not terms:
        return ()
    phrase = " ".join(terms)
    hits = [one for one in all_of_it if all(term in one.text for term in terms)]
    return tuple(sorted(hits, key=lambda one: _rank(one.title.casefold(), phrase)))


def _rank(title: str, phrase: str) -> int:
    return 0 if title.startswith(phrase) else 1 if phrase in title else 2


def _block(node: Node, catalogue: Catalogue, shown: tuple[str, str]) -> Findable:
    title, line = shown
    template = catalogue.of(node)
    kind = template.display_name if template else node.template
    parameters = [f"{words(name)} {value_words(value)}" for name, value in node.parameters.items()]
    detail = " · ".join(part for part in (kind if kind != title else "", line) if part)
    text = " ".join((title, kind, node.template, line, *parameters, node.note))
    return Findable(node.id, title, detail, text.casefold())


def _thing(thing: Thing, text: str) -> Findable:
    line = " ".join(text.split())
    return Findable(thing, line, "Frame" if thing.is_frame else "Note", line.casefold())
