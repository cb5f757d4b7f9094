"""river: fit learns sample by sample; its calls of learn_one and predict_one are timed, making dicts of rows is not."""

import time

import numpy as np
from river import linear_model, optim, tree


def _dicts(X):
    return [dict(enumerate(row)) for row in X.tolist()]


class LogisticRegression:
    """Steps of constant length, no penalty; classes 0 and 1."""

    def __init__(self, rate):
        self._rate = rate

    def fit(self, X, y):
        model = linear_model.LogisticRegression(optimizer=optim.SGD(self._rate), intercept_lr=self._rate)
        samples = list(zip(_dicts(X), (y == 1).tolist()))
        begin = time.perf_counter()
        for x, label in samples:
            model.learn_one(x, label)
        self.seconds_ = time.perf_counter() - begin
        self._model = model
        return self

    def predict_proba(self, X):
        p = np.array([self._model.predict_proba_one(x)[True] for x in _dicts(X)])
        return np.column_stack([1 - p, p])


class HoeffdingTree:
    """fit answers for each sample, then learns it. Parameters are those of HoeffdingTreeClassifier."""

    def __init__(self, **parameters):
        self._parameters = parameters

    def fit(self, X, y):
        model, labels = tree.HoeffdingTreeClassifier(**self._parameters), []
        samples = list(zip(_dicts(X), y.tolist()))
        begin = time.perf_counter()
        for x, label in samples:
            labels.append(model.predict_one(x))
            model.learn_one(x, label)
        self.seconds_ = time.perf_counter() - begin
        self.prequential_labels_ = np.array([-1 if label is None else label for label in labels])
        return self
