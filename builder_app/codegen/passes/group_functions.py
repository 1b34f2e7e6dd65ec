"""The pass that makes a function of each group that only calculates, called once for each instance.

What a group does is compiled like a strategy of its own, its inputs and the parameters that instances set being names.
Instances whose functions read the same share one. A group that holds signals, sizes, stops or limits is opened in its
place instead, since rules are data; so is one that looks across symbols, or that cannot be said with a name in place of
a value (a formula, the choice of an average). Either way the text says what the picture says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.expressions import Constant, Expression, GroupCall, Parameter, Price, Reference, walk
from builder_app.codegen.literals import slug
from builder_app.codegen.passes.folding import as_series, kinds_in
from builder_app.codegen.passes.inlining import inline
from builder_app.codegen.passes.naming import LONGEST_NAME, RESERVED, fresh
from builder_app.codegen.passes.sharing import share
from builder_app.codegen.passes.staging import looks_across
from builder_app.codegen.passes.substitution import derived
from builder_app.codegen.plan import Draft, GroupFunction, GroupPlan, Refused
from builder_app.codegen.recipes.arguments import whole_parameters
from builder_app.codegen.recipes.vocabulary import KIND_OF_PORT
from builder_app.flow.bypass import without_muted
from builder_app.flow.formulas import names_in, value_of
from builder_app.flow.group_expansion import expanded, inner_catalogue, is_grouped
from builder_app.flow.group_paths import PATH_JOINT
from builder_app.flow.groups import with_boundary
from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Binding,
    Formula,
    Group,
    GroupParameter,
    GroupPort,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    PortType,
    Secret,
    StrategyParameter,
    frozen_mapping,
)

Pass = Callable[[Draft], Draft]
OWN: Final = "›"
"""Before the name of a parameter that instances set, so that no strategy parameter has it."""
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


def without_unused_functions(draft: Draft) -> Draft:
    """Only the functions that are called, by a statement or by another function that is."""
    called = {
        part.function
        for statement in draft.statements
        for part in walk(statement.expression)
        if isinstance(part, GroupCall)
    }
    kept: list[GroupFunction] = []
    for function in reversed(draft.functions):
        if function.name in called:
            kept.append(function)
            called |= {part.function for part in _read(function.body) if isinstance(part, GroupCall)}
    return replace(draft, functions=tuple(reversed(kept)))


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
    for id, node in sorted(draft.flow.nodes.items()):
        template = draft.catalogue.of(node)
        wanted = any(edge.source.node == id for edge in draft.flow.edges)
        if template is None or not template.body or not wanted:
            continue  # nothing depends on a group without wires behind it
        try:
            draft, calls[id] = _function(draft, node, template, passes)
        except Refused:
            refused.add(id)
    return replace(draft, calls=frozen_mapping(calls))


@dataclass(frozen=True, slots=True)
class _Asked:
    """How one instance uses its group: the inputs it wires, what it sets, and the outputs that the group has."""

    wired: tuple[str, ...]
    values: Mapping[str, ParameterValue]
    defaults: Mapping[str, ParameterValue]
    outputs: tuple[str, ...]


def _function(draft: Draft, node: Node, template: NodeTemplate, passes: tuple[Pass, ...]) -> tuple[Draft, GroupPlan]:
    held = template.body[0]
    entered = [edge.target.port for edge in draft.flow.edges if edge.target.node == node.id]
    same = {id for id, each in draft.flow.nodes.items() if each.template == node.template}
    used = {edge.source.port for edge in draft.flow.edges if edge.source.node in same}
    given = {edge.target.port for edge in held.body.edges if edge.target.node == GROUP_OUTPUTS} & used
    asked = _Asked(
        tuple(port.name for port in held.inputs if port.name in entered),
        {**template.default_parameters, **node.parameters},
        template.default_parameters,
        tuple(port.name for port in held.outputs if port.name in given),
    )
    wanted = {edge.source.port for edge in draft.flow.edges if edge.source.node == node.id}
    if len(entered) != len(set(entered)) or not wanted <= set(asked.outputs):
        raise Refused
    body = _compiled(draft, node, template, asked, passes)
    draft = replace(draft, functions=body.functions, remarks=tuple(dict.fromkeys((*draft.remarks, *body.remarks))))
    function = _signature(body, held, asked)
    draft, name = _shared(draft, replace(function, group=template.name, instances=(body.path,)))
    conditions = tuple(port.type is PortType.BOOLEAN for port in held.outputs if port.name in given)
    whole = whole_parameters(statement.expression for statement in body.statements)
    set_by = [(parameter.removeprefix(OWN), argument) for parameter, argument in _own_parameters(body).items()]
    defaults = {each: default for each, _, default in function.parameters}
    keywords = []
    for parameter, argument in set_by:
        value = _argument(draft, asked.values[parameter])
        default = defaults[argument]
        if default is None or value != default:
            keywords.append((argument, value))
    plan = GroupPlan(
        function=name,
        inputs=_read_inputs(body, asked),
        keywords=tuple(keywords),
        outputs=frozen_mapping((port, place) for place, port in enumerate(asked.outputs)),
        conditions=conditions,
        takes_prices=function.takes_prices,
        whole=frozenset(argument for parameter, argument in set_by if OWN + parameter in whole),
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


def _compiled(draft: Draft, node: Node, template: NodeTemplate, asked: _Asked, passes: tuple[Pass, ...]) -> Draft:
    """The group's inside, through the same passes as a strategy."""
    order, substitute, fold, *rest = passes
    held = template.body[0]
    catalogue = with_boundary(held, inner_catalogue(template, draft.catalogue))
    flow = _with_names(draft.flow, held.body, held.parameters, asked)
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
    inner = fold(substitute(_feeding(order(group(inner, passes)))))
    inner = share(replace(inner, answers=_answers(inner, asked)))
    if any(looks_across(statement.expression) for statement in inner.statements):
        raise Refused
    remark, name, narrow = rest
    return narrow(name(_with_arguments(inline(remark(inner)), held.inputs, asked)))


def _with_names(outer: LogicFlow, body: LogicFlow, parameters: tuple[GroupParameter, ...], asked: _Asked) -> LogicFlow:
    """The body with a name in the place of each value that instances set, and without wires of inputs not wired."""
    nodes = dict(body.nodes)
    own: dict[str, StrategyParameter] = {}
    strategy = {name: parameter.value for name, parameter in outer.parameters.items()}
    for held in parameters:
        inner, parameter, name = held.node, held.parameter, held.name
        if inner not in nodes or name not in asked.values:
            continue
        value = asked.values[name]
        now = value_of(value, strategy)
        if isinstance(now, Binding):
            raise Refused
        own[OWN + name] = StrategyParameter(now)
        values = {**nodes[inner].parameters, parameter: ParameterReference(OWN + name)}
        nodes[inner] = replace(nodes[inner], parameters=frozen_mapping(values))
    edges = tuple(edge for edge in body.edges if edge.source.node != GROUP_INPUTS or edge.source.port in asked.wired)
    shared = frozen_mapping({**outer.parameters, **own})
    return replace(body, nodes=frozen_mapping(nodes), edges=edges, parameters=shared)


def _feeding(draft: Draft) -> Draft:
    """Only what leads to an output of the group."""
    sources: dict[str, list[str]] = {}
    for edge in draft.flow.edges:
        sources.setdefault(edge.target.node, []).append(edge.source.node)
    live, waiting = {GROUP_OUTPUTS}, [GROUP_OUTPUTS]
    while waiting:
        fresh_ones = set(sources.get(waiting.pop(), ())) - live
        live |= fresh_ones
        waiting += fresh_ones
    return replace(draft, order=tuple(node for node in draft.order if node in live))


def _answers(draft: Draft, asked: _Asked) -> tuple[tuple[str, Expression], ...]:
    kinds = {**draft.given, **{Reference(step.node, step.port): step.kind for step in draft.steps}}
    leaf = kinds_in(draft.flow, kinds)
    found = []
    for name in asked.outputs:
        wires = [edge.source for edge in draft.flow.edges if edge.target == (GROUP_OUTPUTS, name)]
        if len(wires) != 1:
            raise Refused
        output = Reference(*wires[0])
        found.append((name, as_series(draft.values.get(output, output), leaf)))
    return tuple(found)


def _with_arguments(draft: Draft, inputs: tuple[GroupPort, ...], asked: _Asked) -> Draft:
    """The function's inputs and parameters under names of their own, and the names of other functions as taken."""
    taken = {*RESERVED, *(function.name for function in draft.functions)}
    names: dict[Reference | Parameter, str] = {Reference(OWN, each.name): each.name for each in draft.functions}
    shown = {held.name: held.display_name for held in inputs}
    for port in _read_inputs(draft, asked):
        names[Reference(GROUP_INPUTS, port)] = fresh([slug(shown[port]), slug(port), "series"], taken, LONGEST_NAME)
    for part in dict.fromkeys(_read(draft)):
        if isinstance(part, Parameter) and part.name.startswith(OWN):
            names[part] = fresh([slug(part.name.removeprefix(OWN)), "value"], taken, LONGEST_NAME)
    return replace(draft, names=frozen_mapping(names))


def _read(body: Draft) -> list[Expression]:
    """Everything that stands in the function."""
    read = [part for statement in body.statements for part in walk(statement.expression)]
    return read + [part for _, answer in body.answers for part in walk(answer)]


def _read_inputs(body: Draft, asked: _Asked) -> tuple[str, ...]:
    """The inputs that the function needs for what is used of it."""
    read = set(_read(body))
    return tuple(port for port in asked.wired if Reference(GROUP_INPUTS, port) in read)


def _own_parameters(body: Draft) -> dict[str, str]:
    """The parameters that the function has, by their names in the body's flow, with their names in the text."""
    return {part.name: name for part, name in body.names.items() if isinstance(part, Parameter)}


def _signature(body: Draft, held: Group, asked: _Asked) -> GroupFunction:
    read = _read(body)
    calls = any(getattr(part, "takes_prices", False) for part in read)
    whole = whole_parameters(statement.expression for statement in body.statements)
    parameters = []
    for parameter, name in _own_parameters(body).items():
        default = asked.defaults.get(parameter.removeprefix(OWN))
        number = int(default) if parameter in whole and isinstance(default, float) else default
        value = asked.values[parameter.removeprefix(OWN)]
        now = body.flow.parameters[parameter].value if isinstance(value, Binding) else value
        word = "int" if parameter in whole else "str" if isinstance(now, str) else "float"
        fits = isinstance(number, str) if word == "str" else isinstance(number, int | float)
        usable = fits and not isinstance(number, bool | None | Binding | Secret)
        parameters.append((name, word, Constant(number) if usable else None))  # type: ignore[arg-type]  # a number or text
    parameters.sort(key=lambda each: each[2] is not None)
    return GroupFunction(
        name=slug(held.title) or "group",
        group="",
        said=f"{held.title}: {held.description}" if held.description else held.title or "Group",
        inputs=tuple(body.names[Reference(GROUP_INPUTS, port)] for port in _read_inputs(body, asked)),
        parameters=tuple(parameters),
        takes_prices=calls or any(isinstance(part, Price) for part in read),
        body=body,
        instances=(),
    )


def _shared(draft: Draft, function: GroupFunction) -> tuple[Draft, str]:
    """The draft with this function, or with one more instance of the one that reads the same; and its name."""
    for place, known in enumerate(draft.functions):
        if _reads(known) == _reads(function):
            more = replace(known, instances=(*known.instances, *function.instances))
            functions = (*draft.functions[:place], more, *draft.functions[place + 1 :])
            return replace(draft, functions=functions), known.name
    taken = {*RESERVED, *(known.name for known in draft.functions), *_names_in_bodies(draft, function)}
    stem = function.name if not function.name[:1].isdigit() else f"group_{function.name}"
    named = replace(function, name=fresh([stem], taken, LONGEST_NAME))
    return replace(draft, functions=(*draft.functions, named)), named.name


def _names_in_bodies(draft: Draft, function: GroupFunction) -> set[str]:
    """What stands for a value somewhere inside: a function of that name would be hidden there."""
    bodies = [*(known.body for known in draft.functions), function.body]
    return {name for body in bodies for name in body.names.values()}


def _reads(function: GroupFunction) -> tuple[object, ...]:
    """What two instances must have in common to call one function."""
    body = function.body
    said = tuple((statement.results, statement.expression) for statement in body.statements)
    names = {part: name for part, name in body.names.items() if part not in _functions_in(body)}
    return function.group, function.inputs, function.parameters, said, body.answers, names


def _functions_in(body: Draft) -> frozenset[Reference | Parameter]:
    """What stands among the names only so that nothing else is called like another function."""
    return frozenset(part for part in body.names if isinstance(part, Reference) and part.node == OWN)
