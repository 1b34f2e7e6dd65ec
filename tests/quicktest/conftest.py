"""A runner that the tests of one file share."""

from collections.abc import Iterator

import pytest

from builder_app.quicktest.runner import Runner


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as shared:
        yield shared
