"""What a text may name."""

import numpy.fft  # noqa: F401  (a text may import only what is loaded)
import pandas  # noqa: F401
import pytest
import talib  # noqa: F401

from builder_app.quicktest.worker.guard import load


def test_four_libraries_may_be_imported_in_every_way() -> None:
    names = load(
        "import math\nimport numpy as np\nimport pandas as pd\nimport talib\nimport numpy.linalg as la\n"
        "from numpy import fft\nfrom talib import SMA\nvalue = math.sqrt(np.float64(4))\n"
    )
    assert names["value"] == 2.0


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import sys",
        "from os import path",
        "import mathx",
        "from . import x",
        "import numpy.distutils_x",
        "__import__('os')",
    ],
)
def test_anything_else_may_not(source: str) -> None:
    with pytest.raises(ImportError, match="strategy"):
        load(source + "\n")


@pytest.mark.parametrize("name", ["open", "eval", "exec", "compile", "input", "print", "globals", "getattr", "type"])
def test_dangerous_builtins_are_not_there(name: str) -> None:
    with pytest.raises(NameError, match=name):
        load(f"{name}\n")


def test_main_part_of_a_text_does_not_run() -> None:
    assert "ran" not in load("if __name__ == '__main__':\n    ran = True\n")
