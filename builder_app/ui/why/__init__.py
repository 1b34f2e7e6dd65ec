"""Why the strategy traded at a bar, or why not: the chain of its blocks, what stood in the way, and the way around.

In: a result, and what is known of one of its bars.  Out: wishes: explain this bar, show this block, make this change.
Not here: working anything out.
"""

from builder_app.ui.why.view import WhyView

__all__ = ["WhyView"]
