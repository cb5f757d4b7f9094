#!/usr/bin/env python3
"""tutti beside scikit-learn and scikit-learn-intelex: the same data, threads and run, taking turns.

    python3 benchmarks/compare_with_scikit_learn.py build/bench/benchmarks/fit_times

The data come from tutti's generators. In each round everyone does the job once to warm up and once against the clock.
A logistic regression stops at the loosest tolerance that brings its objective within 1e-6 of the minimum, relative.
Ratios are of one round: times of the row over times of the first row.
"""

import argparse
import functools
import importlib.metadata
import logging
import os
import pathlib
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program", help="fit_times, as built by the target `benchmarks`")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=15)
parser.add_argument("--pause", type=float, default=0.2, help="seconds between turns: idle threads spin a while")
options = parser.parse_args()

# Before the libraries are loaded, which size their pools then. Children inherit it.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(options.threads)

import numpy as np
from sklearn import linear_model, naive_bayes, preprocessing
from sklearnex import linear_model as linear_model_ex


class RefuseFallback(logging.Handler):
    """scikit-learn-intelex hands to scikit-learn what it cannot do: then a row would not be what it says."""

    def emit(self, record):
        if "fallback" in record.getMessage():
            raise RuntimeError(record.getMessage())


logger = logging.getLogger("sklearnex")
logger.handlers, logger.propagate = [RefuseFallback()], False
logger.setLevel(logging.INFO)


class Tutti:
    """fit_times, told what to do line by line."""

    def __init__(self, folder):
        self.folder = folder
        command = [options.program, str(folder), str(options.threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", "fit_times has failed"

    def call(self, job):
        def run(tolerance=0):
            print(job, tolerance, file=self.process.stdin, flush=True)
            return float(self.process.stdout.readline()), np.load(self.folder / "result.npy").squeeze()

        return run


def timed(call, judge):
    """A contender of ours or theirs: tolerance -> (seconds, numbers to judge it by)."""

    def run(tolerance=0):
        begin = time.perf_counter()
        value = call(tolerance)
        return time.perf_counter() - begin, judge(value)

    return run


def linear(model):
    return np.append(np.ravel(model.coef_), model.intercept_).astype(float)


def objective(X, y, w):
    """Mean loss plus penalty, in double; C = 1."""
    z = X.astype(float) @ w[:-1] + w[-1]
    return np.mean(np.logaddexp(0, z) - y * z) + w[:-1] @ w[:-1] / (2 * len(y))


def compare(title, contenders, quality):
    """Prints one table; contenders: name -> run(), the first is what the others are divided by."""
    seconds = {name: [] for name in contenders}
    for _ in range(options.rounds):
        for name, run in contenders.items():
            run()
            seconds[name].append(run()[0])
            time.sleep(options.pause)
    first = np.array(next(iter(seconds.values())))
    print(f"\n{title}\n{'':44}{'ms':>9}{'ratio':>9}  quartiles       quality")
    for name, run in contenders.items():
        mine = np.array(seconds[name])
        low, middle, high = np.quantile(mine / first, [0.25, 0.5, 0.75])
        judged = quality(run()[1])
        median = 1e3 * np.median(mine)
        print(f"  {name:42}{median:9.2f}{middle:9.2f}  {low:6.2f} {high:6.2f}  {judged:.10f}", flush=True)


def at_loosest_tolerance(contenders, quality, minimum):
    """The contenders at the tolerance where each is fastest and still good enough."""
    found = {}
    for name, run in contenders.items():
        enough = (t for t in 10.0 ** np.arange(4, -8, -0.5) if quality(run(t)[1]) <= minimum * (1 + 1e-6))
        tolerance = next(enough, None)
        if tolerance is None:
            print(f"{name}: its objective stays above the minimum by more than 1e-6, left out")
        else:
            found[f"{name}, tol {tolerance:.0e}"] = functools.partial(run, tolerance)
    return found


def compare_logistic(tutti, load):
    X, y = load("higgs_200k_X"), load("higgs_200k_y").ravel()
    wide = X.astype(np.float64)

    def theirs(module, solver, data):
        return timed(lambda t: module.LogisticRegression(solver=solver, tol=t, max_iter=1000).fit(data, y), linear)

    contenders = {"tutti newton_cholesky": tutti.call("newton_cholesky"), "tutti lbfgs": tutti.call("lbfgs")}
    for kind, data in ("float", X), ("double", wide):
        contenders[f"sklearnex lbfgs {kind}"] = theirs(linear_model_ex, "lbfgs", data)
        contenders[f"sklearn lbfgs {kind}"] = theirs(linear_model, "lbfgs", data)
        contenders[f"sklearn newton-cholesky {kind}"] = theirs(linear_model, "newton-cholesky", data)

    def quality(w):
        return objective(X, y, w)

    minimum = quality(theirs(linear_model, "newton-cholesky", wide)(1e-10)[1])
    compare(f"logistic_regression fit, 200k x 28 float; quality: objective, minimum {minimum:.10f}",
            at_loosest_tolerance(contenders, quality, minimum), quality)


def compare_ridge(tutti, load):
    X, y = load("friedman_1m_X"), load("friedman_1m_y").ravel()

    def quality(w):
        residual = y - X @ w[:-1] - w[-1]
        return 1 - residual @ residual / np.sum((y - y.mean(dtype=float)) ** 2)

    compare("ridge fit, 1M x 50 float; quality: R2", {
        "tutti": tutti.call("ridge"),
        "sklearnex": timed(lambda _: linear_model_ex.Ridge().fit(X, y), linear),
        "sklearn": timed(lambda _: linear_model.Ridge().fit(X, y), linear),
    }, quality)


def compare_bayes(tutti, X, y):
    fitted = naive_bayes.GaussianNB().fit(X, y)

    def quality(predicted):
        return np.mean(predicted == y)

    compare("gaussian_nb fit, 1M x 28 float; quality: accuracy", {
        "tutti": tutti.call("gaussian_nb_fit"),
        "sklearn": timed(lambda _: naive_bayes.GaussianNB().fit(X, y), lambda m: m.predict(X)),
    }, quality)
    compare("gaussian_nb predict, 1M x 28 float; quality: accuracy", {
        "tutti": tutti.call("gaussian_nb_predict"),
        "sklearn": timed(lambda _: fitted.predict(X), lambda labels: labels),
    }, quality)


def compare_scaler(tutti, X):
    fitted = preprocessing.StandardScaler().fit(X)

    def quality(Z):
        return np.mean(np.abs(Z), dtype=float)

    compare("standard_scaler fit, 1M x 28 float; quality: mean |z| of 1000 rows", {
        "tutti": tutti.call("standard_scaler_fit"),
        "sklearn": timed(lambda _: preprocessing.StandardScaler().fit(X), lambda m: m.transform(X)[:1000]),
    }, quality)
    compare("standard_scaler transform, 1M x 28 float; quality: mean |z| of 1000 rows", {
        "tutti": tutti.call("standard_scaler_transform"),
        "sklearn": timed(lambda _: fitted.transform(X), lambda Z: Z[:1000]),
    }, quality)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    tutti = Tutti(folder)

    def load(array):
        return np.load(folder / f"{array}.npy")

    packages = ("scikit-learn", "scikit-learn-intelex")
    print(", ".join(f"{package} {importlib.metadata.version(package)}" for package in packages))
    print(f"{options.threads} threads each, {options.rounds} rounds")
    compare_logistic(tutti, load)
    compare_ridge(tutti, load)
    X, y = load("higgs_1m_X"), load("higgs_1m_y").ravel()
    compare_bayes(tutti, X, y)
    compare_scaler(tutti, X)
    tutti.process.stdin.close()
    tutti.process.wait()
