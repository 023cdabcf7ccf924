"""The blocks that editors compose pages from.

The names that `BodyBlock` gives them are stored with every page.
"""

from .body import BodyBlock

__all__ = ["BodyBlock"]
