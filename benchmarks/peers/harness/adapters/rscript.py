"""R packages: arrays go over as files of raw doubles, and R's own clock times the call alone."""

import pathlib
import subprocess
import tempfile

import numpy as np

_PROLOGUE = """
get <- function(name, rows, columns) matrix(readBin(name, "double", rows * columns), rows, columns)
put <- function(name, values) writeBin(as.double(values), name)
timed <- function(call) {
  begin <- Sys.time()
  value <- call
  put("seconds", as.numeric(Sys.time() - begin, units = "secs"))
  value
}
"""


class RScript:
    """A folder that R runs in: `get`, `put` and `timed` are there for its code."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._path = pathlib.Path(self._folder.name)

    def put(self, name, array):
        (self._path / name).write_bytes(np.asarray(array, dtype=np.float64).tobytes(order="F"))

    def get(self, name, rows, columns):
        return np.fromfile(self._path / name).reshape(columns, rows).T

    def run(self, code, **numbers):
        """Seconds of what the code wraps in `timed`."""
        values = "\n".join(f"{name} <- {value!r}" for name, value in numbers.items())
        (self._path / "code.R").write_text(f"{values}\n{_PROLOGUE}\n{code}")
        done = subprocess.run(["Rscript", "--vanilla", "code.R"], cwd=self._path, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip()[-200:])
        return float(self.get("seconds", 1, 1)[0, 0])
