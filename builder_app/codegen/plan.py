"""What the flow says, as values that know nothing of any target: steps, legs and rules, and how they are worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder_app.codegen.expressions import Expression, Reference
from builder_app.codegen.vocabulary import Kind
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
    """An entry or an exit: its word (enter_long, …), when, and how strongly (None: always 1)."""

    node: str
    word: str
    condition: Expression
    strength: Expression | None = None


@dataclass(frozen=True, slots=True)
class ExitRule:
    """A stop, trailing stop or target of a leg. `unit`: percent (of the fill price) or distance (price per share)."""

    node: str
    kind: str
    unit: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Leg:
    """One position block (node ""; the default position) with everything that enters, sizes and ends it.

    `size` is a number; the other expressions are series or conditions, the exits' values may be either.
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


@dataclass(frozen=True, slots=True)
class PortfolioRule:
    """At most this many positions open at once, over all legs."""

    nodes: tuple[str, ...]
    maximum_positions: Expression


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of signals(): the values of `results` (None: not used) are those of the expression.

    `nodes` are the blocks it comes from; `hint` is what a rule calls the value.
    """

    results: tuple[Reference | None, ...]
    expression: Expression
    nodes: tuple[str, ...]
    hint: str = ""


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
    names: Mapping[Reference, str] = field(default_factory=frozen_mapping)
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
