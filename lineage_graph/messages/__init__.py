"""ML Metadata's messages: its contract in our own words, and our nouns as its messages and back."""
