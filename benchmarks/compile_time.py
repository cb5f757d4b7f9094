"""What a user's translation unit costs to compile: one estimator, one host policy, fit and predict, at -O2.

    python3 benchmarks/compile_time.py [COMPILER]

Prints processor seconds and peak memory, each the median of three runs.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile

INCLUDE = pathlib.Path(__file__).resolve().parent.parent / "include"
ESTIMATORS = {
    "standard_scaler": ("preprocessing", "transform", "X"),
    "linear_regression": ("linear_model", "predict", "X, y"),
    "ridge": ("linear_model", "predict", "X, y"),
    "logistic_regression": ("linear_model", "predict", "X, labels"),
    "gaussian_nb": ("naive_bayes", "predict", "X, labels"),
}
POLICIES = ["seq", "simd", "par", "par_simd"]
UNIT = """#include <tutti/{room}/{estimator}.hpp>
#include <tutti/policy/{policy}.hpp>
auto f(const tutti::matrix<float>& X, [[maybe_unused]] const std::vector<float>& y,
       [[maybe_unused]] const std::vector<int>& labels) {{
  return tutti::{estimator}{{}}.fit(tutti::{policy}, {arguments}).{verb}(tutti::{policy}, X);
}}
"""


def compile_once(compiler, source):
    """Processor seconds and MiB of one compilation, measured in a process of its own."""
    command = [compiler, "-std=c++20", "-O2", f"-I{INCLUDE}", "-c", str(source), "-o", "/dev/null"]
    script = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
              "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
              "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)")
    out = subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True, text=True).stdout
    return tuple(map(float, out.split()))


def main():
    compiler = sys.argv[1] if len(sys.argv) > 1 else "g++"
    print(f"{'estimator':<22}{'policy':<10}{'seconds':>8}{'MiB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for estimator, (room, verb, arguments) in ESTIMATORS.items():
            for policy in POLICIES:
                source = pathlib.Path(folder) / "unit.cpp"
                source.write_text(UNIT.format(room=room, estimator=estimator, policy=policy, arguments=arguments, verb=verb))
                runs = [compile_once(compiler, source) for _ in range(3)]
                seconds, memory = (statistics.median(column) for column in zip(*runs))
                print(f"{estimator:<22}{policy:<10}{seconds:8.1f}{memory:7.0f}", flush=True)


if __name__ == "__main__":
    main()
