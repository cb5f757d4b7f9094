#!/usr/bin/env bash
# tutti beside its peers: installs what the chosen cells need, builds our side, and measures in turns.
#
#     bash benchmarks/peers/run.sh [--quick] [--threads 1,2] [cells or families...]      --help tells the rest
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/setup.sh
need g++ cmake ninja-build python3 python3-venv libeigen3-dev libtbb-dev libxsimd-dev libbenchmark-dev nlohmann-json3-dev
export PYTHONPATH=$PWD/benchmarks/peers PYTHONDONTWRITEBYTECODE=1
cd "$here"  # a path given is relative to where the command was typed
exec python3 -m harness "$@"
