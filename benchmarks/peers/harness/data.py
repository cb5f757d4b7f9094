"""Data sets: made once by tutti's generators, or read from a file, and written as npy: everybody reads the same bytes.

A cell's `data` is {generator, n, test, ...}: `n` samples and `test` more of the same kind, other keys go to the generator;
or {file, target, test}: a CSV file, its path from the repository's top, `test` of its rows kept to judge by.
"""

import hashlib
import json
import pathlib
import subprocess


class DataError(Exception):
    """A data set that could not be made."""


class DataSets:
    def __init__(self, folder, program, repository):
        self._folder = pathlib.Path(folder)
        self._repository = repository
        self._program = program

    def get(self, data):
        """name of an array -> path of its npy file."""
        facts = json.dumps(data, sort_keys=True)
        folder = self._folder / f"{data.get('generator', 'file')}-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
        if not (folder / "made").exists():
            folder.mkdir(parents=True, exist_ok=True)
            arguments = [f"{key}={value}" for key, value in data.items()]
            made = subprocess.run([self._program, str(folder), *arguments], capture_output=True, text=True, check=False,
                                  cwd=self._repository)
            if made.returncode != 0:
                raise DataError(made.stderr.strip() or f"{self._program} ended with status {made.returncode}")
            (folder / "made").write_text(facts)
        return {path.stem: path for path in sorted(folder.glob("*.npy"))}


def bytes_of(paths):
    return sum(path.stat().st_size for path in paths.values())
