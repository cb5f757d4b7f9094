"""The machine, in words, and its limits."""

import os
import pathlib
import platform
import subprocess


def _first(path, key):
    try:
        lines = pathlib.Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def facts(repository):
    compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=False).stdout.splitlines()
    revision = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False,
                              cwd=repository).stdout.strip()
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": available_memory(total=True),
        "system": platform.platform(),
        "compiler": compiler[0] if compiler else "",
        "python": platform.python_version(),
        "tutti": revision,
    }


def available_memory(total=False):
    kilobytes = _first("/proc/meminfo", "MemTotal" if total else "MemAvailable").split()
    return int(kilobytes[0]) * 1024 if kilobytes else None


class Limits:
    """What can be done at most on so many threads, measured once a run; {} where the program is not there."""

    def __init__(self, program):
        self._program, self._known = program, {}

    def on(self, threads):
        if threads not in self._known:
            cores = sorted(os.sched_getaffinity(0))[:threads]
            done = subprocess.run([self._program, str(threads)], capture_output=True, text=True, check=False,
                                  preexec_fn=lambda: os.sched_setaffinity(0, cores))
            numbers = done.stdout.split()
            self._known[threads] = dict(zip(("read", "multiply_add"), map(float, numbers))) if done.returncode == 0 else {}
        return self._known[threads]

    def seconds(self, work, n, p, threads):
        """The least time for a cell's work: (seconds, what bounds it), or (None, "")."""
        limits = self.on(threads)
        if not work or not limits:
            return None, ""
        bounds = {"read": 4 * n * p / limits["read"]}
        if work == "gram":
            bounds["arithmetic"] = n * p * (p + 1) / 2 / limits["multiply_add"]
        name = max(bounds, key=bounds.get)
        return bounds[name], name
