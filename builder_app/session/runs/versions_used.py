"""What a result was computed by: this program, its engine, Python and the libraries under them."""

from collections.abc import Mapping
from functools import lru_cache

from builder_app import __version__
from builder_app.codegen.program import GENERATOR_VERSION
from builder_app.quicktest.exported import versions


@lru_cache(maxsize=1)
def versions_used() -> Mapping[str, str]:
    """The versions that a result names itself, and before them those of this program and of what wrote its text."""
    return {"Strategy Builder": __version__, "Code generator": GENERATOR_VERSION, **versions()}
