"""Writes tests/golden/expected/neighbors.csv: what scikit-learn's neighbours say of real data.

    python tests/golden/make_neighbors.py /folder/of/the/csv/files

The first, fifth, ninth, ... rows are the queries, the others the samples. Queries are left out where the k-th and the
next neighbour are at one distance: which of them scikit-learn takes is not defined. "rows" are the queries that are left,
the first SHOWN of them, by their number among the queries. Outlier factors are of samples and queries that no tie of their
own, nor one of their neighbours, concerns.
"""

import pathlib
import sys

import numpy as np
from sklearn.neighbors import (KNeighborsClassifier, KNeighborsRegressor, LocalOutlierFactor, NearestCentroid,
                               NearestNeighbors, RadiusNeighborsClassifier, RadiusNeighborsRegressor)

from make_golden import Golden, load

SHOWN, K = 40, 5
METRICS = {
    "euclidean": {"metric": "euclidean"},
    "manhattan": {"metric": "manhattan"},
    "chebyshev": {"metric": "chebyshev"},
    "minkowski 3": {"metric": "minkowski", "p": 3},
    "cosine": {"metric": "cosine"},
}


def metrics_of(X):
    """The metrics, and that of the samples' own covariance where it has an inverse."""
    spread = X.std(axis=0)
    if (spread == 0).any() or np.linalg.matrix_rank(np.corrcoef(X.T)) < X.shape[1]:
        return METRICS
    return METRICS | {"mahalanobis": {"metric": "mahalanobis", "metric_params": {"VI": np.linalg.inv(np.cov(X.T))}}}


def without_ties(X, Q, options):
    """The first queries whose neighbours are defined: no two of the first K + 1 at one distance, to rounding; none at 0."""
    distances, _ = NearestNeighbors(n_neighbors=K + 1, algorithm="brute", **options).fit(X).kneighbors(Q)
    gaps = np.diff(distances, axis=1) > 1e-9 * distances[:, -1:]
    return np.flatnonzero(gaps.all(axis=1) & (distances[:, 0] > 1e-12))[:SHOWN]


def add(golden, name, X, Q, y, is_class):
    for metric, options in metrics_of(X).items():
        case = f"{name}/{metric}"
        shown = without_ties(X, Q, options)
        if len(shown) < 5:
            continue
        golden.add(case, "rows", shown)
        distances, indices = NearestNeighbors(n_neighbors=K, algorithm="brute", **options).fit(X).kneighbors(Q[shown])
        golden.add(case, "distances", distances)
        golden.add(case, "indices", indices)
        estimator = KNeighborsClassifier if is_class else KNeighborsRegressor
        for weights in "uniform", "distance":
            model = estimator(K, weights=weights, algorithm="brute", **options).fit(X, y)
            golden.add(case, f"{weights} prediction", model.predict(Q[shown]))
            if is_class:
                golden.add(case, f"{weights} probability", model.predict_proba(Q[shown[:5]]))
    distances, _ = NearestNeighbors(n_neighbors=20).fit(X).kneighbors(Q)
    radius = float(f"{np.median(distances[:, -1]):.4g}")  # no sample's distance
    golden.add(name, "radius", [radius])
    if is_class:
        model = RadiusNeighborsClassifier(radius, outlier_label=-1, algorithm="brute").fit(X, y)
        golden.add(name, "radius prediction", model.predict(Q[:SHOWN]))
    found = NearestNeighbors(radius=radius, algorithm="brute").fit(X).radius_neighbors(Q[:SHOWN], return_distance=False)
    counts = np.array([len(f) for f in found])
    golden.add(name, "radius counts", counts)
    if not is_class:
        golden.add(name, "radius rows", np.flatnonzero(counts))
        for weights in "uniform", "distance":
            model = RadiusNeighborsRegressor(radius, weights=weights, algorithm="kd_tree").fit(X, y)
            golden.add(name, f"radius {weights} prediction", model.predict(Q[np.flatnonzero(counts)]))


def add_outliers(golden, name, X, Q):
    k = 20
    search = NearestNeighbors(n_neighbors=k + 1, algorithm="kd_tree").fit(X)

    def defined(found):
        """Without a tie at the end; two samples at one place count the same, so either will do."""
        distances, indices = found
        gap = distances[:, k] - distances[:, k - 1] > 1e-9 * distances[:, k]
        return gap | (X[indices[:, k]] == X[indices[:, k - 1]]).all(axis=1)

    among, asked = search.kneighbors(), search.kneighbors(Q)
    good = defined(among)
    shown = [np.flatnonzero(defined(found) & good[found[1]].all(axis=1))[:SHOWN] for found in (among, asked)]
    model = LocalOutlierFactor(n_neighbors=k, algorithm="kd_tree", novelty=True, contamination=0.1).fit(X)
    case = f"{name}/outliers"
    golden.add(case, "samples", shown[0])
    golden.add(case, "factors", model.negative_outlier_factor_[shown[0]])
    golden.add(case, "rows", shown[1])
    golden.add(case, "scores", model.score_samples(Q[shown[1]]))
    golden.add(case, "predictions", model.predict(Q[shown[1]]))
    print(name, "samples without ties:", good.sum(), "of", len(X))
    if good.all():
        golden.add(case, "offset", [model.offset_])


def add_centroids(golden, name, X, Q, y):
    for threshold in None, 0.2:
        case = f"{name}/centroids {threshold or 0}"
        model = NearestCentroid(shrink_threshold=threshold).fit(X, y)
        golden.add(case, "centroids", model.centroids_)
        golden.add(case, "prediction", model.predict(Q[:SHOWN]))


def main():
    data = pathlib.Path(sys.argv[1])
    golden = Golden("neighbors", 12, "make_neighbors.py")
    for name, is_class in (("breast_cancer", True), ("digits", True), ("magic_gamma", True), ("wine_quality_white", False)):
        X, y = load(data, name)
        asked = np.arange(len(y)) % 4 == 0
        add(golden, name, X[~asked], X[asked], y[~asked], is_class)
        if name in ("breast_cancer", "wine_quality_white"):
            add_outliers(golden, name, X[~asked], X[asked])
        if name in ("breast_cancer", "digits"):
            add_centroids(golden, name, X[~asked], X[asked], y[~asked])
    golden.write()


if __name__ == "__main__":
    main()
