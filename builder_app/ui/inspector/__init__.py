"""What is chosen, in words and controls: blocks with their parameters, or the strategy and how it is tested.

In: flow, catalogue, chosen ids, problems, the test's configuration.  Out: wishes: edits, configurations, fixes.
Not here: applying edits, checking values, finding problems.
"""

from builder_app.ui.inspector.test_setup_form import TestSetupForm
from builder_app.ui.inspector.view import InspectorView

__all__ = ["InspectorView", "TestSetupForm"]
