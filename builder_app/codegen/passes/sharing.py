"""The pass that turns steps into statements: every function call once, and outputs of one call taken together."""

from dataclasses import dataclass, field, replace

from builder_app.codegen.expressions import (
    Call,
    Constant,
    Element,
    Expression,
    Fixed,
    GroupCall,
    Operation,
    Price,
    Reference,
    children,
    references_in,
    with_children,
)
from builder_app.codegen.plan import Draft, Leg, Statement
from builder_app.codegen.recipes.vocabulary import signature_of


@dataclass(slots=True)
class _Record:
    results: list[Reference | None]
    expression: Expression
    nodes: dict[str, None]
    hint: str = ""


@dataclass(slots=True)
class _Sharing:
    """Statements so far. Results have references of their own, ("", "0"), ("", "1"), …, that no block has."""

    records: list[_Record] = field(default_factory=list)
    known: dict[Expression, _Record] = field(default_factory=dict)
    outputs: dict[Reference, Expression] = field(default_factory=dict)
    count: int = 0

    def value(self, expression: Expression, node: str, hint: str = "") -> Expression:
        """What stands for the expression: a price, a number, or the result of a statement (made where it is new)."""
        inside = self._inside(expression, node)
        if isinstance(inside, Operation):
            record = self._record(inside, 1, node, hint)
            return self._result(record, 0)
        if hint and isinstance(inside, Reference) and not isinstance(expression, Reference):
            self._hint(inside, hint)
        return inside

    def _hint(self, result: Reference, hint: str) -> None:
        record = next(record for record in reversed(self.records) if result in record.results)
        record.hint = record.hint or hint

    def _inside(self, expression: Expression, node: str) -> Expression:
        """The expression with every call in it replaced by the result of a statement."""
        if isinstance(expression, Reference):
            return self.outputs.get(expression, expression)
        if isinstance(expression, Element):
            call = self._parts(expression.call, node)
            signature = signature_of(call.function) if isinstance(call, Call) else None
            count = signature.outputs if signature else 1
            count = len(call.conditions) if isinstance(call, GroupCall) else count
            return self._result(self._record(call, count, node), expression.index)
        same = self._parts(expression, node)
        is_chosen_price = isinstance(same, Price) and not isinstance(same.column, Constant)
        if is_chosen_price or isinstance(same, Call | GroupCall):
            return self._result(self._record(same, 1, node), 0)
        if isinstance(same, Operation) and same in self.known:
            self.known[same].nodes[node] = None
            return self._result(self.known[same], 0)
        return same

    def _parts(self, expression: Expression, node: str) -> Expression:
        parts = children(expression)
        return with_children(expression, tuple(self._inside(part, node) for part in parts)) if parts else expression

    def _record(self, expression: Expression, results: int, node: str, hint: str = "") -> _Record:
        record = self.known.get(expression)
        if record is None:
            record = _Record([None] * results, expression, {}, hint)
            self.known[expression] = record
            self.records.append(record)
        record.nodes[node] = None
        record.hint = record.hint or hint
        return record

    def _result(self, record: _Record, index: int) -> Reference:
        result = record.results[index]
        if result is None:
            result = Reference("", str(self.count))
            self.count += 1
            record.results[index] = result
        return result


def share(draft: Draft) -> Draft:
    """Statements in the order of the steps, then those that only rules need; what nothing uses is left out."""
    sharing = _Sharing()
    sharing.outputs.update(draft.values)
    for step in draft.steps:
        sharing.outputs[Reference(step.node, step.port)] = sharing.value(step.expression, step.node)
    legs = tuple(_with_values(leg, sharing) for leg in draft.legs)
    answers = tuple((name, sharing.value(value, "", name)) for name, value in draft.answers)
    values = {output: _resolved(value, sharing) for output, value in sharing.outputs.items()}
    read = [*(value for leg in legs for value in rule_values(leg)), *(value for _, value in answers)]
    return replace(draft, statements=_used(sharing.records, read), legs=legs, answers=answers, values=values)


def _resolved(value: Expression, sharing: _Sharing) -> Expression:
    return sharing.outputs.get(value, value) if isinstance(value, Reference) else value


def rule_values(leg: Leg) -> tuple[Expression, ...]:
    """What a leg reads at every bar, in order: entries, exits, strength, rebalancing, size, then changing levels."""
    conditions = (leg.long_entry, leg.long_exit, leg.short_entry, leg.short_exit, leg.strength)
    sizes = (leg.rebalance, None if isinstance(leg.size, Fixed) else leg.size)
    levels = tuple(rule.value for rule in leg.exits if not isinstance(rule.value, Fixed))
    return (*(value for value in (*conditions, *sizes) if value is not None), *levels)


def _with_values(leg: Leg, sharing: _Sharing) -> Leg:
    def value(expression: Expression | None, hint: str) -> Expression | None:
        return None if expression is None else sharing.value(expression, leg.node, hint)

    exits = tuple(
        rule
        if isinstance(rule.value, Fixed)
        else replace(rule, value=sharing.value(rule.value, rule.node, f"{rule.kind}_{rule.unit}"))
        for rule in leg.exits
    )
    return replace(
        leg,
        long_entry=value(leg.long_entry, "long_entry"),
        long_exit=value(leg.long_exit, "long_exit"),
        short_entry=value(leg.short_entry, "short_entry"),
        short_exit=value(leg.short_exit, "short_exit"),
        strength=value(leg.strength, "strength"),
        size=leg.size if isinstance(leg.size, Fixed) else value(leg.size, "size") or leg.size,
        rebalance=value(leg.rebalance, "rebalance"),
        exits=exits,
    )


def _used(records: list[_Record], read: list[Expression]) -> tuple[Statement, ...]:
    needed = {part for value in read for part in references_in(value)}
    kept = []
    for record in reversed(records):
        results = tuple(result if result in needed else None for result in record.results)
        if any(results):
            needed.update(references_in(record.expression))
            kept.append(Statement(results, record.expression, tuple(record.nodes), record.hint))
    return tuple(reversed(kept))
