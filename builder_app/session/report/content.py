"""What a report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder_app.flow.explaining import explain
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY, harmless
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.drafts.document import Document
from builder_app.session.runs.config_words import config_rows
from builder_app.session.runs.versions_used import versions_used
from builder_app.session.secrecy.secrets import without_secrets


@dataclass(frozen=True, slots=True, eq=False)
class ReportContent:
    """A result with what it is the result of. `picture` is the strategy's picture as SVG text; empty for none.

    `no_picture` says why there is none, where one was wished for.
    """

    name: str
    sentences: tuple[str, ...]
    set_up: tuple[tuple[str, str], ...]
    result: RunResult
    capital: float
    versions: Mapping[str, str]
    picture: str = ""
    no_picture: str = ""


def content_of(document: Document, catalogue: Catalogue, picture: str = "") -> ReportContent:
    """What a document's result is reported with. Raises ValueError with a sentence where there is no result to report.

    The strategy is the one that was tested, also where it was changed since.
    """
    if document.result is None:
        raise ValueError("There is no result yet: test the strategy, then make a report of it.")
    flow = tested_flow(document)
    config = document.tested_config or document.config
    said = explain(flow, catalogue).sentences
    return ReportContent(
        harmless(flow.name) or UNTITLED_STRATEGY,
        said or ("The strategy never enters.",),
        _set_up(config, document.result),
        document.result,
        config.initial_capital,
        _versions(document.result),
        picture,
    )


def _versions(result: RunResult) -> dict[str, str]:
    """This program's, and those that computed the result; of a result that does not say them, those of now."""
    own = versions_used()
    if not result.versions:
        return dict(own)
    return {name: own[name] for name in ("Strategy Builder", "Code generator")} | dict(result.versions)


def tested_flow(document: Document) -> LogicFlow:
    """The picture that gave the result, without sensitive values. Raises ValueError where it is not known any more."""
    if document.tested_flow is None and document.result_is_stale:
        raise ValueError("The strategy was changed after this test; test it again, then make a report of it.")
    return without_secrets(document.tested_flow or document.flow)


def _set_up(config: TestConfig, result: RunResult) -> tuple[tuple[str, str], ...]:
    symbols = ("Symbols", ", ".join(result.symbols))
    return (symbols, *(row for row in config_rows(config) if row[0] != "The pool"))
