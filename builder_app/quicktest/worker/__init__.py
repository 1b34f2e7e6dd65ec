"""The signals worker: a process that runs a strategy's text, and nothing else, under lock.

In: frames with prices and a text.  Out: frames with arrays, or a sentence why not.
Not here: simulation, metrics, files, windows, databases. Whoever reads its answers treats them as data from a stranger.
"""
