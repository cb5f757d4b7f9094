"""faiss: kneighbors times one search of an IndexFlatL2, which holds the database as it came; fit times adding it.
Lloyd times the training of faiss.Kmeans."""

import faiss
import numpy as np


class IndexFlatL2:
    """Exact neighbours by squared Euclidean distance."""

    def __init__(self, threads, k=10):
        faiss.omp_set_num_threads(threads)
        self._k = k

    def fit(self, X, y=None):
        self._index = faiss.IndexFlatL2(X.shape[1])
        self._index.add(X)
        return self

    def kneighbors(self, X):
        return self._index.search(X, self._k)


class Lloyd:
    """k-means from the first k samples, on all samples, this many iterations."""

    def __init__(self, threads, k, iterations):
        faiss.omp_set_num_threads(threads)
        self._k, self._iterations = k, iterations

    def fit(self, X, y=None):
        model = faiss.Kmeans(X.shape[1], self._k, niter=self._iterations, nredo=1, max_points_per_centroid=len(X))
        model.train(X, init_centroids=np.ascontiguousarray(X[:self._k]))
        self.cluster_centers_ = model.centroids
        return self
