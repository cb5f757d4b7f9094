"""mlpack: the call of its Python binding, checks and copies of its arguments included. Wants doubles."""

import mlpack


class Forest:
    """Random forest. mlpack takes the number of threads from OMP_NUM_THREADS."""

    def __init__(self, trees=100, max_depth=0, max_features=0, min_leaf=1, seed=1):
        self._model = mlpack.RandomForest(num_trees=trees, maximum_depth=max_depth, subspace_dim=max_features,
                                          minimum_leaf_size=min_leaf, seed=seed)

    def fit(self, X, y):
        self._model.fit(training=X, labels=y.astype("uint64"))
        return self

    def predict_proba(self, X):
        return self._model.predict_proba(test=X)

    def predict(self, X):
        return self._model.predict(test=X)


class Neighbours:
    """Exact neighbours by Euclidean distance; fit builds the tree, if the algorithm has one. mlpack reorders arrays in
    place unless it copies its arguments, the model among them, so that is timed too."""

    def __init__(self, k=10, algorithm="naive", **parameters):
        self._k = k
        self._parameters = {"algorithm": algorithm, **parameters}

    def fit(self, X, y=None):
        found = mlpack.knn(reference=X, copy_all_inputs=True, **self._parameters)
        self._model = found["output_model"]
        return self

    def kneighbors(self, X):
        found = mlpack.knn(input_model=self._model, query=X, k=self._k, copy_all_inputs=True,
                           algorithm=self._parameters["algorithm"])
        return found["distances"], found["neighbors"].astype("int64")
