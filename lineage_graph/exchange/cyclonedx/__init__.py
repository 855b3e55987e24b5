"""Writer of CycloneDX ML-BOMs: what a model is, what it was made from, and how."""
