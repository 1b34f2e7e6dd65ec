"""A text that works out every output of every block, for whoever looks at them: groups opened, nothing left out.

It comes from the same picture by the same passes as the text that is tested; only what the tested text leaves out, or
does inside a function, has a line of its own here. It is run in the same locked worker, and never traded on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.compile import PASSES
from builder_app.codegen.expressions import Constant, Expression, Price, Reference
from builder_app.codegen.passes.folding import fold
from builder_app.codegen.passes.selection import prune
from builder_app.codegen.passes.staging import other_symbols
from builder_app.codegen.plan import Draft, Refused
from builder_app.codegen.recipes.arguments import number_of, numbers_in
from builder_app.codegen.recipes.own_functions import LINE, with_own_functions
from builder_app.codegen.targets import standalone
from builder_app.flow.bypass import without_muted
from builder_app.flow.group_expansion import expanded, outputs_of_groups
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Port, PortType

SHOWN: Final = (PortType.SERIES, PortType.BOOLEAN)
"""What has a value at every bar; signals, positions and portfolios are rules."""
TARGET: Final = "standalone"


@dataclass(frozen=True, slots=True)
class Looking:
    """The text, and what each output is there: the name of a variable, of a column of prices, or one number for ever.

    Blocks inside groups have the ids of `path_id`. `is_alone`: what a symbol's values are depends on no other symbol.
    """

    source: str
    variables: Mapping[Port, str]
    columns: Mapping[Port, str]
    numbers: Mapping[Port, float]
    is_alone: bool
    other_symbols: tuple[str, ...]

    @property
    def outputs(self) -> int:
        """How many outputs have values."""
        return len(self.variables) + len(self.columns) + len(self.numbers)


def looking_at(flow: LogicFlow, catalogue: Catalogue, *, is_whole: bool = True) -> Looking:
    """The text for a flow without errors. Raises ValueError with a sentence where there can be none.

    A block that no signal uses may be one that cannot be said in code; then only the others have values, as without
    `is_whole`.
    """
    try:
        return _looking(flow, catalogue, is_whole=is_whole)
    except Refused as refused:
        if is_whole:
            return looking_at(flow, catalogue, is_whole=False)
        raise ValueError(" ".join(problem.message for problem in refused.problems)) from refused


def _looking(flow: LogicFlow, catalogue: Catalogue, *, is_whole: bool) -> Looking:
    opened, blocks = with_own_functions(flow, catalogue_with_groups(flow, catalogue))
    drawn = without_muted(expanded(opened, blocks), blocks)
    shown = tuple(
        Reference(id, port.name)
        for id, node in drawn.nodes.items()
        if (template := blocks.of(node)) is not None
        for port in template.output_ports
        if port.type in SHOWN
    )
    draft = Draft(drawn, blocks, TARGET, answers=tuple(("", output) for output in shown) if is_whole else ())
    for run in PASSES:
        if run is not prune or not is_whole:
            draft = run(draft)
        if run is fold and is_whole:  # what carries only a price, a number or another output is that
            draft = replace(draft, answers=tuple(("", draft.values.get(output, output)) for output in shown))
    ports = {Port(output.node, output.port): draft.values[output] for output in shown if output in draft.values}
    ports |= {group: ports[inner] for group, inner in outputs_of_groups(opened, blocks).items() if inner in ports}
    ports = {port: value for port, value in ports.items() if LINE not in port.node}
    numbers = numbers_in(drawn)
    return Looking(
        "".join(f"{line}\n" for line, _ in standalone.emit(draft)),
        {port: draft.names[v] for port, v in ports.items() if isinstance(v, Reference) and v in draft.names},
        {port: column for port, value in ports.items() if (column := _column(value))},
        {port: float(number) for port, value in ports.items() if (number := number_of(value, numbers)) is not None},
        is_alone=not any(statement.stage for statement in draft.statements),
        other_symbols=tuple(other_symbols(draft)),
    )


def _column(value: Expression) -> str:
    """The column of prices that an output is, or nothing."""
    match value:
        case Price(Constant(str(column))):
            return column
        case _:
            return ""
