"""A process that does one contender's work on command, and can crash or hang without harm to the run.

The protocol, one line each way. The process says `ready`. Then

    load NAME PATH          arrays: X, y, X_test; answers `ok SECONDS`, what bringing it into its own layout took
    make ESTIMATOR JSON     parameters
    run TASK                answers `ok SECONDS`
    judge OUTPUT PATH       writes an array, answers `ok`

and `error TEXT` in place of `ok` if it cannot.
"""

import json
import os
import pathlib
import selectors
import signal
import subprocess
import time


class Failed(Exception):
    """A contender could not do what it was told; the text says why."""


THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
                    "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS")


class Process:
    def __init__(self, command, threads, log, patience):
        """command: what to start, in the package's folder; log: open file for what it prints; patience: seconds an answer."""
        cores = sorted(os.sched_getaffinity(0))[:threads]
        environment = os.environ | {name: str(threads) for name in THREAD_VARIABLES}
        self._patience = patience
        self._buffer = b""
        self._log = log.name
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment,
                cwd=pathlib.Path(__file__).parent.parent, start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, cores))
        except OSError as error:
            raise Failed(f"could not start: {error}") from error
        try:
            self._answer("ready")
        except Failed:
            self.close()
            raise

    def load(self, name, path):
        """Seconds that bringing the array into the contender's own layout took."""
        return float(self._tell(f"load {name} {path}"))

    def make(self, estimator, parameters):
        self._tell(f"make {estimator} {json.dumps(parameters)}")

    def run(self, task):
        """Seconds that the task took."""
        return float(self._tell(f"run {task}"))

    def judge(self, output, path):
        self._tell(f"judge {output} {path}")

    def memory_peak(self):
        """Bytes, since the last call of forget_peak; None where the system does not tell."""
        try:
            with open(f"/proc/{self._process.pid}/status") as status:
                return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), None)
        except OSError:
            return None

    def forget_peak(self):
        try:
            with open(f"/proc/{self._process.pid}/clear_refs", "w") as refs:
                refs.write("5")
        except OSError:
            pass  # memory_peak then tells of the whole life of the process

    def close(self):
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def _tell(self, line):
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as error:
            raise Failed(self._end()) from error
        return self._answer("ok")

    def _answer(self, expected):
        line = self._read_line()
        word, _, rest = line.partition(" ")
        if word == "error":
            raise Failed(rest)
        if word != expected:
            raise Failed(f"said {line!r} where {expected!r} was expected")
        return rest

    def _read_line(self):
        deadline = time.monotonic() + self._patience
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self.close()
                    raise Failed(f"no answer within {self._patience:g} s")
                chunk = os.read(self._process.stdout.fileno(), 65536)
                if not chunk:
                    raise Failed(self._end())
                self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode(errors="replace")

    def _end(self):
        """Why it is gone."""
        code = self._process.wait()
        how = f"ended with status {code}" if code >= 0 else f"ended by signal {signal.Signals(-code).name}"
        return f"{how}{self._last_words()}"

    def _last_words(self):
        try:
            with open(self._log, errors="replace") as log:
                lines = [line.strip() for line in log if line.strip()]
        except OSError:
            return ""
        return f": {lines[-1]}" if lines else ""
