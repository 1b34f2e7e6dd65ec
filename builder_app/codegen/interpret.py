"""The flow itself, worked out block by block: the second opinion that the generated text is held against.

It shares neither the passes nor the functions of the text: each recipe is read by Python's parser and evaluated as it
stands, with meanings written here bar by bar from their definitions. Only TA-Lib's indicators and NumPy's elementary
functions are the same on both sides.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import talib
import talib.abstract
from numpy.typing import NDArray

from builder_app.codegen.choices import AVERAGE_TYPES, CANDLE_PATTERNS
from builder_app.codegen.meanings import MEANINGS
from builder_app.flow.bypass import without_muted
from builder_app.flow.group_expansion import expanded
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.templates import Catalogue, NodeTemplate, effective_parameters
from builder_app.flow.topology import order
from builder_app.flow.values import LogicFlow, PortType

Array = NDArray[Any]
Signal = tuple[str, Array, Array | None]
"""A word, the bars at which it holds, and how strongly (None: 1)."""

_SIDES: Final = {
    "enter_long": "long_entry",
    "exit_long": "long_exit",
    "enter_short": "short_entry",
    "exit_short": "short_exit",
}


@dataclass(slots=True)
class InterpretedLeg:
    """One position block: at which bars it enters and leaves, how strongly, how large, and what ends it."""

    size: tuple[str, float]
    rules: dict[str, Array] = field(default_factory=dict)
    strengths: list[tuple[Array, Array | None]] = field(default_factory=list)
    exits: list[tuple[str, str, float | Array]] = field(default_factory=list)

    def add(self, signals: list[Signal]) -> None:
        """Signals of the same word merge: any of them counts."""
        for word, condition, strength in signals:
            side = _SIDES[word]
            self.rules[side] = self.rules[side] | condition if side in self.rules else condition
            if word.startswith("enter"):
                self.strengths.append((condition, strength))

    def strength(self, bar: int) -> float:
        """The greatest known strength of the entries that hold at this bar; 1 for an entry that has none of its own."""
        held = [1.0 if own is None else float(own[bar]) for condition, own in self.strengths if condition[bar]]
        return max((strength for strength in held if strength == strength), default=float("nan"))


@dataclass(slots=True)
class Interpretation:
    """Values by "node.port", legs by position block in order (the default position, "", last), and the limit."""

    values: dict[str, Any] = field(default_factory=dict)
    legs: dict[str, InterpretedLeg] = field(default_factory=dict)
    maximum_positions: float | None = None


def interpret(flow: LogicFlow, catalogue: Catalogue, prices: Mapping[str, Array]) -> Interpretation:
    """Evaluate a flow that has no errors on one symbol's bars."""
    catalogue = catalogue_with_groups(flow, catalogue)
    flow = without_muted(expanded(flow, catalogue), catalogue)
    found = Interpretation()
    loose: dict[str, list[Signal]] = {}
    strategy = {name: parameter.value for name, parameter in flow.parameters.items()}
    for node in _live(flow, catalogue):
        template = catalogue.templates[flow.nodes[node].template]
        names: dict[str, Any] = {"prices": prices, **effective_parameters(flow.nodes[node], template, strategy)}
        names |= _wired(flow, node, template, (names, found.values))
        reader = _Evaluation(node, names, found)
        for port in template.output_ports:
            value = reader.output(template.outputs[port.name])
            if port.type in (PortType.SERIES, PortType.BOOLEAN) and np.ndim(value) == 0:
                value = np.full(len(prices["close"]), value)
            found.values[f"{node}.{port.name}"] = value
            if port.type is PortType.SIGNAL:
                loose[node] = value
    _add_default(flow, catalogue, found, loose)
    return found


def _live(flow: LogicFlow, catalogue: Catalogue) -> list[str]:
    """Blocks that make rules, and whatever feeds them."""
    live: set[str] = set()
    for node in reversed(order(flow)):
        template = catalogue.templates[flow.nodes[node].template]
        makes_rules = any(port.type not in (PortType.SERIES, PortType.BOOLEAN) for port in template.output_ports)
        if makes_rules or any(edge.target.node in live for edge in flow.edges_out_of(node)):
            live.add(node)
    return [node for node in order(flow) if node in live]


def _wired(
    flow: LogicFlow, node: str, template: NodeTemplate, known: tuple[dict[str, Any], dict[str, Any]]
) -> dict[str, Any]:
    names, values = known
    inputs: dict[str, Any] = {}
    for port in template.input_ports:
        given = [
            values[f"{edge.source.node}.{edge.source.port}"]
            for edge in flow.edges_into(node)
            if edge.target.port == port.name
        ]
        if port.multiple:
            inputs[port.name] = given
        elif given:
            inputs[port.name] = given[0]
        elif port.default:
            inputs[port.name] = _Evaluation(node, names, Interpretation()).output(port.default)
        else:
            inputs[port.name] = None
    return inputs


def _add_default(
    flow: LogicFlow,
    catalogue: Catalogue,
    found: Interpretation,
    loose: dict[str, list[Signal]],
) -> None:
    """Signals that no position takes trade together, at 10 % of equity."""
    for node, signal in loose.items():
        takers = [catalogue.templates[flow.nodes[edge.target.node].template] for edge in flow.edges_out_of(node)]
        if not takers:
            found.legs.setdefault("", InterpretedLeg(("percent_of_equity", 10.0))).add(signal)


class _Evaluation:
    """Evaluates one block's recipes over its names."""

    def __init__(self, node: str, names: dict[str, Any], found: Interpretation) -> None:
        self._node = node
        self._names = names
        self._found = found
        prices = names["prices"]
        self._bars = len(prices["close"])

    def output(self, recipe: str) -> Any:
        """The value of an output port."""
        tree = ast.parse(recipe.strip(), mode="eval").body
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
            if tree.func.id == "formula":
                text = self._names[ast.unparse(tree.args[0])]
                return self._value(ast.parse(text.strip(), mode="eval").body)
            rule = self._rule(tree.func.id)
            if rule is not None:
                keywords = {keyword.arg: self._value(keyword.value) for keyword in tree.keywords}
                return rule(tree.func.id, [self._value(argument) for argument in tree.args], keywords)
        return self._value(tree)

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self._names[name]
            case ast.Attribute(ast.Name("np"), "nan"):
                return float("nan")
            case ast.Subscript(base, index):
                return self._value(base)[self._value(index)]
            case ast.BoolOp(operator, values):
                each = [self._value(value) for value in values]
                return MEANINGS["all_of" if isinstance(operator, ast.And) else "any_of"](each)
            case ast.UnaryOp(operator, operand):
                return _unary(operator, self._value(operand))
            case ast.BinOp(left, operator, right):
                return self._binary(self._value(left), operator, self._value(right))
            case ast.Compare(left, operators, rights):
                sides = [self._value(side) for side in (left, *rights)]
                pairs = zip(operators, sides, sides[1:], strict=False)
                return MEANINGS["all_of"]([self._compared(one, operator, other) for operator, one, other in pairs])
            case ast.Call():
                return self._call(node)
            case _:
                raise AssertionError(f"Not a recipe: {ast.unparse(node)}")

    def _series(self, value: Any) -> Array:
        return np.full(self._bars, float(value)) if np.ndim(value) == 0 else value

    def _binary(self, left: Any, operator: ast.operator, right: Any) -> Any:
        match operator:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div() if np.ndim(left) == np.ndim(right) == 0:
                return left / right
            case ast.Div():
                return MEANINGS["divide"](self._series(left), self._series(right))
            case ast.Pow():
                return np.power(self._series(left), self._series(right))
            case ast.BitAnd():
                return MEANINGS["all_of"]([left, right])
            case ast.BitOr():
                return MEANINGS["any_of"]([left, right])
            case _:
                raise AssertionError(f"Not an operator of recipes: {operator}")

    def _compared(self, left: Any, operator: ast.cmpop, right: Any) -> Array:
        one, other = self._series(left), self._series(right)
        meaning: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
            ast.Lt: lambda a, b: a < b,
            ast.LtE: lambda a, b: a <= b,
            ast.Gt: lambda a, b: a > b,
            ast.GtE: lambda a, b: a >= b,
        }
        compare = meaning[type(operator)]
        return np.array([compare(a, b) for a, b in zip(one, other, strict=True)], dtype=bool)

    def _call(self, node: ast.Call) -> Any:
        arguments = [self._value(argument) for argument in node.args]
        keywords = {str(keyword.arg): self._value(keyword.value) for keyword in node.keywords}
        match node.func:
            case ast.Attribute(ast.Name("ta"), name):
                return self._indicator(name, arguments, keywords)
            case ast.Attribute(ast.Name("np"), "full_like"):
                return self._series(arguments[1])
            case ast.Attribute(ast.Name("np"), "where"):
                chosen, yes, no = arguments[0], self._series(arguments[1]), self._series(arguments[2])
                return np.array([a if c else b for c, a, b in zip(chosen, yes, no, strict=True)], dtype=float)
            case ast.Attribute(ast.Name("np"), name):
                return getattr(np, name)(*(self._series(argument) for argument in arguments))
            case ast.Name("all_of" | "any_of" as name):
                flat = [
                    item for argument in arguments for item in (argument if isinstance(argument, list) else [argument])
                ]
                return MEANINGS[name](flat)
            case ast.Name("moving_average_type"):
                return AVERAGE_TYPES[arguments[0]]
            case ast.Name("candle_pattern"):
                return self._candle(CANDLE_PATTERNS[arguments[0]], arguments[1:], keywords)
            case ast.Name("previous" | "change" | "highest" | "lowest" as name):
                return MEANINGS[name](self._series(arguments[0]), int(arguments[1]))
            case ast.Name(name):
                return MEANINGS[name](*(self._series(argument) for argument in arguments))
            case _:
                raise AssertionError(f"Not a function of recipes: {ast.unparse(node)}")

    def _candle(self, name: str, prices: list[Any], keywords: dict[str, Any]) -> Any:
        taken = talib.abstract.Function(name).info["parameters"]  # type: ignore[attr-defined]
        return self._indicator(name, prices, {key: value for key, value in keywords.items() if key in taken})

    def _indicator(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        defaults = talib.abstract.Function(name).info["parameters"]  # type: ignore[attr-defined]
        cast = {key: type(defaults[key])(value) for key, value in keywords.items()}
        result = getattr(talib, name)(*(self._series(argument) for argument in arguments), **cast)
        if isinstance(result, tuple):
            return tuple(np.asarray(part, dtype=float) for part in result)
        return np.asarray(result, dtype=float)

    def _rule(self, word: str) -> Callable[[str, list[Any], dict[Any, Any]], Any] | None:
        if word in _SIDES:
            return self._signal
        exits = dict.fromkeys(("stop", "trailing_stop", "target"), self._exit)
        rules = {**exits, "position": self._position, "portfolio": self._portfolio}
        return rules.get(word)

    def _signal(self, word: str, inputs: list[Any], keywords: dict[Any, Any]) -> Any:
        strength = keywords.get("strength")
        return [(word, inputs[0], None if strength is None else self._series(strength))]

    def _position(self, word: str, inputs: list[Any], keywords: dict[Any, Any]) -> Any:
        del word
        ((kind, size),) = keywords.items()
        leg = InterpretedLeg((kind, float(size)))
        for signal in inputs[0]:
            leg.add(signal)
        self._found.legs[self._node] = leg
        return [self._node]

    def _exit(self, word: str, inputs: list[Any], keywords: dict[Any, Any]) -> Any:
        ((unit, value),) = keywords.items()
        for leg in inputs[0]:
            self._found.legs[leg].exits.append((word, unit, value))
        return inputs[0]

    def _portfolio(self, word: str, inputs: list[Any], keywords: dict[Any, Any]) -> Any:
        del word
        limit = float(keywords["maximum_positions"])
        before = self._found.maximum_positions
        self._found.maximum_positions = limit if before is None else min(before, limit)
        return [leg for position in [*inputs[0], inputs[1] or []] for leg in position]


def _unary(operator: ast.unaryop, value: Any) -> Any:
    match operator:
        case ast.USub():
            return -value
        case ast.UAdd():
            return value
        case _:
            return np.array([not item for item in value], dtype=bool)
