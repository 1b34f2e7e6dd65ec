"""The Python that the picture becomes: read-only, with line numbers, colours, findings, and links to blocks.

In: the program before and after, and the report of its checks.  Out: wishes: choose these blocks, save this text.
Not here: generating and checking.
"""

from builder_app.ui.code.view import CodeView

__all__ = ["CodeView"]
