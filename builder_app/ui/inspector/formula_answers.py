"""What somebody writes as a formula for a parameter: what it makes, what it comes to, what is wrong. No Qt here."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder_app.flow.formula_reading import FormulaFault, tree_of
from builder_app.flow.formula_trees import Negative, Number
from builder_app.flow.formulas import bound, fault_in, text_of, value_of, worked_out
from builder_app.flow.values import Binding, Formula, Json, StrategyParameter
from builder_app.flow.wording import value_words
from builder_app.ui.inspector.number_text import LARGEST, number_bounds
from builder_app.ui.inspector.parameter_form import ParameterForm, ParameterKind
from builder_app.ui.inspector.wishes import values_of


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote as a formula: the value that it makes (None: none that can be taken), and its number now.

    `sentence` says what is wrong with it; it may be wrong for the present strategy parameters only, and be taken.
    """

    value: Binding | int | float | None
    number: int | float | None = None
    sentence: str = ""


def written_formula(text: str, form: ParameterForm, strategy: Mapping[str, StrategyParameter]) -> Written:
    """What a text means for this parameter."""
    try:
        tree = tree_of(text)
        value = bound(text)
    except FormulaFault as fault:
        return Written(None, None, fault.sentence)
    if not isinstance(tree, Number) and not (isinstance(tree, Negative) and isinstance(tree.operand, Number)):
        return answer_of(value, form, strategy)
    number = worked_out(tree, {})
    if form.kind is ParameterKind.INTEGER and float(number).is_integer():
        number = int(number)
    sentence = _out_of_bounds(number, form)
    return Written(None if sentence else number, number, sentence)


def answer_of(value: Binding, form: ParameterForm, strategy: Mapping[str, StrategyParameter]) -> Written:
    """What a bound value comes to for this parameter, and what is wrong with that."""
    formula = Formula(text_of(value))
    kind: dict[str, Json] = {"type": "integer" if form.kind is ParameterKind.INTEGER else "number"}
    numbers = values_of(strategy)
    fault = fault_in(formula, numbers, kind)
    found = value_of(formula, numbers)
    number = found if isinstance(found, int | float) and not isinstance(found, bool) else None
    if fault is not None or number is None:
        return Written(value, number, fault.sentence if fault is not None else "")
    return Written(value, number, _out_of_bounds(number, form))


def _out_of_bounds(number: int | float, form: ParameterForm) -> str:
    low = -LARGEST if form.minimum is None else form.minimum
    high = LARGEST if form.maximum is None else form.maximum
    whole = form.kind is ParameterKind.INTEGER
    if low <= number <= high and not (whole and isinstance(number, float)):
        return ""
    return f"{number_bounds(low, high, whole=whole)} is needed; it comes to {value_words(number)}."
