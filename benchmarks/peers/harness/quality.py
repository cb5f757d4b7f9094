"""One common judge: measure(cell's arrays, what a contender answered) -> a number. Needs numpy."""

import numpy as np


def _margins(arrays, coefficients):
    """Linear predictors of the training samples in double: [n] for one row of coefficients, else [n x k]."""
    z = arrays["X"].astype(float) @ coefficients[:, :-1].T + coefficients[:, -1]
    return z.ravel() if len(coefficients) == 1 else z


def logistic_objective(arrays, coefficients):
    """Mean loss plus |w|^2 / (2 n): C = 1. Classes 0, 1, ..., k - 1."""
    y = arrays["y"].astype(int)
    coefficients = np.atleast_2d(coefficients)
    z = _margins(arrays, coefficients)
    if z.ndim == 1:
        loss = np.mean(np.logaddexp(0, z) - y * z)
    else:
        largest = z.max(axis=1)
        loss = np.mean(largest + np.log(np.exp(z - largest[:, None]).sum(axis=1)) - z[np.arange(len(y)), y])
    return loss + np.sum(coefficients[:, :-1] ** 2) / (2 * len(y))


def squares_objective(arrays, coefficients, alpha=0.0):
    """(sum of squared residuals + alpha |w|^2) / n."""
    y = arrays["y"].astype(float)
    coefficients = np.atleast_2d(coefficients)
    residual = y - _margins(arrays, coefficients)
    return (residual @ residual + alpha * np.sum(coefficients[:, :-1] ** 2)) / len(y)


def ridge_objective(arrays, coefficients):
    """The same with alpha = 1."""
    return squares_objective(arrays, coefficients, 1.0)


def poisson_objective(arrays, coefficients):
    """Half the mean deviance of exp(z) less its constant, plus |w|^2 / 2 * alpha, alpha = 1e-4."""
    y = arrays["y"].astype(float)
    coefficients = np.atleast_2d(coefficients)
    z = _margins(arrays, coefficients)
    return np.mean(np.exp(z) - y * z) + 0.5e-4 * np.sum(coefficients[:, :-1] ** 2)


def path_alphas(X, y, l1_ratio, number=100, smallest=1e-3):
    """Penalties of an elastic-net path: from the least that leaves no coefficient down to `smallest` of it."""
    X, y = X.astype(float), y.astype(float).ravel()
    largest = np.abs((y - y.mean()) @ (X - X.mean(axis=0))).max() / (len(y) * l1_ratio)
    return largest * np.geomspace(1, smallest, number)


def path_objective(arrays, path, l1_ratio=0.5):
    """Mean over the alphas of |residual|^2 / (2 n) + alpha (l1_ratio |w|_1 + (1 - l1_ratio) |w|^2 / 2)."""
    X, y = arrays["X"].astype(float), arrays["y"].astype(float)
    alphas = path_alphas(X, y, l1_ratio)
    if len(path) != len(alphas):
        return float("nan")
    w = path[:, :-1]
    penalty = l1_ratio * np.abs(w).sum(axis=1) + (1 - l1_ratio) * (w**2).sum(axis=1) / 2
    squares = ((y[:, None] - _margins(arrays, path)) ** 2).sum(axis=0)
    return np.mean(squares / (2 * len(y)) + alphas * penalty)


def accuracy(arrays, labels):
    return np.mean(labels.ravel() == arrays["y_test"])


def roc_auc(arrays, probabilities):
    """Of the probability of class 1; ties count half."""
    score = probabilities[:, 1] if probabilities.ndim == 2 else probabilities
    positive = arrays["y_test"] == 1
    values, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2
    p, n = positive.sum(), (~positive).sum()
    return (rank[inverse][positive].sum() - p * (p + 1) / 2) / (p * n)


def log_loss(arrays, probabilities):
    """Of the classes 0 and 1, over the test samples; lower is better."""
    p = np.clip(probabilities[:, 1].astype(float), 1e-15, 1 - 1e-15)
    return -np.mean(np.where(arrays["y_test"] == 1, np.log(p), np.log1p(-p)))


def r2(arrays, values):
    y = arrays["y_test"].astype(float)
    return 1 - np.sum((y - values.ravel()) ** 2) / np.sum((y - y.mean()) ** 2)


def worst_difference(arrays, transformed):
    """Largest error of (x - mean) / deviation, computed in double, over the first test rows; lower is better."""
    X = arrays["X"].astype(float)
    expected = (arrays["X_test"][: len(transformed)].astype(float) - X.mean(axis=0)) / X.std(axis=0)
    return float(np.abs(transformed - expected).max())


def recall(arrays, neighbours):
    """The part of the true neighbours that was found, over the first 50 queries, distances in double."""
    X, found = arrays["X"].astype(float), 0
    neighbours = np.asarray(neighbours)[:50].astype(int)  # ours come as numbers like any others
    for query, mine in zip(arrays["X_test"].astype(float), neighbours):
        difference = X - query
        distance = np.einsum("ij,ij->i", difference, difference)
        found += np.sum(distance[mine] <= np.partition(distance, mine.size - 1)[mine.size - 1] * (1 + 1e-6))
    return found / neighbours.size


def centre_distance(arrays, centres):
    """Mean squared distance of the training samples to their nearest centre, in double; lower is better."""
    centres, total = centres.astype(float), 0.0
    for X in np.array_split(arrays["X"], 1 + len(arrays["X"]) // 10_000):
        X = X.astype(float)
        distance = (X**2).sum(axis=1)[:, None] - 2 * X @ centres.T + (centres**2).sum(axis=1)
        total += distance.min(axis=1).sum()
    return total / len(arrays["X"])


def prequential_accuracy(arrays, labels):
    """Of labels that were given for each training sample before it was learnt."""
    return np.mean(labels.ravel() == arrays["y"])


def judge(measure, arrays, output):
    return float(globals()[measure](arrays, output))
