"""An open strategy, its steps, and how each of them reaches the disk and comes back."""
