"""ydf: train() and predict() on arrays, with what ydf does to bring them into its own columns."""

import numpy as np
import ydf


class Classifier:
    """Parameters are those of ydf.RandomForestLearner. In its max_depth a tree of one node has depth 1, not 0."""

    def __init__(self, threads, **parameters):
        ydf.verbose(0)
        self._threads, self._parameters = threads, parameters

    def fit(self, X, y):
        learner = ydf.RandomForestLearner(label="y", num_threads=self._threads, **self._parameters)
        self._model = learner.train({"X": X, "y": y})
        return self

    def predict_proba(self, X):
        p = self._model.predict({"X": X}, num_threads=self._threads)
        return np.column_stack([1 - p, p]) if p.ndim == 1 else p

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)
