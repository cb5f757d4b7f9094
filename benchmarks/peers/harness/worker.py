"""A peer's process: python -m harness.worker THREADS DTYPE. The protocol is in contender.py."""

import importlib
import json
import logging
import os
import sys
import time
import warnings


class RefuseFallback(logging.Handler):
    """scikit-learn-intelex hands to scikit-learn what it cannot do: then a row would not be what it says."""

    def emit(self, record):
        if "fallback" in record.getMessage():
            raise RuntimeError(record.getMessage())


def refuse_fallback():
    logger = logging.getLogger("sklearnex")
    logger.handlers, logger.propagate = [RefuseFallback()], False
    logger.setLevel(logging.INFO)


class Worker:
    def __init__(self, threads, dtype):
        import numpy

        self.numpy = numpy
        self.threads = threads
        self.dtype = dtype
        self.arrays = {}
        self.model = None
        self.estimator = self.parameters = None

    def load(self, name, path):
        array = self.numpy.load(path)
        begin = time.perf_counter()
        self.arrays[name] = array.ravel() if name == "y" else self.numpy.ascontiguousarray(array, dtype=self.dtype)
        return time.perf_counter() - begin

    def make(self, estimator, parameters):
        self.model = None
        module, _, name = estimator.rpartition(".")
        self.estimator = getattr(importlib.import_module(module), name)
        self.parameters = {k: self.threads if v == "THREADS" else v for k, v in json.loads(parameters).items()}

    def run(self, task):
        if task == "fit" or self.model is None:
            self.model = None  # its memory first
            self.model = self.estimator(**self.parameters)
            seconds = self._timed(lambda: self.model.fit(*self._training()))
            if task == "fit":
                return seconds
        return self._timed(lambda: getattr(self.model, task)(self.arrays["X_test"]))

    def judge(self, output, path):
        self.numpy.save(path, self.numpy.asarray(getattr(self, f"_{output}")()))

    def _training(self):
        return (self.arrays["X"], self.arrays["y"]) if "y" in self.arrays else (self.arrays["X"],)

    def _timed(self, call):
        begin = time.perf_counter()
        call()
        seconds = time.perf_counter() - begin
        return getattr(self.model, "seconds_", seconds)  # adapters that start processes of their own time themselves

    def _coefficients(self):
        return self.numpy.column_stack([self.numpy.atleast_2d(self.model.coef_),
                                        self.numpy.atleast_1d(self.model.intercept_)]).astype(float)

    def _labels(self):
        return self.model.predict(self.arrays["X_test"])

    def _values(self):
        return self.numpy.asarray(self.model.predict(self.arrays["X_test"]), dtype=float).ravel()

    def _probabilities(self):
        return self.model.predict_proba(self.arrays["X_test"])

    def _transformed(self):
        return self.model.transform(self.arrays["X_test"][:1000])

    def _neighbours(self):
        return self.model.kneighbors(self.arrays["X_test"][:50])[1]  # as many as quality.recall looks at

    def _centres(self):
        return self.model.cluster_centers_

    def _path(self):
        return self.model.path_  # a row of coefficients and intercept an alpha

    def _prequential(self):
        return self.model.prequential_labels_  # each given before its sample was learnt


def serve(worker, lines, answer):
    for line in lines:
        command, _, rest = line.rstrip("\n").partition(" ")
        try:
            if command not in ("load", "make", "run", "judge"):
                raise ValueError(f"unknown command {command}")
            value = getattr(worker, command)(*rest.split(" ", 0 if command == "run" else 1))
            answer("ok" if value is None else f"ok {value!r}")
        except Exception as error:  # whatever a peer throws belongs in its row
            answer(f"error {type(error).__name__}: {' '.join(str(error).split())[:300]}")


def main():
    # What peers print must not be taken for answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    refuse_fallback()
    threads, dtype = int(sys.argv[1]), sys.argv[2]

    def answer(text):
        print(text, file=answers, flush=True)

    try:
        worker = Worker(threads, dtype)
    except ImportError as error:
        answer(f"error {error}")
        return
    answer("ready")
    serve(worker, sys.stdin, answer)


if __name__ == "__main__":
    main()
