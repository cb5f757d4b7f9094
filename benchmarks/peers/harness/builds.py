"""Our programs: built from this tree, or from an older revision beside it."""

import pathlib
import subprocess


class BuildError(Exception):
    """Something that did not build: with the last lines of what was said."""


_OPTIONS = ["-DCMAKE_BUILD_TYPE=Release", "-DTUTTI_BUILD_BENCHMARKS=ON", "-DTUTTI_BUILD_TESTS=OFF", "-DTUTTI_BUILD_EXAMPLES=OFF",
            "-DTUTTI_NATIVE=ON", "-DTUTTI_CUDA=OFF"]


def _do(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise BuildError(f"{' '.join(map(str, command))} failed:\n" + "\n".join(said))
    return done.stdout


def build(source, folder):
    """The folder of the programs."""
    _do(["cmake", "-S", source, "-B", folder, "-G", "Ninja", *_OPTIONS], source)
    _do(["cmake", "--build", folder, "--target", "runners"], source)
    return pathlib.Path(folder) / "benchmarks"


def build_revision(repository, revision, folder):
    """The same of an older revision, unpacked under the folder."""
    commit = _do(["git", "rev-parse", "--verify", f"{revision}^{{commit}}"], repository).strip()
    source = pathlib.Path(folder) / commit
    if not source.exists():
        source.mkdir(parents=True)
        archive = source / "archive.tar"
        _do(["git", "archive", "--output", archive, commit], repository)
        _do(["tar", "-xf", archive], source)
    return build(source, source / "build")
