"""Writes tests/golden/expected/forests.csv: how well scikit-learn's random forests predict real data.

    python tests/golden/make_forests.py /folder/of/the/csv/files

Of a file with more than 10000 rows every k-th is kept, k as small as will do. Of the rows that are left, the first, fifth,
ninth, ... are the test set, the others the training set. Forests have the default parameters but for TREES trees, and seeds
0, 1, ..., SEEDS - 1. Texts become codes in the order of the sorted texts, missing ones stay missing. Each score has two
numbers: the mean over the seeds and its standard error. "r2_in_bins" is that of features cut into 255 quantiles: on
california_housing it is what is lost by them (tutti has no exact splits yet).
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
