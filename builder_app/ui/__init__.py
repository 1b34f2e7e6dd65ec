"""The window: canvas, palette, inspector, code, results. The only room that knows Qt.

In: gestures, and the session's events.  Out: wishes (`…_requested` signals) that the main window hands to the session.
Views are passive: they are given (before, after), touch only the difference, and keep no truth of their own.
"""
