"""The tables as typed classes. Importing this package fills `Base.metadata` with all of them."""

from builder_app.store.models.base import Base
from builder_app.store.models.builder_sessions import BuilderSession, SessionEdit
from builder_app.store.models.code_generations import CodeGeneration
from builder_app.store.models.measurements import Measurement
from builder_app.store.models.node_templates import NodeTemplateRow
from builder_app.store.models.quick_tests import QuickTest, QuickTestCount
from builder_app.store.models.strategies import (
    StrategyInstance,
    StrategyTag,
    StrategyTemplate,
    StrategyTemplateOpinion,
)

__all__ = [
    "Base",
    "BuilderSession",
    "CodeGeneration",
    "Measurement",
    "NodeTemplateRow",
    "QuickTest",
    "QuickTestCount",
    "SessionEdit",
    "StrategyInstance",
    "StrategyTag",
    "StrategyTemplate",
    "StrategyTemplateOpinion",
]
