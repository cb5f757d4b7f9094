"""onnxruntime: one run of a forest that scikit-learn fitted. Fitting and converting it is not timed."""

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier


class Classifier:
    """Other parameters go to scikit-learn's forest."""

    def __init__(self, threads, **parameters):
        self._threads = threads
        self._forest = RandomForestClassifier(n_jobs=threads, **parameters)

    def fit(self, X, y):
        model = to_onnx(self._forest.fit(X, y), X[:1], options={"zipmap": False})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                     providers=["CPUExecutionProvider"])
        return self

    def predict_proba(self, X):
        return self._session.run(["probabilities"], {"X": X})[0]

    def predict(self, X):
        return np.argmax(self.predict_proba(X), axis=1)
