"""k-means of scikit-learn and of scikit-learn-intelex from given centres: fit times the whole call."""

import importlib


class FirstRows:
    """Starts from the first k samples. kmeans: path.of.module.Class; exact_iterations: an earlier stop is an error."""

    def __init__(self, kmeans, k, exact_iterations=0, **parameters):
        module, _, name = kmeans.rpartition(".")
        self._class = getattr(importlib.import_module(module), name)
        self._k, self._exact_iterations, self._parameters = k, exact_iterations, parameters
        if exact_iterations:
            self._parameters |= {"max_iter": exact_iterations, "tol": 0.0, "algorithm": "lloyd"}

    def fit(self, X, y=None):
        model = self._class(self._k, init=X[:self._k], n_init=1, **self._parameters).fit(X)
        if self._exact_iterations and model.n_iter_ != self._exact_iterations:
            raise RuntimeError(f"stopped after {model.n_iter_} iterations")
        self.cluster_centers_ = model.cluster_centers_
        return self
