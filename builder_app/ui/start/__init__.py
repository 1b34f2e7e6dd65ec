"""The start page: recent strategies, examples, and the first steps. Values in, wishes out as signals.

In: cards (a strategy's name, flow, figure and age), a catalogue for the pictures, a theme.  Out: `…_requested` signals.
Not here: reading or writing strategies.
"""
