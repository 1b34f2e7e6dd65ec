"""Price bars: what they are, the library on disk, reading them from files, checking them.

In: CSV and Parquet files, symbols, dates.  Out: a Panel of bars × symbols with a fingerprint.
Not here: strategies, simulation, databases, windows.
"""
