"""What a test found, as widgets: the results panel and the mini results strip. Values in, wishes out as signals.

In: RunResult, RunProgress, RunFailure, metric definitions, a theme.  Out: signals such as `test_requested`.
Not here: running tests, or computing a metric; every figure shown was computed by the engine.
"""
