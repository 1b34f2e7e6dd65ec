"""The same session without a display: run, generate, data, export.

In: command lines.  Out: text or JSON on the terminal, files, exit codes (0 done, 1 problems, 2 wrong usage).
Not here: Qt; nothing that the window could not do too.
"""
