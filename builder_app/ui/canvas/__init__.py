"""The canvas: the picture of a logic flow, and the hands that draw it.

In: flows as (before, after), a catalogue, problems, traces, a theme.  Out: wishes (`edit_requested` and its like).
Not here: the truth. What is shown is always the flow that was last given; a gesture shows a preview and then wishes.

How it is built: `Picture` knows where everything is and can be asked without a window. One item paints a whole
node; one item paints all wires; below a zoom of 0.4 the view paints everything itself in one batch. Each gesture is
a class that turns places into a `Preview` and, at its end, an `Outcome`.
"""
