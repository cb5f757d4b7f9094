"""Peers that lack scikit-learn's methods, one module a library. Each says what is timed."""
