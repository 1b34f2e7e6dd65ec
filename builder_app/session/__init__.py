"""One strategist at work: open documents, their history, autosave and recovery, test runs, export, and events.

In: wishes from the window or the terminal.  Out: past-tense events, and the values that views show.
Not here: Qt, SQL, argument parsing.
"""
