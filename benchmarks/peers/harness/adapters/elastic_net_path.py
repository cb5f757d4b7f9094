"""Elastic-net paths of Python libraries: all alphas of quality.path_alphas, from the largest. What is timed includes
centring, where a library's path has no intercept; finding the alphas is not timed."""

import time

import numpy as np
from harness.quality import path_alphas


class _Path:
    """A subclass's _solve returns one row of coefficients an alpha, for centred arrays."""

    def __init__(self, l1_ratio, tol, **parameters):
        self._l1_ratio, self._tol, self._parameters = l1_ratio, tol, parameters

    def fit(self, X, y):
        alphas = path_alphas(X, y, self._l1_ratio)
        begin = time.perf_counter()
        x_mean, y_mean = X.mean(axis=0), y.mean()
        coefficients = self._solve(np.asfortranarray(X - x_mean), (y - y_mean).astype(X.dtype), alphas)
        self.path_ = np.column_stack([coefficients, y_mean - coefficients @ x_mean])
        self.seconds_ = time.perf_counter() - begin
        return self


class ScikitLearn(_Path):
    def _solve(self, X, y, alphas):
        from sklearn.linear_model import enet_path

        return enet_path(X, y, l1_ratio=self._l1_ratio, alphas=alphas, tol=self._tol, **self._parameters)[1].T


class Celer(_Path):
    def _solve(self, X, y, alphas):
        from celer.homotopy import celer_path

        return celer_path(X, y, "lasso", l1_ratio=self._l1_ratio, alphas=alphas, tol=self._tol, **self._parameters)[1].T


class Skglm(_Path):
    def _solve(self, X, y, alphas):
        from skglm import ElasticNet

        model = ElasticNet(l1_ratio=self._l1_ratio, tol=self._tol, fit_intercept=False, **self._parameters)
        return model.path(X, y, alphas)[1].T


class Glum:
    """glum's own search along alphas, with its own intercept."""

    def __init__(self, l1_ratio, tol, **parameters):
        self._l1_ratio, self._tol, self._parameters = l1_ratio, tol, parameters

    def fit(self, X, y):
        from glum import GeneralizedLinearRegressor

        alphas = path_alphas(X, y, self._l1_ratio)
        model = GeneralizedLinearRegressor(family="normal", l1_ratio=self._l1_ratio, alphas=alphas, alpha_search=True,
                                           gradient_tol=self._tol, **self._parameters)
        begin = time.perf_counter()
        model.fit(X, y)
        self.seconds_ = time.perf_counter() - begin
        self.path_ = np.column_stack([model.coef_path_, model.intercept_path_])
        return self
