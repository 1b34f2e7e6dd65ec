"""How the program is: alarms as sentences, figures as a table, and the last times of tests and saves as small plots.

In: the health that the session read.  Out: the wish to read it anew.
Not here: reading it, and deciding what is alarming.
"""

from builder_app.ui.health.view import HealthView

__all__ = ["HealthView"]
