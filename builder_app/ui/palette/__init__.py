"""The palette: every block that can be drawn, found by typing, added by a double click or a drag.

In: a catalogue, the names of recent blocks, a theme.  Out: `add_requested`, or a drag that carries a template's name.
"""
