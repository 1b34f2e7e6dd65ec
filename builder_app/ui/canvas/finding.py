"""What in a flow holds the typed words: blocks by label, kind, parameters and note, frames and notes by their words."""

from typing import NamedTuple

from builder_app.flow.values import Node
from builder_app.flow.wording import value_words, words
from builder_app.ui.canvas.furniture import Thing, all_things
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.words_editor import words_of


class Findable(NamedTuple):
    """A block (by its id), a frame or a note: `title` and beside it `detail` are shown, `text` is searched."""

    what: str | Thing
    title: str
    detail: str
    text: str


def findable(picture: Picture) -> tuple[Findable, ...]:
    """All that can be found, from left to right."""
    flow = picture.flow
    blocks = sorted(flow.nodes, key=lambda id: (picture.places[id].x, picture.places[id].y, id))
    things = [_thing(thing, words_of(flow, thing)) for thing in all_things(flow)]
    return (*(_block(picture, flow.nodes[id]) for id in blocks), *things)


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


def _block(picture: Picture, node: Node) -> Findable:
    face = picture.faces[node.id]
    template = picture.catalogue.of(node)
    kind = template.display_name if template else node.template
    parameters = [f"{words(name)} {value_words(value)}" for name, value in node.parameters.items()]
    detail = " · ".join(part for part in (kind if kind != face.title else "", face.subtitle) if part)
    text = " ".join((face.title, kind, node.template, face.subtitle, *parameters, node.note))
    return Findable(node.id, face.title, detail, text.casefold())


def _thing(thing: Thing, text: str) -> Findable:
    line = " ".join(text.split())
    return Findable(thing, line, "Frame" if thing.is_frame else "Note", line.casefold())
