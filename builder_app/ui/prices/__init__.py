"""Two windows for prices: the assistant that takes them in, and the library of what is there.

In: what the session read and found, the library's symbols and groups.  Out: wishes as signals.
Not here: reading files, checking, keeping.
"""
