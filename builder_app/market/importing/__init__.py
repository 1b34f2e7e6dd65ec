"""From files of others to checked bars: reading many forms, saying what columns mean, finding faults, repairing them.

In: CSV, Excel and Parquet files, folders of them, a Qlib folder, Yahoo's answers.  Out: rows by symbol with findings,
and bars with the repairs that were chosen.
Not here: where bars are kept, windows.
"""
