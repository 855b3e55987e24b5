"""ML Metadata's messages: its contract, and the conversion between messages and our model objects."""
