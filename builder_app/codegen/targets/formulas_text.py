"""Long formulas over strategy parameters as constants of the text, each piece of them on a line of its own."""

from dataclasses import dataclass, field
from typing import Final

from builder_app.codegen.layout import WIDTH, exploded
from builder_app.codegen.literals import in_python, width
from builder_app.codegen.passes.long_formulas import LONGEST_CONSTANT
from builder_app.codegen.passes.naming import fresh
from builder_app.flow.formula_reading import tree_of
from builder_app.flow.formula_trees import Applied, Named, Number, Tree, parts, with_parts

_PIECE: Final = "›"
"""Before the name of a constant that stands for a piece of a formula, so that no strategy parameter has it."""


def constant_lines(name: str, formula: str, taken: set[str]) -> list[str]:
    """`NAME = …` on one line where it fits; what is too wide is said in pieces, `NAME_PART = …`, before it.

    The pieces' names become `taken`.
    """
    saying = _Saying(taken)
    saying.say(name, tree_of(formula))
    return saying.lines


@dataclass(slots=True)
class _Saying:
    """The lines so far, and the constants in them by how they stand in the trees."""

    taken: set[str]
    lines: list[str] = field(default_factory=list)
    pieces: dict[str, str] = field(default_factory=dict)

    def say(self, name: str, tree: Tree) -> None:
        """Add the lines of a constant."""
        whole = f"{name} = {in_python(tree, self.pieces)}"
        while width(whole) > WIDTH and self._is_too_wide(tree):
            tree = self._with_piece(name, tree)
            whole = f"{name} = {in_python(tree, self.pieces)}"
        if width(whole) > WIDTH and isinstance(tree, Applied):
            arguments = [in_python(part, self.pieces) for part in tree.arguments]
            self.lines += exploded(f"{name} = {tree.function}(", arguments, ")")
        else:
            self.lines.append(whole)

    def _is_too_wide(self, tree: Tree) -> bool:
        """Whether something must be taken out: the arguments of a function may have lines of their own."""
        if isinstance(tree, Applied):
            return any(width(f"    {in_python(part, self.pieces)},") > WIDTH for part in tree.arguments)
        return bool(self._free(tree))

    def _free(self, tree: Tree) -> list[int]:
        """The places of what can be taken out."""
        return [
            place
            for place, part in enumerate(parts(tree))
            if not isinstance(part, Number) and not (isinstance(part, Named) and part.name in self.pieces)
        ]

    def _with_piece(self, name: str, tree: Tree) -> Tree:
        """The tree with its widest part said as a constant of its own."""
        inside = list(parts(tree))
        widest = max(self._free(tree), key=lambda place: width(in_python(inside[place], self.pieces)))
        own = fresh([f"{name}_PART"], self.taken, LONGEST_CONSTANT)
        self.say(own, inside[widest])
        self.pieces[_PIECE + own] = own
        inside[widest] = Named(_PIECE + own)
        return with_parts(tree, tuple(inside))
