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


def build(source, folder):
    """The folder of the programs."""
    _do(["cmake", "-S", source, "-B", folder, "-G", "Ninja", *_OPTIONS], source)
    _do(["cmake", "--build", folder, "--target", "runners"], source)
    return pathlib.Path(folder) / "benchmarks"


def build_revision(repository, revision, folder):
    """The same of an older revision, from a checkout of its own under the folder."""
    source = pathlib.Path(folder) / "source"
    if not source.exists():
        _do(["git", "worktree", "add", "--detach", source, revision], repository)
    _do(["git", "checkout", "--detach", revision], source)
    return build(source, pathlib.Path(folder) / "build")
