"""treelite's own walk (gtil) over a forest that scikit-learn fitted. Fitting and converting it is not timed."""

import treelite
from sklearn.ensemble import RandomForestClassifier


class Classifier:
    """Other parameters go to scikit-learn's forest."""

    def __init__(self, threads, **parameters):
        self._threads = threads
        self._forest = RandomForestClassifier(n_jobs=threads, **parameters)

    def fit(self, X, y):
        self._model = treelite.sklearn.import_model(self._forest.fit(X, y))
        return self

    def predict_proba(self, X):
        return treelite.gtil.predict(self._model, X, nthread=self._threads).reshape(len(X), -1)

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)
