"""What a logic flow is: immutable values, the edits that change them, the rules they must keep, and their JSON form.

In: edits, templates (as values in a Catalogue), JSON text.  Out: flows, inverses, problems.
Not here: drawing, Python text, files, databases. Only the standard library is imported.
"""
