"""The pass that breaks statements too wide for a line into steps of their own, so that every line reads at a glance."""

from dataclasses import replace

from builder_app.codegen.expressions import Call, Expression, Operation, Parameter, Reference, children, with_children
from builder_app.codegen.layout import WIDTH, is_plain, renderer
from builder_app.codegen.literals import width
from builder_app.codegen.naming import LONGEST_NAME, RESERVED, fresh
from builder_app.codegen.plan import Draft, Statement


def narrow(draft: Draft) -> Draft:
    """Where a line would be too wide, its inner operations become statements before it."""
    narrowing = _Narrowing(dict(draft.names))
    for statement in draft.statements:
        narrowing.take(statement)
    return replace(draft, statements=tuple(narrowing.statements), names=narrowing.names)


class _Narrowing:
    """The statements so far, and the names that are taken."""

    def __init__(self, names: dict[Reference, str]) -> None:
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
        in_operation = isinstance(statement.expression, Operation)
        if is_plain(part) and not (in_operation and isinstance(part, Parameter)):
            return part
        if in_operation and isinstance(part, Call):
            return part
        first = next(result for result in statement.results if result is not None)
        own = Reference("", f"{first.port}.{len(self.names)}")
        self.names[own] = fresh([f"{self.names[first]}_part"], self._taken, LONGEST_NAME - 4)
        self.take(Statement((own,), part, statement.nodes))
        return own
