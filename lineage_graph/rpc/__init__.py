"""ML Metadata's gRPC service over the store: its clients work against us unchanged."""
