"""Sensitive values: sealed, opened, kept out of everything that is given away."""
