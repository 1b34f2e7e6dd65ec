"""What is wrong with the flow, as a list: severity, block, sentence, hint, and a button where there is a fix.

In: problems and the flow they were found in.  Out: wishes: choose this block, apply this fix.
Not here: the rules that find problems.
"""

from builder_app.ui.problems.row import ProblemRow
from builder_app.ui.problems.severity import SEVERITY_TOKENS, severity_icon, severity_word
from builder_app.ui.problems.view import ProblemsView

__all__ = ["SEVERITY_TOKENS", "ProblemRow", "ProblemsView", "severity_icon", "severity_word"]
