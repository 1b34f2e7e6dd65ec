"""Flow → Python text, by a visible tuple of small passes; deterministic to the byte.

In: a LogicFlow, a Catalogue, the name of a target.  Out: a Program, or the Problems that keep it from being one.
Not here: running the text (quicktest), reading templates (nodes), files.
"""
