"""Writer of RO-Crates: runs of processes, described for research archives."""
