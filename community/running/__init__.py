"""How an installation is known to run well, and what it says when it does not: health,
logs, metrics, and the pages of an outage."""
