"""The kit of a stop: its tools, the papers made of them, what is done of it."""
