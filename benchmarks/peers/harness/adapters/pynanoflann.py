"""nanoflann through pynanoflann: fit times building the tree (by one thread), kneighbors times the search."""

import pynanoflann


class KDTree:
    def __init__(self, threads, k=10, leaf_size=10):
        self._threads = threads
        self._tree = pynanoflann.KDTree(n_neighbors=k, leaf_size=leaf_size, metric="L2")

    def fit(self, X, y=None):
        self._tree.fit(X)
        return self

    def kneighbors(self, X):
        return self._tree.kneighbors(X, n_jobs=self._threads)
