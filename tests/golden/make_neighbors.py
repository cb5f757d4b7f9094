"""Writes tests/golden/expected/neighbors.csv: what scikit-learn's neighbours say of real data.

    python tests/golden/make_neighbors.py /folder/of/the/csv/files

The first, fifth, ninth, ... rows are the queries, the others the samples. Queries are left out where the k-th and the
next neighbour are at one distance: which of them scikit-learn takes is not defined. "rows" are the queries that are left,
the first SHOWN of them, by their number among the queries.
"""

import pathlib
import sys

import numpy as np
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, NearestNeighbors, RadiusNeighborsClassifier

from make_golden import Golden, load

SHOWN, K = 40, 5
METRICS = {
    "euclidean": {"metric": "euclidean"},
    "manhattan": {"metric": "manhattan"},
    "chebyshev": {"metric": "chebyshev"},
    "minkowski 3": {"metric": "minkowski", "p": 3},
    "cosine": {"metric": "cosine"},
}


def without_ties(X, Q, options):
    """The first queries whose neighbours are defined: no two of the first K + 1 at one distance, to rounding; none at 0."""
    distances, _ = NearestNeighbors(n_neighbors=K + 1, algorithm="brute", **options).fit(X).kneighbors(Q)
    gaps = np.diff(distances, axis=1) > 1e-9 * distances[:, -1:]
    return np.flatnonzero(gaps.all(axis=1) & (distances[:, 0] > 1e-12))[:SHOWN]


def add(golden, name, X, Q, y, is_class):
    for metric, options in METRICS.items():
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
    golden.add(name, "radius counts", [len(f) for f in found])


def main():
    data = pathlib.Path(sys.argv[1])
    golden = Golden("neighbors", 12, "make_neighbors.py")
    for name, is_class in (("breast_cancer", True), ("digits", True), ("magic_gamma", True), ("wine_quality_white", False)):
        X, y = load(data, name)
        asked = np.arange(len(y)) % 4 == 0
        add(golden, name, X[~asked], X[asked], y[~asked], is_class)
    golden.write()


if __name__ == "__main__":
    main()
