"""Strategies as wholes: listed, opened, versioned, carried in a file, begun from templates."""
