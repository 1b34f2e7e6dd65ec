"""Long formulas over strategy parameters as constants of the text, each piece of them on a line of its own."""

from typing import Final

from builder_app.codegen.layout import WIDTH, exploded
from builder_app.codegen.literals import in_python, width
from builder_app.flow.formula_reading import tree_of
from builder_app.flow.formula_trees import Applied, Named, Number, Tree, parts, with_parts

_PIECE: Final = "›"
"""Before the name of a constant that stands for a piece of a formula, so that no strategy parameter has it."""


def constant_lines(name: str, formula: str) -> list[str]:
    """`NAME = …` on one line where it fits; what is too wide is said in pieces, `NAME_PART = …`, before it."""
    lines: list[str] = []
    _say(name, tree_of(formula), {}, lines)
    return lines


def _say(name: str, tree: Tree, pieces: dict[str, str], lines: list[str]) -> None:
    """Add the lines of a constant; `pieces` are those that were said before, by how they stand in the tree."""
    room = WIDTH - len("    ,") if isinstance(tree, Applied) else WIDTH - len(f"{name} = ")
    while True:
        widths = [width(in_python(part, pieces)) for part in parts(tree)]
        if width(in_python(tree, pieces)) <= WIDTH - len(f"{name} = ") or _fits(tree, widths, room):
            break
        tree = _with_piece(name, tree, pieces, lines)
    whole = f"{name} = {in_python(tree, pieces)}"
    if width(whole) <= WIDTH or not isinstance(tree, Applied):
        lines.append(whole)
        return
    lines += exploded(f"{name} = {tree.function}(", [in_python(part, pieces) for part in tree.arguments], ")")


def _fits(tree: Tree, widths: list[int], room: int) -> bool:
    """Whether nothing in it can or need be taken out any more."""
    if isinstance(tree, Applied):
        return max(widths) <= room
    return all(isinstance(part, Number) or _is_piece(part) for part in parts(tree))


def _is_piece(part: Tree) -> bool:
    return isinstance(part, Named) and part.name.startswith(_PIECE)


def _with_piece(name: str, tree: Tree, pieces: dict[str, str], lines: list[str]) -> Tree:
    """The tree with its widest part said as a constant of its own."""
    inside = list(parts(tree))
    free = [place for place, part in enumerate(inside) if not isinstance(part, Number) and not _is_piece(part)]
    widest = max(free, key=lambda place: width(in_python(inside[place], pieces)))
    own = f"{name}_{len(pieces) + 2}"
    taken = inside[widest]
    pieces[_PIECE + own] = own
    _say(own, taken, pieces, lines)
    inside[widest] = Named(_PIECE + own)
    return with_parts(tree, tuple(inside))
