"""What the flow says, as values that know nothing of any target: steps, legs and rules, and how they are worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder_app.codegen.expressions import Constant, Expression, Parameter, Reference
from builder_app.codegen.recipes.vocabulary import Kind
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Node, frozen_mapping


class Refused(Exception):
    """The flow cannot become a program; `problems` says why and where."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Step:
    """What one output port of a block computes."""

    node: str
    port: str
    expression: Expression
    kind: Kind


@dataclass(frozen=True, slots=True)
class SignalRule:
    """An entry or an exit: its word (enter_long, …), when, how strongly (None: always 1), bars of rest before it."""

    node: str
    word: str
    condition: Expression
    strength: Expression | None = None
    cooldown: Expression | None = None
    via: tuple[str, ...] = ()
    """The blocks that it went through, which said more about it."""


@dataclass(frozen=True, slots=True)
class ExitRule:
    """A stop or target of a leg: kind and unit as in RULES; `part` in percent of the position (None: all of it)."""

    node: str
    kind: str
    unit: str
    value: Expression
    part: Expression | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One position block (node ""; the default position) with everything that enters, sizes and ends it.

    `size` and the exits' values are numbers, strategy parameters or series; `size_more` are numbers by name (maximum,
    minimum_trades, before); the other expressions are conditions, but for `strength`, a series, and `cooldown`, bars.
    """

    node: str
    name: str
    signals: tuple[SignalRule, ...]
    size_kind: str
    size: Expression
    exits: tuple[ExitRule, ...] = ()
    long_entry: Expression | None = None
    long_exit: Expression | None = None
    short_entry: Expression | None = None
    short_exit: Expression | None = None
    strength: Expression | None = None
    size_more: tuple[tuple[str, Expression], ...] = ()
    cooldown: Expression | None = None
    rebalance: Expression | None = None
    rebalance_nodes: tuple[str, ...] = ()


Setting = Expression | bool | None | tuple[tuple[str, str], ...]
"""What a limit says beside its number: bars, true or false, nothing, or a table of texts."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A portfolio rule beside `maximum_positions`: its name in RULES, its number under `key`, and what else it says.

    Without `more` it is only a number.
    """

    nodes: tuple[str, ...]
    kind: str
    key: str
    value: Expression
    more: tuple[tuple[str, Setting], ...] = ()


@dataclass(frozen=True, slots=True)
class PortfolioRule:
    """What holds for all legs together: at most so many positions at once (None: any number), and other limits."""

    nodes: tuple[str, ...]
    maximum_positions: Expression | None
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of signals(): the values of `results` (None: not used) are those of the expression.

    `nodes` are the blocks it comes from; `hint` is what a rule calls the value.
    """

    results: tuple[Reference | None, ...]
    expression: Expression
    nodes: tuple[str, ...]
    hint: str = ""
    stage: int = 0
    """The step of the text that it belongs to: even ones are for one symbol, odd ones look across the symbols."""


@dataclass(frozen=True, slots=True)
class GroupFunction:
    """What a group became in the text. `parameters`: name, type in Python, default (None: each call says it)."""

    name: str
    group: str
    said: str
    """What the group is called, and what it does."""
    inputs: tuple[str, ...]
    parameters: tuple[tuple[str, str, Constant | None], ...]
    takes_prices: bool
    body: "Draft"
    instances: tuple[tuple[str, ...], ...]
    """The paths of the instances that call it."""


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """How one instance calls its function: the inputs in order, the outputs by their place in what it returns."""

    function: str
    inputs: tuple[str, ...]
    keywords: tuple[tuple[str, Expression], ...]
    outputs: Mapping[str, int]
    conditions: tuple[bool, ...]
    takes_prices: bool
    whole: frozenset[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A program on its way through the passes; each fills in its part."""

    flow: LogicFlow
    catalogue: Catalogue
    target: str
    flow_hash: str = ""
    order: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    legs: tuple[Leg, ...] = ()
    portfolio: PortfolioRule | None = None
    statements: tuple[Statement, ...] = ()
    values: Mapping[Reference, Expression] = field(default_factory=frozen_mapping)
    """What each output port became: a Reference to a statement's result, a price column or a number."""
    names: Mapping[Reference | Parameter, str] = field(default_factory=frozen_mapping)
    """Of results, and inside a group's function of its inputs and parameters; names of functions are taken here too."""
    calls: Mapping[str, GroupPlan] = field(default_factory=frozen_mapping)
    """The blocks that became calls of a group's function."""
    functions: tuple[GroupFunction, ...] = ()
    """The functions that groups became, each after those it calls."""
    given: Mapping[Reference, Kind] = field(default_factory=frozen_mapping)
    """What a group's inputs carry, inside its function."""
    answers: tuple[tuple[str, Expression], ...] = ()
    """What a group's function returns, with what it is called."""
    live: frozenset[str | Reference] = frozenset()
    """Where groups became functions: the blocks, and the outputs of groups, that the rules depend on."""
    path: tuple[str, ...] = ()
    """The instances that lead to a group whose function this is."""
    formulas: Mapping[str, str] = field(default_factory=frozen_mapping)
    """Formulas that are constants of the text, with the constants' names."""
    remarks: tuple[str, ...] = ()
    warm_up: int = 0
    text: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Lines with the ids of the blocks they come from."""

    def refuse(self, node: str, rule: str, message: str, hint: str = "") -> Refused:
        """The exception that says what is wrong with this block."""
        where = f"The block '{self.title(node)}': " if node else ""
        return Refused(Problem(Severity.ERROR, rule, where + message, node=node or None, hint=hint))

    def title(self, node: str) -> str:
        """How a block is called in sentences: its label, or its template's name for the eye."""
        return title_of(self.flow.nodes[node], self.catalogue)


def title_of(node: Node, catalogue: Catalogue) -> str:
    """The block's label, or its template's display name, or its id."""
    template = catalogue.of(node)
    return node.label.strip() or (template.display_name if template else "") or node.id
