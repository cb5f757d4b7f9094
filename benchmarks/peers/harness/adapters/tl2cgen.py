"""tl2cgen: prediction by C code compiled from a forest that scikit-learn fitted. The call and its DMatrix are timed,
fitting, generating and compiling are not."""

import os
import tempfile

import tl2cgen
import treelite
from sklearn.ensemble import RandomForestClassifier


class Classifier:
    """Other parameters go to scikit-learn's forest."""

    def __init__(self, threads, **parameters):
        self._threads = threads
        self._forest = RandomForestClassifier(n_jobs=threads, **parameters)

    def fit(self, X, y):
        model = treelite.sklearn.import_model(self._forest.fit(X, y))
        self._folder = tempfile.TemporaryDirectory()
        library = os.path.join(self._folder.name, "forest.so")
        parts = {"parallel_comp": 2 * self._forest.n_estimators}
        tl2cgen.export_lib(model, toolchain="gcc", libpath=library, params=parts, nthread=self._threads,
                           options=["-O1"])
        self._predictor = tl2cgen.Predictor(library, nthread=self._threads)
        return self

    def predict_proba(self, X):
        return self._predictor.predict(tl2cgen.DMatrix(X)).reshape(len(X), -1)

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)
