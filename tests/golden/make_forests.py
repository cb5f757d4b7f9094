"""Writes tests/golden/expected/forests.csv and forests_more.csv: how well scikit-learn's random forests predict real data.

    python tests/golden/make_forests.py /folder/of/the/csv/files

Of a file with more than 10000 rows every k-th is kept, k as small as will do. Of the rows that are left, the first, fifth,
ninth, ... are the test set, the others the training set. Forests have the default parameters but for TREES trees, and seeds
0, 1, ..., SEEDS - 1. Texts become codes in the order of the sorted texts, missing ones stay missing. Each score has two
numbers: the mean over the seeds and its standard error. "r2_in_bins" is that of features cut into 255 quantiles: on
california_housing it is what is lost by them (tutti has no exact splits yet). forests_more.csv has forests of other
hyper-parameters.
"""

import pathlib
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.preprocessing import KBinsDiscretizer

from make_golden import Golden

TREES, SEEDS, MOST_ROWS = 30, 20, 10000
CLASSES = {"breast_cancer": "target", "digits": "target", "magic_gamma": "target", "adult": "income"}
NUMBERS = {"diabetes": "target", "california_housing": "median_house_value", "diamonds": "price"}


def as_numbers(column):
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(float)
    codes = column.astype("category").cat.codes.to_numpy(float)
    return np.where(codes < 0, np.nan, codes)


def parts(data, name, target):
    """Samples and targets: of training, of the test."""
    table = pd.read_csv(data / f"{name}.csv")
    table = table.iloc[:: -(-len(table) // MOST_ROWS)]
    X = np.column_stack([as_numbers(table[c]) for c in table.columns if c != target])
    y = table[target].to_numpy()
    tested = np.arange(len(y)) % 4 == 0
    return X[~tested], y[~tested], X[tested], y[tested]


def scores_of_classes(seed, X, y, X_test, y_test):
    model = RandomForestClassifier(TREES, random_state=seed, n_jobs=2).fit(X, y)
    out = {"accuracy": accuracy_score(y_test, model.predict(X_test))}
    if len(model.classes_) == 2:
        out["auc"] = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])
    return out


def scores_of_numbers(seed, X, y, X_test, y_test):
    return {"r2": r2_score(y_test, RandomForestRegressor(TREES, random_state=seed, n_jobs=2).fit(X, y).predict(X_test))}


def scores_in_bins(seed, X, y, X_test, y_test):
    bins = KBinsDiscretizer(255, encode="ordinal", strategy="quantile", subsample=None).fit(np.nan_to_num(X))
    binned = scores_of_numbers(seed, bins.transform(np.nan_to_num(X)), y, bins.transform(np.nan_to_num(X_test)), y_test)
    return scores_of_numbers(seed, X, y, X_test, y_test) | {"r2_in_bins": binned["r2"]}


def add_scores(golden, data, name, target, score):
    sets = parts(data, name, target)
    runs = [score(seed, *sets) for seed in range(SEEDS)]
    golden.add(name, "rows", [len(sets[1]), len(sets[3])])
    for item in runs[0]:
        values = np.array([run[item] for run in runs])
        golden.add(name, item, [values.mean(), values.std(ddof=1) / np.sqrt(SEEDS)])
        print(f"  {name}: {item} {values.mean():.4f} +- {values.std(ddof=1) / np.sqrt(SEEDS):.4f}")


MORE_CLASSES = {
    "auc_few_leaves": {"max_leaf_nodes": 6},
    "auc_pruned": {"ccp_alpha": 0.02},
    "auc_balanced": {"class_weight": "balanced_subsample", "max_depth": 3},
    "auc_entropy": {"criterion": "entropy", "min_samples_leaf": 5},
    "auc_monotonic": {"monotonic_cst": [1] * 10 + [0] * 20},
}
MORE_NUMBERS = {
    "r2_absolute_error": {"criterion": "absolute_error", "min_samples_leaf": 3},
    "r2_poisson": {"criterion": "poisson", "min_samples_leaf": 3},
    "r2_few_leaves": {"max_leaf_nodes": 10},
    "r2_pruned": {"ccp_alpha": 40.0},
    "r2_monotonic": {"monotonic_cst": [0, 0, 1, 1, 0, 0, 0, 0, 1, 0], "min_samples_leaf": 3},
}


def scores_of_more(forest, more, score):
    def scores(seed, X, y, X_test, y_test):
        fitted = {k: forest(TREES, random_state=seed, n_jobs=2, **p).fit(X, y) for k, p in more.items()}
        return {k: score(model, X_test, y_test) for k, model in fitted.items()}

    return scores


def make_forests_more(data):
    golden = Golden("forests_more", digits=8, script="make_forests.py")
    golden.add("all", "trees", TREES)
    golden.add("all", "seeds", SEEDS)
    auc = lambda model, X, y: roc_auc_score(y, model.predict_proba(X)[:, 1])
    add_scores(golden, data, "breast_cancer", "target", scores_of_more(RandomForestClassifier, MORE_CLASSES, auc))
    r2 = lambda model, X, y: r2_score(y, model.predict(X))
    add_scores(golden, data, "diabetes", "target", scores_of_more(RandomForestRegressor, MORE_NUMBERS, r2))
    golden.write()


def make_forests(data):
    golden = Golden("forests", digits=8, script="make_forests.py")
    golden.add("all", "trees", TREES)
    golden.add("all", "seeds", SEEDS)
    for name, target in CLASSES.items():
        add_scores(golden, data, name, target, scores_of_classes)
    for name, target in NUMBERS.items():
        add_scores(golden, data, name, target, scores_in_bins if name == "california_housing" else scores_of_numbers)
    golden.write()


if __name__ == "__main__":
    make_forests(pathlib.Path(sys.argv[1]))
    make_forests_more(pathlib.Path(sys.argv[1]))
