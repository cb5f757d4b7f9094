"""scikit-learn, one sample a call: fit times the loop of partial_fit calls, slicing included."""

from sklearn.linear_model import SGDClassifier


class ScikitLearn:
    """Steps of constant length, no penalty; classes 0 and 1."""

    def __init__(self, rate):
        self._rate = rate

    def fit(self, X, y):
        self._model = SGDClassifier(loss="log_loss", penalty=None, learning_rate="constant", eta0=self._rate)
        for i in range(len(X)):
            self._model.partial_fit(X[i:i + 1], y[i:i + 1], classes=[0, 1])
        return self

    def predict_proba(self, X):
        return self._model.predict_proba(X)
