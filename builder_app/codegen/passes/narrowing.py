"""The pass that breaks statements too wide for a line into steps of their own, so that every line reads at a glance."""

from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Expression, Operation, Parameter, Reference, children, with_children
from builder_app.codegen.layout import WIDTH, is_plain, renderer
from builder_app.codegen.literals import width
from builder_app.codegen.passes.naming import LONGEST_NAME, RESERVED, fresh, meaning
from builder_app.codegen.plan import Draft, Statement

LONGEST_PREFIX: Final = len("        minperiodname=()& ,")


def narrow(draft: Draft) -> Draft:
    """Where a line would be too wide, its inner operations become statements before it."""
    narrowing = _Narrowing(dict(draft.names))
    for statement in draft.statements:
        narrowing.take(statement)
    return replace(draft, statements=tuple(narrowing.statements), names=narrowing.names)


class _Narrowing:
    """The statements so far, and the names that are taken."""

    def __init__(self, names: dict[Reference | Parameter, str]) -> None:
        self.names = names
        self.statements: list[Statement] = []
        self._taken = {*RESERVED, *names.values()}
        self._written = renderer(names)

    def take(self, statement: Statement) -> None:
        """Add the statement, after those that its inner operations became."""
        if self._is_wide(statement):
            parts = tuple(self._outside(statement, part) for part in children(statement.expression))
            statement = replace(statement, expression=with_children(statement.expression, parts))
        self.statements.append(statement)

    def _is_wide(self, statement: Statement) -> bool:
        targets = ", ".join(self.names[result] if result else "_" for result in statement.results)
        return width(f"    {targets} = {self._written(statement.expression)}") > WIDTH

    def _outside(self, statement: Statement, part: Expression) -> Expression:
        if self._may_stay(statement.expression, part):
            return part
        first = next(result for result in statement.results if result is not None)
        own = Reference("", f"{first.port}.{len(self.names)}")
        stem = self.names[first].partition("_part")[0]
        self.names[own] = fresh([meaning(part, self.names), f"{stem}_part"], self._taken, LONGEST_NAME)
        self.take(Statement((own,), part, statement.nodes, stage=statement.stage))
        return own

    def _may_stay(self, whole: Expression, part: Expression) -> bool:
        """A call's arguments, and the operands of a long chain, get lines of their own; two operands do not.

        (With two, the formatter would rather break the brackets of the second one.)
        """
        if isinstance(whole, Operation) and len(whole.operands) < 3:
            return is_plain(part)
        return width(self._written(part)) <= WIDTH - LONGEST_PREFIX
