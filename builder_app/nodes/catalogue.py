"""Reading a folder of template files as one Catalogue."""

import json
from pathlib import Path
from typing import Any, NoReturn

from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import frozen_mapping
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json


def load_catalogue(folder: Path) -> Catalogue:
    """Every template in `folder/<node type in lower case>/<name>.json`, by name, sorted by file.

    Raises TemplatesUnreadable with one sentence for each thing that is wrong in any of the files.
    """
    files = sorted(folder.glob("*/*.json"))
    if not files:
        raise TemplatesUnreadable([f"There are no template files in {folder}; install the program again."])
    templates: dict[str, NodeTemplate] = {}
    problems: list[str] = []
    for file in files:
        place = f"{file.parent.name}/{file.name}"
        try:
            template = template_from_json(_json_of(file))
        except TemplatesUnreadable as unreadable:
            problems += [f"In {place}: {problem}" for problem in unreadable.problems]
            continue
        problems += [f"In {place}: {problem}" for problem in _place_problems(file, template)]
        if template.name in templates:
            problems.append(f"In {place}: there is another template '{template.name}'; rename one.")
        templates[template.name] = template
    if problems:
        raise TemplatesUnreadable(problems)
    return Catalogue(frozen_mapping(templates))


def _place_problems(file: Path, template: NodeTemplate) -> list[str]:
    problems = []
    if file.stem != template.name:
        problems.append(f"The template is called '{template.name}', so its file must be {template.name}.json.")
    if file.parent.name != template.node_type.lower():
        folder = template.node_type.lower()
        problems.append(f"The template is of type {template.node_type}, so it must be in the folder {folder}.")
    return problems


def _json_of(file: Path) -> object:
    try:
        text = file.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_unique_names, parse_constant=_no_constant)
    except OSError as error:
        raise TemplatesUnreadable([f"The file could not be read ({error.strerror})."]) from error
    except json.JSONDecodeError as error:
        raise TemplatesUnreadable([f"Line {error.lineno} is not JSON: {error.msg}."]) from error
    except (ValueError, RecursionError) as error:
        raise TemplatesUnreadable([f"The file is not a template: {error}."]) from error


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise ValueError(f"a name stands twice among {', '.join(name for name, _ in pairs)}")
    return names


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")
