"""The pass that puts small unnamed calls back where they are used once, as one writes them by hand."""

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import Final

from builder_app.codegen.expressions import (
    Call,
    Constant,
    Expression,
    Price,
    Reference,
    children,
    references_in,
    transformed,
    walk,
)
from builder_app.codegen.passes.sharing import rule_values
from builder_app.codegen.passes.staging import handed_on
from builder_app.codegen.plan import Draft, Statement

MOST_LEAVES: Final = 6
MOST_LEVELS: Final = 3


def inline(draft: Draft) -> Draft:
    """Indicators keep a line and a name of their own; so does whatever is an output of a block or used twice."""
    read = [references_in(statement.expression) for statement in draft.statements]
    uses = Counter(chain.from_iterable(read))
    outputs = {value for value in draft.values.values() if isinstance(value, Reference)}
    ruled = {value for leg in draft.legs for value in rule_values(leg)} | {value for _, value in draft.answers}
    kept_apart = outputs | ruled | handed_on(draft.statements)
    inside: dict[Expression, Expression] = {}
    kept: list[Statement] = []
    for statement, references in zip(draft.statements, read, strict=True):
        expression = statement.expression
        if any(part in inside for part in references):
            expression = transformed(expression, lambda part: inside.get(part, part))
        result = statement.results[0]
        free = result is not None and uses[result] == 1 and result not in kept_apart
        if free and result is not None and len(statement.results) == 1 and _is_small_call(expression):
            inside[result] = expression
        else:
            kept.append(statement if expression is statement.expression else replace(statement, expression=expression))
    return replace(draft, statements=tuple(kept))


def _is_small_call(expression: Expression) -> bool:
    if isinstance(expression, Price):
        return True
    if not isinstance(expression, Call) or expression.function.startswith("ta."):
        return False
    leaves = sum(not _inner(part) for part in walk(expression) if not isinstance(part, Constant))
    return leaves <= MOST_LEAVES and _levels(expression) <= MOST_LEVELS


def _levels(expression: Expression) -> int:
    return 1 + max((_levels(part) for part in _inner(expression)), default=0)


def _inner(expression: Expression) -> tuple[Expression, ...]:
    return () if isinstance(expression, Price) else children(expression)
