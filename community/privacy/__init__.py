"""Personal data: what is held and until when, and what people can do about theirs."""
