"""The functions that groups became, as values: what each is called and takes, and one for all that read the same."""

from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Constant, GroupCall, Parameter, Price, Reference, walk
from builder_app.codegen.literals import slug
from builder_app.codegen.passes.group_bodies import OWN, Asked, inputs_read, own_parameters, parts_of
from builder_app.codegen.passes.naming import LONGEST_NAME, RESERVED, fresh
from builder_app.codegen.plan import Draft, GroupFunction
from builder_app.codegen.recipes.arguments import whole_parameters
from builder_app.flow.values import GROUP_INPUTS, Binding, Group, Secret

WHOLE: Final = "int"
"""What a parameter that counts bars is, in the text."""


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
            called |= {part.function for part in parts_of(function.body) if isinstance(part, GroupCall)}
    return replace(draft, functions=tuple(reversed(kept)))


def function_of(body: Draft, held: Group, asked: Asked) -> GroupFunction:
    """The function of this body, as one instance asks for it; its name may be another one where that is taken."""
    read = parts_of(body)
    calls = any(getattr(part, "takes_prices", False) for part in read)
    whole = whole_parameters(read)
    parameters = []
    for parameter, name in own_parameters(body).items():
        default = asked.defaults.get(parameter.removeprefix(OWN))
        number = int(default) if parameter in whole and isinstance(default, float) else default
        value = asked.values[parameter.removeprefix(OWN)]
        now = body.flow.parameters[parameter].value if isinstance(value, Binding) else value
        word = WHOLE if parameter in whole else "str" if isinstance(now, str) else "float"
        fits = isinstance(number, str) if word == "str" else isinstance(number, int | float)
        usable = fits and not isinstance(number, bool | None | Binding | Secret)
        parameters.append((name, word, Constant(number) if usable else None))  # type: ignore[arg-type]  # a number or text
    parameters.sort(key=lambda each: each[2] is not None)
    return GroupFunction(
        name=slug(held.title) or "group",
        group="",
        said=f"{held.title}: {held.description}" if held.description else held.title or "Group",
        inputs=tuple(body.names[Reference(GROUP_INPUTS, port)] for port in inputs_read(body, asked)),
        parameters=tuple(parameters),
        takes_prices=calls or any(isinstance(part, Price) for part in read),
        body=body,
        instances=(),
    )


def with_function(draft: Draft, function: GroupFunction) -> tuple[Draft, str]:
    """The draft with this function, or with one more instance of the one that reads the same; and its name."""
    said = _reads(function)
    for place, known in enumerate(draft.functions):
        if known.group == function.group and _reads(known) == said:
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
    """What two instances of a group must have in common to call one function."""
    body = function.body
    said = tuple((statement.results, statement.expression) for statement in body.statements)
    names = {part: name for part, name in body.names.items() if not _is_function(part)}
    return function.inputs, function.parameters, said, body.answers, names


def _is_function(part: Reference | Parameter) -> bool:
    """Whether it stands among the names only so that nothing else is called like another function."""
    return isinstance(part, Reference) and part.node == OWN
