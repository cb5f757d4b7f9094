"""CapyMOA: fit times its prequential evaluation (MOA's loop, in Java) by its own clock; making the stream is not."""

import numpy as np
from capymoa.classifier import HoeffdingTree as Tree
from capymoa.evaluation import prequential_evaluation
from capymoa.stream import NumpyStream


class HoeffdingTree:
    """Answers for each sample, then learns it. Parameters are those of capymoa.classifier.HoeffdingTree."""

    def __init__(self, **parameters):
        self._parameters = parameters

    def fit(self, X, y):
        stream = NumpyStream(X, y, target_type="categorical")
        tree = Tree(schema=stream.get_schema(), **self._parameters)
        results = prequential_evaluation(stream, tree, window_size=len(X), store_predictions=True)
        self.seconds_ = results.wallclock()
        self.prequential_labels_ = np.array([-1 if label is None else label for label in results.predictions()])
        return self
