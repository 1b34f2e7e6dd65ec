"""The pass that makes a function of each group that only calculates, called once for each instance.

What a group does is compiled like a strategy of its own, its inputs and the parameters that instances set being names.
Instances whose functions read the same share one. A group that holds signals, sizes, stops or limits is opened in its
place instead, since rules are data; so is one that looks across symbols, or that cannot be said with a name in place of
a value (a formula, the choice of an average). Either way the text says what the picture says.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Constant, Expression, Parameter, Reference
from builder_app.codegen.passes.group_bodies import (
    OWN,
    Asked,
    answers_of,
    asked_by,
    feeding,
    inputs_read,
    own_parameters,
    with_arguments,
    with_names,
)
from builder_app.codegen.passes.inlining import inline
from builder_app.codegen.passes.shared_functions import WHOLE, function_of, with_function
from builder_app.codegen.passes.sharing import share
from builder_app.codegen.passes.staging import looks_across
from builder_app.codegen.passes.substitution import derived
from builder_app.codegen.plan import Draft, GroupPlan, Refused
from builder_app.codegen.recipes.vocabulary import KIND_OF_PORT
from builder_app.flow.bypass import without_muted
from builder_app.flow.formulas import names_in, value_of
from builder_app.flow.group_expansion import expanded, inner_catalogue, is_grouped
from builder_app.flow.group_paths import PATH_JOINT
from builder_app.flow.groups import with_boundary
from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import (
    GROUP_INPUTS,
    Formula,
    Node,
    ParameterReference,
    ParameterValue,
    PortType,
    Secret,
    frozen_mapping,
)

Pass = Callable[[Draft], Draft]
_CALCULATED: Final = (PortType.SERIES, PortType.BOOLEAN)


def group(draft: Draft, passes: tuple[Pass, ...]) -> Draft:
    """Close what became functions, open every other group. `passes`: order, substitute, fold, remark, name, narrow.

    The draft's flow has its muted blocks still.
    """
    if not is_grouped(draft.flow, draft.catalogue):
        return replace(draft, flow=without_muted(draft.flow, draft.catalogue))
    refused: set[str] = set()
    while True:
        again = frozenset(refused)

        def stays(node: Node, template: NodeTemplate, again: frozenset[str] = again) -> bool:
            known = draft.catalogue.templates.get(node.template)
            return known == template and node.id not in again and _only_calculates(template, draft.catalogue)

        flow = without_muted(expanded(draft.flow, draft.catalogue, stays=stays), draft.catalogue)
        made = _called(replace(draft, flow=flow), passes, refused)
        if len(refused) == len(again):
            return made


def _only_calculates(template: NodeTemplate, catalogue: Catalogue) -> bool:
    """Whether everything in the group is a series or a condition, and each of its inputs takes one wire."""
    ports: tuple[InputPort | OutputPort, ...] = (*template.input_ports, *template.output_ports)
    if any(port.type not in _CALCULATED for port in ports) or any(port.multiple for port in template.input_ports):
        return False
    inner = with_boundary(template.body[0], inner_catalogue(template, catalogue))
    for node in template.body[0].body.nodes.values():
        held = inner.of(node)
        if held is None or any(port.type not in _CALCULATED for port in held.output_ports):
            return False
        if held.body and not node.muted and not _only_calculates(held, inner):
            return False
    return bool(template.output_ports)


def _called(draft: Draft, passes: tuple[Pass, ...], refused: set[str]) -> Draft:
    """The draft with a call for each closed group; those that no function can say are added to `refused`."""
    calls: dict[str, GroupPlan] = {}
    wanted = {edge.source.node for edge in draft.flow.edges}
    for id, node in sorted(draft.flow.nodes.items()):
        template = draft.catalogue.of(node)
        if template is None or not template.body or id not in wanted:
            continue  # nothing depends on a group without wires behind it
        try:
            draft, calls[id] = _function(draft, node, template, passes)
        except Refused:
            refused.add(id)
    return replace(draft, calls=frozen_mapping(calls))


def _function(draft: Draft, node: Node, template: NodeTemplate, passes: tuple[Pass, ...]) -> tuple[Draft, GroupPlan]:
    """The draft with the function of this instance, and the call of it."""
    held, asked = template.body[0], asked_by(node, template, draft.flow)
    body = _compiled(draft, node, template, asked, passes)
    draft = replace(draft, functions=body.functions, remarks=tuple(dict.fromkeys((*draft.remarks, *body.remarks))))
    function = function_of(body, held, asked)
    draft, name = with_function(draft, replace(function, group=template.name, instances=(body.path,)))
    defaults = {argument: default for argument, _, default in function.parameters}
    keywords = []
    for parameter, argument in own_parameters(body).items():
        value = _argument(draft, asked.values[parameter.removeprefix(OWN)])
        if defaults[argument] is None or value != defaults[argument]:
            keywords.append((argument, value))
    plan = GroupPlan(
        function=name,
        inputs=inputs_read(body, asked),
        keywords=tuple(keywords),
        outputs=frozen_mapping((port, place) for place, port in enumerate(asked.outputs)),
        conditions=tuple(port.type is PortType.BOOLEAN for port in held.outputs if port.name in asked.outputs),
        takes_prices=function.takes_prices,
        whole=frozenset(argument for argument, word, _ in function.parameters if word == WHOLE),
    )
    return draft, plan


def _argument(draft: Draft, value: ParameterValue) -> Expression:
    if isinstance(value, Formula) and names_in(value):
        return derived(draft, value)
    value = value_of(value, {})
    if isinstance(value, ParameterReference):
        return Parameter(value.name)
    if isinstance(value, Formula | Secret | None):
        raise Refused
    return Constant(value)


def _compiled(draft: Draft, node: Node, template: NodeTemplate, asked: Asked, passes: tuple[Pass, ...]) -> Draft:
    """The group's inside, through the same passes as a strategy."""
    order, substitute, fold, *rest = passes
    held = template.body[0]
    catalogue = with_boundary(held, inner_catalogue(template, draft.catalogue))
    flow = with_names(draft.flow, held.body, held.parameters, asked)
    path = (*draft.path, *node.id.split(PATH_JOINT))
    types = {port.name: KIND_OF_PORT[port.type] for port in held.inputs}
    inner = Draft(
        flow,
        catalogue,
        draft.target,
        functions=draft.functions,
        given=frozen_mapping((Reference(GROUP_INPUTS, name), types[name]) for name in asked.wired),
        path=path,
        formulas=draft.formulas,
    )
    inner = fold(substitute(feeding(order(group(inner, passes)))))
    inner = share(replace(inner, answers=answers_of(inner, asked)))
    if any(looks_across(statement.expression) for statement in inner.statements):
        raise Refused
    remark, name, narrow = rest
    return narrow(name(with_arguments(inline(remark(inner)), held.inputs, asked)))
