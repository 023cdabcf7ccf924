"""The index of the database that this site runs on."""

from django.db import connection

if connection.vendor == "postgresql":
    from .postgres import TEXT, SearchBackend, beginning, matching
else:
    from .sqlite import TEXT, SearchBackend, beginning, matching

__all__ = ["TEXT", "SearchBackend", "beginning", "matching"]
