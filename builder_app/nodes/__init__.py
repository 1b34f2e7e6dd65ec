"""Which blocks exist: templates read from curated JSON files, checked, as one Catalogue.

In: the folder of template files, users' templates as JSON.  Out: a flow Catalogue, or the Problems of a template.
Not here: drawing a block, turning a flow into text.
"""
