"""Expressions as values: what a recipe says, and what becomes a line of the strategy's text.

A recipe is parsed into these, port and parameter names are replaced in them, and only the last pass turns them into
text. So a parameter's value can become a constant and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from builder_app.flow.formulas import names_in
from builder_app.flow.values import Formula

PRICE_COLUMNS: Final = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a truth value or a text. 1, 1.0 and True are three different constants."""

    value: bool | int | float | str
    type_name: str = field(init=False)

    def __post_init__(self) -> None:
        """Keep the type beside the value: Python holds 1 == 1.0 == True, and sharing must not."""
        object.__setattr__(self, "type_name", type(self.value).__name__)


@dataclass(frozen=True, slots=True)
class NotANumber:
    """`np.nan`; a value of its own, since NaN as a constant would not equal itself."""


@dataclass(frozen=True, slots=True)
class Name:
    """In a recipe: an input port or a parameter of the template."""

    name: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A strategy parameter; in the text `PARAMETERS["name"]`."""

    name: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A formula over strategy parameters, as `flow.formulas` reads it; in the text `2 * PARAMETERS["fast_period"]`.

    One that is long stands in the text once, as a constant of this name.
    """

    formula: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """One column of the symbol's bars; in the text `prices["close"]`."""

    column: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the vocabulary, by its written name: `ta.SMA`, `np.abs`, `crossed_above`."""

    function: str
    arguments: tuple["Expression", ...] = ()
    keywords: tuple[tuple[str, "Expression"], ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator between operands. `&` and `|` take any number, `~` one, `-` one or two, the others two."""

    symbol: str
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One of the arrays that a function with several outputs gives: `ta.BBANDS(…)[0]`."""

    call: "Expression"
    index: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of an output port (or of an unnamed part of it) computed elsewhere."""

    node: str
    port: str


@dataclass(frozen=True, slots=True)
class Market:
    """What the engine hands to a step across symbols; in the text `market`."""


@dataclass(frozen=True, slots=True)
class KeyOf:
    """The name under which a step returns this value, as a text: `"close"`."""

    value: "Expression"


@dataclass(frozen=True, slots=True)
class GroupCall:
    """A call of the function that a group became: `trend_filter(prices, close, fast_period=10)`.

    Of its outputs `conditions` says which are true or false; `whole` are the keywords that count bars.
    """

    function: str
    arguments: tuple["Expression", ...]
    keywords: tuple[tuple[str, "Expression"], ...]
    conditions: tuple[bool, ...]
    takes_prices: bool = False
    whole: frozenset[str] = frozenset()


Expression = (
    Constant
    | NotANumber
    | Name
    | Parameter
    | Derived
    | Price
    | Call
    | Operation
    | Element
    | Reference
    | Market
    | KeyOf
    | GroupCall
)
Fixed = Constant | Parameter | Derived
"""What is known before any bar is: numbers and texts, strategy parameters, formulas over these."""


_INNERMOST: Final = frozenset({Reference, Constant, NotANumber, Name, Parameter, Derived, Market})
"""What has nothing inside."""


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside this one, in reading order. What is asked for most often stands first."""
    match expression:
        case Reference() | Constant():
            return ()
        case Call() | GroupCall():
            named = expression.keywords
            return (*expression.arguments, *[value for _, value in named]) if named else expression.arguments
        case Operation():
            return expression.operands
        case Price(inner) | Element(inner, _) | KeyOf(inner):
            return (inner,)
        case NotANumber() | Name() | Parameter() | Derived() | Market():
            return ()
        case _:
            assert_never(expression)


def with_children(expression: Expression, parts: tuple[Expression, ...]) -> Expression:
    """The same expression around other parts, given in the order of `children`."""
    match expression:
        case Call(function, _, ()):
            return Call(function, parts)
        case Call() | GroupCall():
            count = len(expression.arguments)
            named = zip(expression.keywords, parts[count:], strict=True)
            keywords = tuple([(name, part) for (name, _), part in named])
            if isinstance(expression, Call):
                return Call(expression.function, parts[:count], keywords)
            return replace(expression, arguments=parts[:count], keywords=keywords)
        case Operation():
            return Operation(expression.symbol, parts)
        case Element(_, index):
            return Element(parts[0], index)
        case KeyOf():
            return KeyOf(parts[0])
        case Price():
            return Price(parts[0])
        case Constant() | NotANumber() | Name() | Parameter() | Derived() | Reference() | Market():
            return expression
        case _:
            assert_never(expression)


def transformed(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The expression with `change` applied to every part, the innermost first."""
    parts = children(expression)
    if parts:
        expression = with_children(expression, tuple(transformed(part, change) for part in parts))
    return change(expression)


def parameters_of(part: Expression) -> tuple[str, ...]:
    """The strategy parameters that this part itself names; not those inside it."""
    if isinstance(part, Parameter):
        return (part.name,)
    return names_in(Formula(part.formula)) if isinstance(part, Derived) else ()


def walk(expression: Expression, into_keys: bool = True) -> Iterator[Expression]:
    """The expression and everything inside it, in reading order; `into_keys`: also that of which the key is asked."""
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        yield part
        if type(part) not in _INNERMOST and (into_keys or type(part) is not KeyOf):
            waiting.extend(children(part)[::-1])


def references_in(expression: Expression) -> list[Reference]:
    """The results of other steps that the expression uses, in reading order."""
    return [part for part in walk(expression) if isinstance(part, Reference)]
