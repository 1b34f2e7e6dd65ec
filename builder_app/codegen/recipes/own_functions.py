"""A strategist's own function of several lines, as a group with one block a line; so it becomes a function of the text.

Each line works on all bars at once: `name = expression`, `name += expression`, and `return expression` as the last. An
expression is what a formula may be, and `x if condition else y`. There are no loops: `previous(x, 3)`, `highest(x, 20)`
and the like look back. A line that is only a number is that number wherever its name stands.
"""

import ast
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.plan import Refused
from builder_app.codegen.recipes.checking import parse_recipe
from builder_app.codegen.recipes.kinds import RecipeRefused
from builder_app.codegen.recipes.vocabulary import FUNCTION, Kind, all_function_names
from builder_app.codegen.syntax import parsed
from builder_app.flow.group_paths import PATH_JOINT
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    Group,
    GroupPort,
    LogicFlow,
    Node,
    NodeType,
    Port,
    PortType,
    frozen_mapping,
)
from builder_app.flow.wording import block_name

LINE: Final = "line·"
"""The ids of the blocks that lines become begin with this."""
LONGEST: Final = 5000
MOST_LINES: Final = 60
_CALL: Final = re.compile(rf"\s*{FUNCTION}\(\s*(\w+)((?:\s*,\s*\w+)*)\s*\)\s*")
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,29}", re.IGNORECASE)
_TAKEN: Final = frozenset({"prices", "np", "ta", *(name for name in all_function_names() if "." not in name)})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the name that it gives (empty: the function's result), its expression, what it uses, what it is."""

    name: str
    expression: str
    uses: tuple[tuple[str, PortType], ...]
    type: PortType


def read_lines(text: str, inputs: Sequence[str]) -> tuple[Line, ...]:
    """The lines of a function over these inputs, all series. Raises RecipeRefused with the line's number."""
    known = dict.fromkeys(inputs, PortType.SERIES)
    numbers: dict[str, ast.expr] = {}
    lines: list[Line] = []
    statements = _statements(text)
    for place, statement in enumerate(statements):
        where = f"Line {statement.lineno}"
        name, value = _assignment(statement, where, is_last=place == len(statements) - 1)
        value = _Plainer(numbers).visit(value)
        if name and _is_number(value):
            numbers[name] = value
            known.pop(name, None)
            continue
        line = _line(name, ast.unparse(value), (known, where))
        lines.append(line)
        numbers.pop(name, None)
        known[name] = line.type
    return tuple(lines)


def with_own_functions(flow: LogicFlow, catalogue: Catalogue) -> tuple[LogicFlow, Catalogue]:
    """The flow and the catalogue with a group in the place of each block that holds a function. Raises Refused."""
    templates: dict[str, NodeTemplate] = {}
    changed = _with_groups(flow, catalogue, templates, "")
    groups = {
        id: replace(group, body=_with_groups(group.body, catalogue, templates, id)) for id, group in flow.groups.items()
    }
    if not templates:
        return flow, catalogue
    known = Catalogue(frozen_mapping({**catalogue.templates, **templates}), catalogue.user_made)
    return replace(changed, groups=frozen_mapping(groups)), known


def _with_groups(flow: LogicFlow, catalogue: Catalogue, templates: dict[str, NodeTemplate], level: str) -> LogicFlow:
    nodes = dict(flow.nodes)
    for id, node in flow.nodes.items():
        template = catalogue.of(node)
        call = _CALL.fullmatch(next(iter(template.outputs.values()), "")) if template is not None else None
        if template is None or call is None:
            continue
        held = node.parameters.get(call[1], template.default_parameters.get(call[1]))
        wired = {edge.target.port for edge in flow.edges if edge.target.node == id}
        inputs = tuple(port.name for port in template.input_ports if port.name in wired)
        try:
            if not isinstance(held, str):
                raise RecipeRefused("Its lines must be written in the block, as a text.")
            lines = read_lines(held, inputs)
            _check_result(lines, template.output_ports[0])
        except RecipeRefused as refusal:
            message = f"The block '{node.label.strip() or template.display_name}': {refusal}"
            raise Refused(Problem(Severity.ERROR, "recipe", message, node=id, hint="Change its lines.")) from refusal
        name = f"{FUNCTION}:{level}:{id}"
        templates |= {f"{name}:{place}": _line_template(name, place, line) for place, line in enumerate(lines)}
        templates[name] = _group_template(name, node, template, (inputs, lines))
        nodes[id] = replace(node, template=name, parameters=frozen_mapping())
    return replace(flow, nodes=frozen_mapping(nodes))


def own_level(node: str, joint: str) -> str:
    """The block that a line of a function belongs to; any other block is itself."""
    return node.partition(joint + LINE)[0]


def in_own_block(problem: Problem, flow: LogicFlow, catalogue: Catalogue) -> Problem:
    """A problem of one of a function's lines as one of the block that holds the function."""
    inner = problem.node or ""
    own = own_level(inner, PATH_JOINT)
    if own == inner or own not in flow.nodes:
        return problem
    said = problem.message.partition("': ")[2] or problem.message
    name = block_name(flow.nodes[own], catalogue)
    return replace(problem, node=own, message=f"The block '{name}': {said}", hint="Change its lines.")


def _statements(text: str) -> list[ast.stmt]:
    if len(text) > LONGEST or not text.strip():
        raise RecipeRefused(f"The function is empty, or longer than {LONGEST} characters.")
    if "\\" in text or not all(character.isprintable() or character in "\n\t" for character in text):
        raise RecipeRefused("The function holds a backslash or an invisible character; take it out.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statements = parsed("def function():\n" + "\n".join(f" {line}" for line in text.split("\n"))).body
    except SyntaxError as error:
        raise RecipeRefused(f"Line {(error.lineno or 1) - 1} cannot be read: {error.msg}.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise RecipeRefused("The function cannot be read: it is nested too deeply.") from error
    function = statements[0]
    if len(statements) != 1 or not isinstance(function, ast.FunctionDef):
        raise RecipeRefused("Begin every line of the function at the left edge.")
    for part in ast.walk(function):
        if isinstance(part, ast.stmt):
            part.lineno -= 1
    if len(function.body) > MOST_LINES:
        raise RecipeRefused(f"The function has {len(function.body)} lines; at most {MOST_LINES} are allowed.")
    return function.body


def _assignment(statement: ast.stmt, where: str, is_last: bool) -> tuple[str, ast.expr]:
    """The name that a line gives, empty for the last one's `return`, and its expression."""
    match statement:
        case ast.Return(ast.expr() as value) if is_last:
            return "", value
        case ast.Assign([ast.Name(name)], value) if not is_last:
            return _checked_name(name, where), value
        case ast.AugAssign(ast.Name(name), operator, value) if not is_last:
            return _checked_name(name, where), ast.BinOp(ast.Name(name, ast.Load()), operator, value)
        case ast.Return():
            raise RecipeRefused(f"{where} returns too early, or nothing: 'return expression' is the last line.")
        case ast.Assign() | ast.AugAssign():
            reason = "the last line must be 'return expression'" if is_last else "a line gives one name a value"
            raise RecipeRefused(f"{where} cannot stand there: {reason}.")
        case _:
            word = type(statement).__name__.lower()
            raise RecipeRefused(
                f"{where} is a statement ({word}) that a function may not have. Each line is 'name = expression' and "
                "works on all bars at once; use previous(x, 3), highest(x, 20) or 'x if condition else y'."
            )


def _checked_name(name: str, where: str) -> str:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise RecipeRefused(f"{where} cannot call a value '{name[:40]}': choose another short, plain name.")
    return name


class _Plainer(ast.NodeTransformer):
    """Puts numbers in the place of their names, and writes a choice as np.where."""

    def __init__(self, numbers: Mapping[str, ast.expr]) -> None:
        self._numbers = numbers

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The number that the name stands for, if it does."""
        return self._numbers.get(node.id, node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """`x if condition else y`, bar by bar."""
        parts: list[ast.expr] = [self.visit(node.test), self.visit(node.body), self.visit(node.orelse)]
        where = ast.Attribute(ast.Name("np", ast.Load()), "where", ast.Load())
        return ast.Call(where, parts, [])


def _is_number(value: ast.expr) -> bool:
    inner = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
    is_constant = isinstance(inner, ast.Constant) and isinstance(inner.value, int | float)
    return is_constant and not (isinstance(inner, ast.Constant) and isinstance(inner.value, bool))


def _line(name: str, expression: str, told: tuple[Mapping[str, PortType], str]) -> Line:
    known, where = told
    ports = tuple(InputPort(each, type) for each, type in known.items())
    try:
        recipe = parse_recipe(expression, ports, {})
    except RecipeRefused as refusal:
        raise RecipeRefused(f"{where}: {refusal}") from refusal
    types = {Kind.SERIES: PortType.SERIES, Kind.NUMBER: PortType.SERIES, Kind.BOOLEAN: PortType.BOOLEAN}
    if recipe.kind not in types or recipe.formula or recipe.function:
        raise RecipeRefused(f"{where} gives {recipe.kind}; a line gives numbers or true/false values.")
    return Line(
        name, expression, tuple(each for each in known.items() if each[0] in recipe.names()), types[recipe.kind]
    )


def _check_result(lines: Sequence[Line], output: OutputPort) -> None:
    if lines[-1].type is not output.type:
        wanted = "true/false values" if output.type is PortType.BOOLEAN else "numbers"
        raise RecipeRefused(f"The last line must return {wanted}.")


def _line_template(name: str, place: int, line: Line) -> NodeTemplate:
    return NodeTemplate(
        name=f"{name}:{place}",
        display_name=f"line {place + 1}",
        node_type=NodeType.CUSTOM,
        category="",
        input_ports=tuple(InputPort(each, type) for each, type in line.uses),
        output_ports=(OutputPort("value", line.type),),
        outputs=frozen_mapping({"value": line.expression}),
    )


def _group_template(
    name: str, node: Node, template: NodeTemplate, said: tuple[tuple[str, ...], tuple[Line, ...]]
) -> NodeTemplate:
    inputs, lines = said
    latest = {each: Port(GROUP_INPUTS, each) for each in inputs}
    nodes = {each: Node(each, each) for each in (GROUP_INPUTS, GROUP_OUTPUTS)}
    edges = []
    output = template.output_ports[0]
    for place, line in enumerate(lines):
        id = f"{LINE}{place:02d}"
        nodes[id] = Node(id, f"{name}:{place}", label=line.name or "result")
        edges += [Edge(latest[each], Port(id, each)) for each, _ in line.uses]
        latest[line.name] = Port(id, "value")
    edges.append(Edge(latest[""], Port(GROUP_OUTPUTS, output.name)))
    body = LogicFlow(nodes=frozen_mapping(nodes), edges=tuple(sorted(edges)))
    group = Group(
        id=name,
        title=node.label.strip() or template.display_name,
        body=body,
        inputs=tuple(GroupPort(each, PortType.SERIES, each) for each in inputs),
        outputs=(GroupPort(output.name, output.type),),
    )
    ports = tuple(port for port in template.input_ports if port.name in inputs)
    return replace(
        template,
        name=name,
        parameter_schema=frozen_mapping(),
        default_parameters=frozen_mapping(),
        input_ports=ports,
        outputs=frozen_mapping(),
        body=(group,),
    )
