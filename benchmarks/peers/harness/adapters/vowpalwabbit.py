"""Vowpal Wabbit from Python: fit times the calls of learn, one sample each, parsed beforehand."""

import time

import numpy as np
from vowpalwabbit import Workspace


class LogisticRegression:
    """Plain steps of constant length, no penalty; classes 0 and 1."""

    def __init__(self, rate):
        self._options = f"--loss_function logistic --sgd --power_t 0 -l {rate} --link logistic --quiet"

    def fit(self, X, y):
        model = Workspace(self._options)
        signs = np.where(y == 1, "1", "-1")
        samples = [model.example(f"{sign} {self._features(row)}") for sign, row in zip(signs, X)]
        begin = time.perf_counter()
        for sample in samples:
            model.learn(sample)
        self.seconds_ = time.perf_counter() - begin
        for sample in samples:
            model.finish_example(sample)
        self._model = model
        return self

    def predict_proba(self, X):
        p = np.array([self._model.predict(self._features(row)) for row in X])
        return np.column_stack([1 - p, p])

    @staticmethod
    def _features(row):
        return "| " + " ".join(f"{j}:{value:.9g}" for j, value in enumerate(row))
