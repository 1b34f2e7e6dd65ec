"""Run a strategy's text on bars: signals in a worker process, simulation and metrics outside it.

In: RunRequest (text, test configuration, a market Panel).  Out: progress, then a RunResult, or a RunFailure with why.
Not here: flows and code generation (it takes text), databases, windows.
"""
