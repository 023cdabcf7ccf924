"""What the host and the rapporteur see, write and answer."""
