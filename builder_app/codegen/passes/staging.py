"""The pass that splits the statements into steps, where a block looks across the symbols: per symbol, across, …

A statement across symbols needs its inputs for every symbol first; what only the rules need stays in the last step. A
strategy that never looks across has one step, and its text no word of any of this.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Call, Expression, KeyOf, Market, Price, Reference, references_in
from builder_app.codegen.plan import Draft, Statement
from builder_app.codegen.recipes.vocabulary import ACROSS

_NEEDS_MARKET: Final = ("top_across", "of_symbol", "of_benchmark")


def looks_across(expression: Expression) -> bool:
    """Whether a statement of this expression looks across the symbols."""
    return isinstance(expression, Call) and expression.function in ACROSS


def stage(draft: Draft) -> Draft:
    """Give every statement its step, and the functions across symbols the market where they take it."""
    if not any(looks_across(statement.expression) for statement in draft.statements):
        return draft
    earliest: dict[Reference, int] = {}
    for statement in draft.statements:
        first = _earliest(statement.expression, earliest)
        earliest |= {result: first for result in statement.results if result is not None}
    last = max(_for_one_symbol(stage) for stage in (*earliest.values(), 0))
    needed = _needed_across(draft.statements)
    staged = []
    for statement in draft.statements:
        own = next(earliest[result] for result in statement.results if result is not None)
        keeps = looks_across(statement.expression) or any(result in needed for result in statement.results)
        staged.append(replace(statement, stage=own if keeps else last, expression=_with_market(statement.expression)))
    return replace(draft, statements=tuple(staged))


def handed_on(statements: Sequence[Statement]) -> set[Reference]:
    """The results that another step reads: they need a line and a name of their own."""
    if not any(statement.stage for statement in statements):
        return set()  # there is one step
    stages = {result: statement.stage for statement in statements for result in statement.results if result is not None}
    return {
        part
        for statement in statements
        for part in references_in(statement.expression)
        if stages.get(part) != statement.stage or statement.stage % 2
    }


def steps_of(draft: Draft) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
    """The functions of the text by name, in order, with their statements; only `signals` where nothing looks across."""
    last = last_step(draft.statements)
    found = []
    for number in range(last + 1):
        word = "across" if number % 2 else "measures"
        name = "signals" if number == last else word + (f"_{number // 2 + 1}" if number > 1 else "")
        found.append((name, tuple(statement for statement in draft.statements if statement.stage == number)))
    return tuple(found)


def last_step(statements: Sequence[Statement]) -> int:
    """The number of the step that gives what rules read: it is for one symbol, even where it only hands values on."""
    return _for_one_symbol(max((statement.stage for statement in statements), default=0))


def other_symbols(draft: Draft) -> dict[str, tuple[str, ...]]:
    """The symbols that the strategy looks at beside its own, with the blocks that ask."""
    found: dict[str, tuple[str, ...]] = {}
    for statement in draft.statements:
        match statement.expression:
            case Call("of_symbol", (_, symbol, *_)):
                name = str(getattr(symbol, "value", ""))
                found[name] = (*found.get(name, ()), *(node for node in statement.nodes if node))
    return dict(sorted(found.items()))


def _earliest(expression: Expression, known: dict[Reference, int]) -> int:
    """The first step in which it can be worked out."""
    inputs = [known.get(part, 0) for part in references_in(expression)]
    latest = max(inputs, default=0)
    if not looks_across(expression):
        return _for_one_symbol(latest)
    if isinstance(expression, Call) and expression.function == "of_symbol":
        return _for_one_symbol(latest) + 1  # another symbol's value is there once the step before has ended
    return latest if latest % 2 else latest + 1


def _for_one_symbol(stage: int) -> int:
    return stage + stage % 2


def _needed_across(statements: Sequence[Statement]) -> set[Reference]:
    """Everything that some statement across symbols builds on."""
    needed: set[Reference] = set()
    for statement in reversed(statements):
        if looks_across(statement.expression) or any(result in needed for result in statement.results):
            needed.update(references_in(statement.expression))
    return needed


def _with_market(expression: Expression) -> Expression:
    if not isinstance(expression, Call) or expression.function not in _NEEDS_MARKET:
        return expression
    arguments = expression.arguments
    if expression.function == "of_symbol" and isinstance(arguments[0], Reference | Price):
        arguments = (KeyOf(arguments[0]), *arguments[1:])
    return replace(expression, arguments=(*arguments, Market()))
