"""The flow that travels in its own code, and what was edited there by hand."""
