"""Mail: the outbox, its kinds and how they are written and sent."""
