"""Price bars as values and from CSV files: the part of the market room that travels in exported folders.

In: CSV files, a pool of symbols, dates.  Out: a Panel. Needs NumPy and pandas only; imports are relative.
"""
