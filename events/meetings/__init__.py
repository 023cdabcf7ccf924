"""The online meetings of sessions and appointments: who makes them, and that they are
as they should be.

With `community.messages`, the only place that speaks over the network.
"""
