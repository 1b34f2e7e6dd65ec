"""Emitters: the same strategy text for every engine, and a small adapter behind it.

In: a Draft whose statements, legs and names are complete.  Out: the lines of the text with the blocks they come from.
`standalone` writes the strategy; for each other engine a module says, as data, how it keeps every rule, and names the
pieces in adapters/ that stand behind the strategy, of which only what the strategy needs is written. A target that
cannot say what the flow says refuses, naming the block; it never approximates.
"""
