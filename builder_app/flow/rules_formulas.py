"""The rule about parameters that are formulas over strategy parameters."""

from collections.abc import Iterator, Mapping

from builder_app.flow.drawing import Drawing
from builder_app.flow.edits import Edit, SetParameter
from builder_app.flow.formula_reading import FormulaFault
from builder_app.flow.formulas import (
    NotWhole,
    UnknownName,
    fault_in,
    renamed,
    rounded,
)
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import NodeTemplate, schema_of
from builder_app.flow.values import Formula, ParameterValue
from builder_app.flow.wording import harmless, value_words, words


def faulty_formula(drawing: Drawing) -> Iterator[Problem]:
    """A formula that nobody can read, that has no value, or that is not whole where it must be."""
    strategy = _strategy(drawing)
    for id in drawing.bound:
        node, template = drawing.flow.nodes[id], drawing.known[id]
        for name, value in node.parameters.items():
            if not isinstance(value, Formula) or isinstance(drawing.values[id][name], int):
                continue  # a whole number fits everywhere
            fault = fault_in(value, strategy, schema_of(template, name))
            if fault is None:
                continue
            fix, title = _formula_fix(template, (node.id, name, value), fault)
            yield Problem(
                Severity.ERROR,
                "unknown-strategy-parameter" if isinstance(fault, UnknownName) else "faulty-formula",
                f"The {words(name)} of {drawing.name(node.id)} is the formula “{value_words(value)}”, "
                f"which {harmless(fault.why)}.",
                node=node.id,
                hint=harmless(fault.hint),
                fix=fix,
                fix_title=title,
                parameter=name,
            )


def fault_of(drawing: Drawing, template: NodeTemplate, name: str, value: ParameterValue) -> FormulaFault | None:
    """What keeps a value from being worked out; None for what is no formula."""
    return fault_in(value, _strategy(drawing), schema_of(template, name)) if isinstance(value, Formula) else None


def _strategy(drawing: Drawing) -> Mapping[str, ParameterValue]:
    return {name: parameter.value for name, parameter in drawing.flow.parameters.items()}


def _formula_fix(
    template: NodeTemplate, held: tuple[str, str, Formula], fault: FormulaFault
) -> tuple[Edit | None, str]:
    node, name, formula = held
    if isinstance(fault, UnknownName) and fault.near:
        return SetParameter(node, name, renamed(formula, fault.name, fault.near)), f"Write {fault.near} instead"
    if isinstance(fault, NotWhole):
        return SetParameter(node, name, rounded(formula)), "Round it"
    default = name in template.default_parameters
    return (SetParameter(node, name, is_set=False), f"Use the default of {words(name)}") if default else (None, "")
