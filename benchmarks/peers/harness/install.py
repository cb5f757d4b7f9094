"""The peers that the chosen cells need, installed into an environment of their own: libraries.toml says which packages."""

import pathlib
import subprocess
import sys
import tomllib


class Libraries:
    """library -> why it is not available, or nothing if it is."""

    def __init__(self, declared, environment, say=lambda text: None):
        self._declared = tomllib.loads(pathlib.Path(declared).read_text())
        self._environment = pathlib.Path(environment)
        self._say = say
        self._reasons = {}

    @property
    def python(self):
        return self._environment / "bin" / "python"

    def why_not(self, library):
        """"" if the library is there, else the reason why not."""
        if library not in self._reasons:
            self._reasons[library] = self._install(library)
        return self._reasons[library]

    def versions(self):
        """Of the packages declared for the libraries that are there."""
        there = [name for name, reason in self._reasons.items() if not reason]
        return {name: self._declared[name].get("pip", []) + self._declared[name].get("apt", []) for name in there}

    def _install(self, library):
        if library not in self._declared:
            return "libraries.toml does not declare it"
        needs = self._declared[library]
        return self._apt(needs.get("apt", [])) or self._pip(needs.get("pip", []))

    def _pip(self, packages):
        if not packages:
            return ""
        if not self.python.exists():
            made = subprocess.run([sys.executable, "-m", "venv", self._environment], capture_output=True, text=True, check=False)
            if made.returncode != 0:
                return f"no Python environment: {_last_line(made)}"
        self._say(f"installing {', '.join(packages)}")
        done = subprocess.run([self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
                               *packages], capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else f"pip cannot install {' '.join(packages)}: {_last_line(done)}"

    def _apt(self, packages):
        missing = [p for p in packages if not _has_debian_package(p)]
        if not missing:
            return ""
        self._say(f"installing {', '.join(missing)}")
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        except FileNotFoundError:
            return f"needs {' '.join(missing)}, and there is no apt"
        return "" if done.returncode == 0 else f"needs {' '.join(missing)}: sudo apt-get install {' '.join(missing)}"


def _has_debian_package(name):
    try:
        status = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Status}", name], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return False
    return status.stdout == "installed"


def _last_line(done):
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else f"status {done.returncode}"
