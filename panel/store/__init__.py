"""The only place with SQL: the database file, its threads, and one module a table.

`database.Store` opens a file and runs work in its threads; the table modules are plain functions
that take the connection (to read) or the transaction (to write) first.
"""
