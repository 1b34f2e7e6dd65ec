"""Price bars: what they are, taking them in and checking them, the library on disk, longer bars, groups of symbols.

In: CSV, Excel and Parquet files, Qlib's folder, Yahoo's answers, symbols, dates.  Out: a Panel of bars × symbols with
a fingerprint, findings with repairs.
Not here: strategies, simulation, databases, windows.
"""
