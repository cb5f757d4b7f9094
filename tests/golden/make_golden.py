"""Writes tests/golden/expected/*.csv: what scikit-learn answers on real data, for the C++ tests beside this file.

    python tests/golden/make_golden.py /folder/of/the/csv/files

Every fit is converged, and checked here with plain numpy: from its coefficients, a full Newton step moves none by more
than 1e-9 of the largest. A table has the columns case, item, index, value; the name of the last says who made it. An
empty case or item is that of the line before. Numbers have more digits than the tests compare, and those of metrics.csv
all that there are.
"""

import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
import scipy
import sklearn
from sklearn import metrics
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import StandardScaler

VERSIONS = f"scikit-learn {sklearn.__version__}; numpy {np.__version__}; scipy {scipy.__version__}"
HERE = pathlib.Path(__file__).resolve().parent
TARGETS = {"wine_quality_white": "quality", "diamonds": "price"}
SHOWN = 20  # rows whose predictions are written
FEW = 5  # rows whose probabilities are written, and transformed features


def frame(data, name):
    table = pd.read_csv(data / f"{name}.csv")
    return table.drop(columns=["cut", "color", "clarity"]) if name == "diamonds" else table


def load(data, name, target=None):
    """Features in the order of the file, and the target."""
    table = frame(data, name)
    target = target or TARGETS.get(name, "target")
    dropped = target if isinstance(target, list) else [target]
    return table.drop(columns=dropped).to_numpy(float), table[target].to_numpy()


def row_weights(n):
    return 1.0 + np.arange(n) % 3


def text(x, digits):
    """x with so many digits; with as many as a double needs, if None."""
    if x == int(x) and abs(x) < 1e9:
        return str(int(x))
    return repr(float(x)) if digits is None else f"{x:.{digits}g}"


class Golden:
    """A table of expected numbers."""

    def __init__(self, name, digits, script="make_golden.py"):
        self.digits = digits
        self.path = HERE / "expected" / f"{name}.csv"
        self.lines = [f"case,item,index,value (tests/golden/{script}; {VERSIONS})"]

    def add(self, case, item, values):
        values = np.ravel(np.asarray(values))
        assert np.isfinite(values).all(), (case, item)
        names = [f"{case},{item}"] + [","] * (len(values) - 1)
        self.lines += [f"{name},{i},{text(v, self.digits)}" for i, (name, v) in enumerate(zip(names, values))]

    def write(self):
        self.path.write_text("\n".join(self.lines) + "\n")
        print(f"{self.path.name}: {len(self.lines) - 1} numbers, {self.path.stat().st_size} bytes")


# Least squares --------------------------------------------------------------------------------------------------------


def require_least_squares(model, X, Y, w, alpha):
    """The gradient, in long doubles, leads nowhere; for dependent features there is no shorter solution either."""
    X, Y, w = (np.asarray(a, np.longdouble) for a in (X, Y.reshape(len(Y), -1), w))
    coef = np.atleast_2d(model.coef_).astype(np.longdouble)
    A = X - np.average(X, axis=0, weights=w) if model.fit_intercept else X
    residual = X @ coef.T + model.intercept_ - Y
    gradient = (A * w[:, None]).T @ residual + alpha * coef.T
    H = ((A * w[:, None]).T @ A).astype(float) + alpha * np.eye(X.shape[1])
    scale = 1 / np.sqrt(np.maximum(np.diag(H), 1e-300))
    step = scale[:, None] * (np.linalg.pinv(H * np.outer(scale, scale), rcond=1e-11, hermitian=True)
                             @ (scale[:, None] * gradient.astype(float)))
    assert (np.abs(step).max(axis=0) < 1e-9 * np.abs(coef).max(axis=1)).all(), (np.abs(step).max(), np.abs(coef).max())
    if model.fit_intercept:
        assert np.abs(np.average(residual, axis=0, weights=w)).max() < 1e-9 * np.abs(Y).max()
    if alpha == 0 and model.rank_ < X.shape[1]:
        directions = np.linalg.svd(np.asarray(A, float), full_matrices=False)[2][: model.rank_]
        outside = model.coef_ - (model.coef_ @ directions.T) @ directions
        assert np.abs(outside).max() < 1e-9 * np.abs(model.coef_).max(), "not the shortest solution"


def add_least_squares(golden, case, estimator, X, Y, w):
    model = estimator.fit(X, Y, sample_weight=w)
    require_least_squares(model, X, Y, np.ones(len(X)) if w is None else w, getattr(model, "alpha", 0.0))
    golden.add(case, "coef", model.coef_)
    golden.add(case, "intercept", model.intercept_)
    golden.add(case, "prediction", model.predict(X[:SHOWN]))
    return model


def add_linear_models(golden, name, X, y, alphas=(0.1, 1, 100)):
    for suffix, w in (("", None), ("/weights", row_weights(len(X)))):
        for constant, intercept in (("", True), ("/no intercept", False)):
            linear = LinearRegression(fit_intercept=intercept, tol=1e-12)
            add_least_squares(golden, f"{name}/linear{constant}{suffix}", linear, X, y, w)
            for alpha in alphas:
                case = f"{name}/ridge {alpha}{constant}{suffix}"
                add_least_squares(golden, case, Ridge(alpha, fit_intercept=intercept, solver="cholesky"), X, y, w)


def add_two_targets(golden, data):
    X, Y = load(data, "wine_quality_white", ["quality", "alcohol"])
    for suffix, w in (("", None), ("/weights", row_weights(len(X)))):
        add_least_squares(golden, f"two targets/linear{suffix}", LinearRegression(), X, Y, w)
        add_least_squares(golden, f"two targets/ridge 1{suffix}", Ridge(1.0, solver="cholesky"), X, Y, w)


def add_dependent_features(golden, data):
    """A feature twice, and one that is constant: after the others, in this order."""
    X, y = load(data, "wine_quality_white")
    X = np.column_stack([X, X[:, 3], np.full(len(X), 5.0)])
    for suffix, w in (("", None), ("/weights", row_weights(len(X)))):
        for constant, intercept in (("", True), ("/no intercept", False)):
            case = f"dependent features/linear{constant}{suffix}"
            model = add_least_squares(golden, case, LinearRegression(fit_intercept=intercept), X, y, w)
            golden.add(case, "rank", model.rank_)


def make_linear(data):
    golden = Golden("linear", digits=10)
    X, y = load(data, "wine_quality_white")
    add_linear_models(golden, "wine_quality_white", X, y)
    add_linear_models(golden, "wine_quality_white standardised", StandardScaler().fit_transform(X), y, (1,))
    add_two_targets(golden, data)
    add_dependent_features(golden, data)
    golden.write()

    more = Golden("linear_more", digits=10)
    for name in ("diabetes", "diamonds"):
        add_linear_models(more, name, *load(data, name))
    X, y = load(data, "diabetes")
    add_linear_models(more, "diabetes standardised", StandardScaler().fit_transform(X), y, (1,))
    more.write()


# Logistic regression --------------------------------------------------------------------------------------------------


def newton_step(model, X, y, w):
    """Gradient of the mean objective at the model's coefficients, and the Newton step from there."""
    n, p = X.shape
    k = len(model.classes_)
    A = np.column_stack([X, np.ones(n)]) if model.fit_intercept else X
    W = np.column_stack([model.coef_, model.intercept_]) if model.fit_intercept else model.coef_
    penalty = np.where(np.arange(A.shape[1]) < p, 1 / model.C, 0.0)
    z = A @ W.T if k > 2 else np.column_stack([np.zeros(n), A @ W[0]])
    P = np.exp(z - z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    classes = range(k) if k > 2 else [1]
    gradient = np.array([A.T @ (w * (P[:, c] - (y == model.classes_[c]))) for c in classes]) + penalty * W
    H = np.block([[(A.T * (w * P[:, a] * ((a == b) - P[:, b]))) @ A + (a == b) * np.diag(penalty) for b in classes]
                  for a in classes])
    scale = 1 / np.sqrt(np.maximum(np.diag(H), 1e-300))
    inverse = np.linalg.pinv(H * np.outer(scale, scale), rcond=1e-14, hermitian=True)
    step = scale * (inverse @ (scale * gradient.ravel()))
    return gradient / w.sum(), step, W


def fit_logistic(X, y, w, **parameters):
    learner = LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000, **parameters)
    model = learner.fit(X, y, sample_weight=w)
    total = np.ones(len(X)) if w is None else w.copy()
    if parameters.get("class_weight") == "balanced":
        all_samples = total.sum()
        for label in model.classes_:
            of_class = y == label
            total[of_class] *= all_samples / (len(model.classes_) * total[of_class].sum())
    gradient, step, W = newton_step(model, X, y, total)
    assert np.abs(gradient).max() < 1e-11, np.abs(gradient).max()
    assert np.abs(step).max() < 1e-9 * np.abs(W).max(), (np.abs(step).max(), np.abs(W).max())
    return model


def require_lbfgs_agrees(model, X, y, w, **parameters):
    """scikit-learn's other solver stops where the objective no longer changes, so its coefficients are less exact."""
    other = LogisticRegression(solver="lbfgs", tol=1e-12, max_iter=100000, **parameters).fit(X, y, sample_weight=w)
    apart = np.abs(other.coef_ - model.coef_).max() / np.abs(model.coef_).max()
    assert apart < 1e-4, apart
    print(f"  lbfgs and newton-cholesky differ by {apart:.1e}")


def add_logistic(golden, case, X, y, w=None, **parameters):
    model = fit_logistic(X, y, w, **parameters)
    require_lbfgs_agrees(model, X, y, w, **parameters)
    golden.add(case, "coef", model.coef_)
    golden.add(case, "intercept", model.intercept_ if model.fit_intercept else np.zeros(len(model.coef_)))
    golden.add(case, "decision", model.decision_function(X[:SHOWN]))
    golden.add(case, "label", model.predict(X[:SHOWN]))
    golden.add(case, "probability", model.predict_proba(X[:FEW]))
    golden.add(case, "log probability", model.predict_log_proba(X[:FEW]))


def add_strengths(golden, name, X, y, strengths):
    for C in strengths:
        add_logistic(golden, f"{name}/C={C}", X, y, C=C)


def add_weights(golden, name, X, y, C=1):
    w = row_weights(len(X))
    add_logistic(golden, f"{name}/C={C}/balanced", X, y, C=C, class_weight="balanced")
    add_logistic(golden, f"{name}/C={C}/weights", X, y, w, C=C)
    add_logistic(golden, f"{name}/C={C}/balanced/weights", X, y, w, C=C, class_weight="balanced")
    add_logistic(golden, f"{name}/C={C}/no intercept", X, y, C=C, fit_intercept=False)


def standardised(data, name):
    X, y = load(data, name)
    return StandardScaler().fit_transform(X), y


def make_logistic(data):
    golden = Golden("logistic", digits=10)
    cancer, magic = standardised(data, "breast_cancer"), standardised(data, "magic_gamma")
    add_strengths(golden, "breast_cancer standardised", *cancer, (0.1, 1, 100))
    add_weights(golden, "breast_cancer standardised", *cancer)
    add_strengths(golden, "magic_gamma standardised", *magic, (0.1, 1, 100, np.inf))
    add_weights(golden, "magic_gamma standardised", *magic)
    add_strengths(golden, "magic_gamma raw", *load(data, "magic_gamma"), (1,))
    add_strengths(golden, "digits standardised", *standardised(data, "digits"), (0.01,))
    add_weights(golden, "wine_quality_white standardised", *standardised(data, "wine_quality_white"), 0.01)
    golden.write()

    more = Golden("logistic_more", digits=10)
    for name in ("wine", "iris"):
        add_strengths(more, f"{name} standardised", *standardised(data, name), (0.01, 1))
        add_weights(more, f"{name} standardised", *standardised(data, name))
    more.write()


# Naive Bayes ----------------------------------------------------------------------------------------------------------


def add_answers(golden, case, model, X):
    golden.add(case, "prior", model.class_prior_)
    golden.add(case, "label", model.predict(X[:100]))
    golden.add(case, "joint log probability", model.predict_joint_log_proba(X[:FEW]))


def add_gaussian_nb(golden, case, model, X):
    golden.add(case, "mean", model.theta_)
    golden.add(case, "variance", model.var_)
    golden.add(case, "smoothing", model.epsilon_)
    golden.add(case, "class count", model.class_count_)
    add_answers(golden, case, model, X)


def require_weights_are_copies(weighted, copies):
    """Of copies scikit-learn sees all in its smoothing; of weighted samples the largest variance without weights."""
    assert np.allclose(weighted.theta_, copies.theta_, rtol=1e-9, atol=1e-12)
    variances = weighted.var_ - weighted.epsilon_, copies.var_ - copies.epsilon_
    assert np.allclose(*variances, rtol=1e-9, atol=1e-9 * copies.epsilon_)


def add_naive_bayes_cases(golden, name, X, y):
    k = len(np.unique(y))
    w = np.arange(len(X)) % 3 + 1
    priors = np.arange(1, k + 1) / (k * (k + 1) / 2)
    add_gaussian_nb(golden, name, GaussianNB().fit(X, y), X)
    add_answers(golden, f"{name}/priors", GaussianNB(priors=priors).fit(X, y), X)
    copies = GaussianNB().fit(np.repeat(X, w, axis=0), np.repeat(y, w))
    require_weights_are_copies(GaussianNB().fit(X, y, sample_weight=w), copies)
    add_gaussian_nb(golden, f"{name}/weights", copies, X)


def make_naive_bayes(data):
    golden = Golden("naive_bayes", digits=12)
    for name in ("breast_cancer", "digits", "magic_gamma"):
        add_naive_bayes_cases(golden, name, *load(data, name))
    golden.write()
    more = Golden("naive_bayes_more", digits=12)
    for name in ("iris", "wine"):
        add_naive_bayes_cases(more, name, *load(data, name))
    more.write()


# Scaling --------------------------------------------------------------------------------------------------------------


def add_scaler(golden, case, scaler, X):
    golden.add(case, "mean", scaler.mean_)
    golden.add(case, "variance", scaler.var_)
    golden.add(case, "scale", scaler.scale_)
    golden.add(case, "transformed", scaler.transform(X[:FEW]))


def make_standard_scaler(data):
    golden = Golden("standard_scaler", digits=12)
    for name in ("breast_cancer", "digits"):
        X, _ = load(data, name)
        add_scaler(golden, name, StandardScaler().fit(X), X)
        add_scaler(golden, f"{name}/weights", StandardScaler().fit(X, sample_weight=row_weights(len(X))), X)
    golden.write()


# Metrics --------------------------------------------------------------------------------------------------------------


def add_label_metrics(golden, case, y, predicted, w, suffix):
    golden.add(case, f"accuracy{suffix}", metrics.accuracy_score(y, predicted, sample_weight=w))
    golden.add(case, f"confusion{suffix}", metrics.confusion_matrix(y, predicted, sample_weight=w))
    scores = {"precision": metrics.precision_score, "recall": metrics.recall_score, "f1": metrics.f1_score}
    averages = ["macro", "weighted", "micro"] + (["binary"] if len(np.unique([y, predicted])) == 2 else [])
    for name, score in scores.items():
        for average in averages:
            value = score(y, predicted, average=average, sample_weight=w, zero_division=0)
            golden.add(case, f"{name} {average}{suffix}", value)


def both_weights(w):
    return (("", None), ("/weights", w))


def add_inputs(golden, case, **inputs):
    for name, values in inputs.items():
        golden.add(case, name, values)


def add_labels(golden, case, y, predicted, w):
    for suffix, weights in both_weights(w):
        add_label_metrics(golden, case, y, predicted, weights, suffix)


def add_scores(golden, case, y, score, w):
    for suffix, weights in both_weights(w):
        golden.add(case, f"roc_auc{suffix}", metrics.roc_auc_score(y, score, sample_weight=weights))


def add_probabilities(golden, case, y, probability, classes, w):
    for kind, P in (("", probability), (" of floats", probability.astype(np.float32))):
        for suffix, weights in both_weights(w):
            loss = metrics.log_loss(y, y_proba=P, labels=classes, sample_weight=weights)
            golden.add(case, f"log_loss{kind}{suffix}", loss)


def add_numbers(golden, case, y, predicted, w, powers):
    for suffix, weights in both_weights(w):
        golden.add(case, f"r2{suffix}", metrics.r2_score(y, predicted, sample_weight=weights))
        golden.add(case, f"mse{suffix}", metrics.mean_squared_error(y, predicted, sample_weight=weights))
        golden.add(case, f"mae{suffix}", metrics.mean_absolute_error(y, predicted, sample_weight=weights))
        for power in powers:
            score = metrics.d2_tweedie_score(y, predicted, power=power, sample_weight=weights)
            golden.add(case, f"d2 {power}{suffix}", score)


def add_small_labels(golden, case, y, predicted, w):
    add_inputs(golden, case, y=y, predicted=predicted, weight=w)
    add_labels(golden, case, y, predicted, w)


def add_small_probabilities(golden, case, y, probability, classes, w):
    add_inputs(golden, case, y=y, probability=probability, classes=classes, weight=w)
    add_probabilities(golden, case, y, probability, classes, w)


def add_small_numbers(golden, case, y, predicted, w, powers):
    """All of them are floats too."""
    add_inputs(golden, case, y=y, predicted=predicted, weight=w)
    add_numbers(golden, case, y, predicted, w, powers)


def add_small_inputs(golden):
    w = np.array([0.5, 1, 2, 0, 1.25, 3, 0.75, 1, 1, 2.5])
    y = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 0])
    add_small_labels(golden, "small labels", y, np.array([0, 1, 0, 1, 1, 0, 1, 1, 1, 0]), w)
    # A class (9) that is never predicted, one (4) that never occurs.
    y3, predicted3 = np.array([-3, 2, 2, 9, -3, 2, -3, 9, 2, 2]), np.array([-3, 2, -3, 2, 2, 2, -3, 4, 2, -3])
    add_small_labels(golden, "small classes", y3, predicted3, w)
    score = np.array([0.1, 0.5, 0.5, 0.5, 0.9, -1, 0.9, 0.25, 2, 0.1])
    add_inputs(golden, "small scores", y=y, score=score, weight=w)
    add_scores(golden, "small scores", y, score, w)
    p = np.array([0.9, 0.8, 0.25, 0.999, 0.6, 1.0, 0.0, 1e-20, 0.5, 1.0])
    add_small_probabilities(golden, "small probabilities", y, np.column_stack([p, 1 - p]), [0, 1], w)
    P = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0, 0, 1], [1, 0, 0], [0.0625, 0.0625, 0.875]])
    add_small_probabilities(golden, "small probabilities of three", np.array([-3, 2, 9, 2, 9]), P, [-3, 2, 9], w[:5])
    positive = np.array([1.5, 0.25, 3, 7, 2, 2, 10, 0.5, 4, 1])
    predicted = np.array([1, 0.5, 3.5, 5, 2, 2.25, 12, 0.125, 4, 2])
    counts, signed = np.array([0, 1, 0, 3, 2, 0, 5, 1, 0, 4]), np.array([-1, 2, 0, 3, -0.5, 4, 5, 1, 2, 3])
    add_small_numbers(golden, "small positive numbers", positive, predicted, w, (-1, 0, 1, 1.5, 2, 3))
    add_small_numbers(golden, "small counts", counts, predicted, w, (-1, 0, 1, 1.5))
    add_small_numbers(golden, "small numbers", positive - 3, predicted - 3, w, (0,))
    add_small_numbers(golden, "small numbers with positive predictions", signed, predicted, w, (-1, 0))


def add_real_data(golden, data):
    """Predictions are rules of one feature, which the test computes too."""
    wine = frame(data, "wine_quality_white")
    quality, alcohol, w = wine["quality"].to_numpy(), wine["alcohol"].to_numpy(), row_weights(len(wine))
    add_labels(golden, "quality by alcohol", quality, np.floor(alcohol / 2).astype(int), w)
    add_numbers(golden, "quality by alcohol", quality, 0.3 * alcohol + 2.6, w, (-1, 0, 1, 1.5, 2, 3))
    add_scores(golden, "quality by alcohol", quality >= 7, alcohol, w)
    cancer = frame(data, "breast_cancer")
    benign, radius = cancer["target"].to_numpy(), cancer["worst_radius"].to_numpy()
    add_labels(golden, "benign by radius", benign, (radius < 16.75).astype(int), row_weights(len(cancer)))
    add_scores(golden, "benign by radius", benign, -radius, row_weights(len(cancer)))
    magic = frame(data, "magic_gamma")
    gamma, alpha = magic["target"].to_numpy(), magic["alpha"].to_numpy()
    add_scores(golden, "gamma by alpha", gamma, -alpha, row_weights(len(magic)))


def make_metrics(data):
    golden = Golden("metrics", digits=None)
    add_small_inputs(golden)
    add_real_data(golden, data)
    golden.write()


if __name__ == "__main__":
    warnings.simplefilter("error")
    folder = pathlib.Path(sys.argv[1])
    for make in (make_linear, make_logistic, make_naive_bayes, make_standard_scaler, make_metrics):
        make(folder)
