"""Strategy Builder: draw a trading strategy as a graph, see its Python, test it on real prices, take the file away."""

__version__ = "0.1.0"
