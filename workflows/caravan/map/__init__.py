"""The map of the province, drawn on the server, and what stands on it."""
