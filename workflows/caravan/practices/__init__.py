"""Good practices: their records, how they come to be published, who adapts them."""
