"""The main window: where the views stand, which actions there are, and how events and wishes run between them.

In: a Session.  Out: gestures as calls of the session. Not here: painting; each view has a room of its own.
"""
