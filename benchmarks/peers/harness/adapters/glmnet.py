"""glmnet (R): the call of glmnet() in R's clock; moving the arrays to R and back is not in it. One thread."""

import numpy as np

from harness.adapters.rscript import RScript
from harness.quality import path_alphas

_CODE = """
library(glmnet)
X <- get("X", n, p)
y <- get("y", n, 1)[, 1]
path <- timed(glmnet(X, y, family = family, alpha = mixture, lambda = get("alphas", length, 1)[, 1],
                     standardize = FALSE, thresh = tol, maxit = 1e7))
put("coefficients", as.matrix(path$beta))
put("intercepts", path$a0)
"""


def _solve(script, X, y, alphas, family, mixture, tol):
    """Seconds, and a row of coefficients and intercept an alpha."""
    for name, array in (("X", X), ("y", y), ("alphas", alphas)):
        script.put(name, array)
    seconds = script.run(_CODE, n=X.shape[0], p=X.shape[1], length=len(alphas), family=family, mixture=mixture, tol=tol)
    return seconds, np.column_stack([script.get("coefficients", X.shape[1], len(alphas)).T,
                                     script.get("intercepts", len(alphas), 1)])


class Poisson:
    """(half mean deviance) + alpha |w|^2 / 2."""

    def __init__(self, alpha, tol):
        self._alpha, self._tol, self._script = alpha, tol, RScript()

    def fit(self, X, y):
        self.seconds_, found = _solve(self._script, X, y, [self._alpha], "poisson", 0, self._tol)
        self.coef_, self.intercept_ = found[0, :-1], found[0, -1]
        return self


class Path:
    """Elastic net. glmnet divides y by its deviation, which weighs the square of w anew: undone by its parameters."""

    def __init__(self, l1_ratio, tol):
        self._l1_ratio, self._tol, self._script = l1_ratio, tol, RScript()

    def fit(self, X, y):
        alphas, deviation = path_alphas(X, y, self._l1_ratio), float(np.std(y.astype(float)))
        l1, l2 = self._l1_ratio, deviation * (1 - self._l1_ratio)
        self.seconds_, found = _solve(self._script, X, y, alphas * (l1 + l2), "gaussian", l1 / (l1 + l2), self._tol)
        self.path_ = found
        return self
