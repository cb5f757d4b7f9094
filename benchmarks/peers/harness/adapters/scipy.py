"""SciPy's kd-tree: fit times building it (by one thread), kneighbors times the search."""

from scipy.spatial import KDTree as Tree


class KDTree:
    def __init__(self, threads, k=10):
        self._threads, self._k = threads, k

    def fit(self, X, y=None):
        self._tree = Tree(X)
        return self

    def kneighbors(self, X):
        return self._tree.query(X, k=self._k, workers=self._threads)
