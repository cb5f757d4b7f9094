"""tutti beside its peers: the same data, threads and run, in turns. docs/measuring.md says how it works."""
