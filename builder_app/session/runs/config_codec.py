"""The test set-up as JSON: what `quick_tests.test_config`, drafts and exported folders hold. The engine's own checks
read it, so that what is taken here is taken in an exported folder too."""

from typing import Any

from builder_app.quicktest.exported import config_document, config_from
from builder_app.quicktest.request import TestConfig


class ConfigUnreadable(ValueError):
    """The test set-up cannot be used; `problems` are whole sentences, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def config_to_json(config: TestConfig) -> dict[str, Any]:
    """Each field by its name; dates as ISO text."""
    return config_document(config)


def config_from_json(content: Any) -> TestConfig:
    """The set-up; a missing field has its default. Raises ConfigUnreadable with every reason at once."""
    config, problems = config_from(content)
    if problems:
        raise ConfigUnreadable(problems)
    return config
