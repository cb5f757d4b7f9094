"""ranger (R): the call of ranger() or predict() in R's clock; moving the arrays to R and back is not in it."""

from harness.adapters.rscript import RScript

_FIT = """
library(ranger)
X <- get("X", n, p); colnames(X) <- paste0("x", seq_len(p))
y <- factor(get("y", n, 1)[, 1])
forest <- timed(ranger(x = X, y = y, num.trees = trees, mtry = mtry, max.depth = depth, min.node.size = leaf,
                       probability = TRUE, oob.error = FALSE, num.threads = threads, seed = seed, verbose = FALSE))
saveRDS(forest, "forest", compress = FALSE)
"""

_PREDICT = """
library(ranger)
X <- get("X_test", n, p); colnames(X) <- paste0("x", seq_len(p))
forest <- readRDS("forest")
put("p", timed(predict(forest, X, num.threads = threads, verbose = FALSE)$predictions))
"""


class Classifier:
    """max_depth 0: no limit; min_node_size: nodes of fewer samples are not split."""

    def __init__(self, threads, trees=100, max_depth=0, max_features=0, min_node_size=1, seed=0):
        self._numbers = {"threads": threads, "trees": trees, "depth": max_depth, "mtry": max_features,
                         "leaf": min_node_size, "seed": seed}
        self._script = RScript()

    def fit(self, X, y):
        self._script.put("X", X)
        self._script.put("y", y)
        self._classes = len(set(y.tolist()))
        self.seconds_ = self._script.run(_FIT, n=X.shape[0], p=X.shape[1], **self._numbers)
        return self

    def predict_proba(self, X):
        self._script.put("X_test", X)
        self.seconds_ = self._script.run(_PREDICT, n=X.shape[0], p=X.shape[1], threads=self._numbers["threads"])
        return self._script.get("p", X.shape[0], self._classes)

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)
