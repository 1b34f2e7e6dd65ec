"""The blocks that ship with the program, read once in each test process."""

from functools import cache

from builder_app import paths
from builder_app.flow.templates import Catalogue
from builder_app.nodes import load_catalogue


@cache
def shipped_catalogue() -> Catalogue:
    """Every block that ships with the program."""
    return load_catalogue(paths.resources() / "node_templates")
