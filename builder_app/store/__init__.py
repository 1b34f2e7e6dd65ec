"""What stays: the SQLite file (or any SQLAlchemy URL), its tables, migrations and repositories.

In: JSON values and a Principal.  Out: frozen records. Every query is filtered by its user in one place.
Not here: what a flow means, running tests, windows. The only room that knows SQL.
"""
