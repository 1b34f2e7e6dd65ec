"""The form in which a block of one's own is made: what is typed goes out as a draft, its checks come back.

In: a BlockDraft, what was checked, a theme.  Out: the draft as it stands, and the wishes to save, share or delete it.
"""
