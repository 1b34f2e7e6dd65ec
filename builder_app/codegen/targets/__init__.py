"""Emitters: one small file for each engine that a plan can be written for.

In: a Draft whose statements, legs and names are complete.  Out: the lines of the text with the blocks they come from.
A target that cannot say what the flow says refuses, naming the block; it never approximates.
"""
