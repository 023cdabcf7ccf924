"""Acting for a local body: who does, and who says so."""
