"""Blocks that users make."""
