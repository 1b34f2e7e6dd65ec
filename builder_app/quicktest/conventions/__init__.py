"""The same test measured as other programs measure: their formulas, written anew over our own equity and trades.

In: a `Record` of the engine's metrics.  Out: each convention's definitions, and its numbers by name.
Not here: the program's own metrics, which are the engine's and go with the exported folder.
"""
