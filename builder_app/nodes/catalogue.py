"""Reading a folder of template files as one Catalogue; what was checked once need not be checked at every start."""

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import talib

from builder_app import __version__
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import frozen_mapping
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json, trusted_template


def load_catalogue(folder: Path, known_good: Path | None = None) -> Catalogue:
    """Every template in `folder/<node type in lower case>/…/<name>.json`, by name, sorted by file.

    Checking them takes most of the time. `known_good` is a small file, made when everything was found right, that
    holds a digest of the templates' bytes and of what checks them: while it still fits, they are read and not checked
    again. A recipe is checked once more whenever it becomes code. Raises TemplatesUnreadable with one sentence for
    each thing that is wrong in any of the files.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise TemplatesUnreadable([f"There are no template files in {folder}; install the program again."])
    contents, problems = _contents(folder, files)
    digest = _digest(contents)
    checked = not problems and known_good is not None and _says(known_good, digest)
    templates: dict[str, NodeTemplate] = {}
    for place, content in contents.items():
        try:
            template = trusted_template(json.loads(content)) if checked else template_from_json(_json_of(content))
        except TemplatesUnreadable as unreadable:
            problems += [f"In {place}: {problem}" for problem in unreadable.problems]
            continue
        if not checked:
            problems += [f"In {place}: {problem}" for problem in _place_problems(place, template)]
            if template.name in templates:
                problems.append(f"In {place}: there is another template '{template.name}'; rename one.")
        templates[template.name] = template
    if problems:
        raise TemplatesUnreadable(problems)
    if known_good is not None and not checked:
        _note(known_good, digest)
    return Catalogue(frozen_mapping(templates))


def _contents(folder: Path, files: Iterable[Path]) -> tuple[dict[str, bytes], list[str]]:
    """The bytes of each file by its place in the folder, and a sentence for each that could not be read."""
    contents: dict[str, bytes] = {}
    problems: list[str] = []
    for file in files:
        place = file.relative_to(folder).as_posix()
        try:
            contents[place] = file.read_bytes()
        except OSError as error:
            problems.append(f"In {place}: The file could not be read ({error.strerror}).")
    return contents, problems


def _digest(contents: Mapping[str, bytes]) -> str:
    """Of the files' places and bytes, and of the program and the TA-Lib that would check them."""
    digest = hashlib.sha256(f"{__version__} {talib.__version__}".encode())
    for place, content in contents.items():
        digest.update(f"\n{place} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _says(known_good: Path, digest: str) -> bool:
    try:
        return known_good.read_text(encoding="ascii") == digest
    except (OSError, ValueError):
        return False


def _note(known_good: Path, digest: str) -> None:
    """Remember that these templates are right; where that has no place yet, they are checked again."""
    with contextlib.suppress(OSError):
        known_good.write_text(digest, encoding="ascii")


def _place_problems(place: str, template: NodeTemplate) -> list[str]:
    problems = []
    if PurePosixPath(place).stem != template.name:
        problems.append(f"The template is called '{template.name}', so its file must be {template.name}.json.")
    if PurePosixPath(place).parts[0] != template.node_type.lower():
        folder = template.node_type.lower()
        problems.append(f"The template is of type {template.node_type}, so it must be in the folder {folder}.")
    return problems


def _json_of(content: bytes) -> object:
    try:
        text = content.decode("utf-8")
        return json.loads(text, object_pairs_hook=_unique_names, parse_constant=_no_constant)
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
