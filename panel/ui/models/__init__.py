"""Models over the store's listings: the only place of the window that reads the database."""
