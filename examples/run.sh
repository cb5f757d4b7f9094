#!/usr/bin/env bash
# Installs what is missing, builds the quickstart for this machine and runs it:
#
#     bash examples/run.sh                                      the data sets in examples/data and two generated ones
#     bash examples/run.sh --data FILE.csv --target COLUMN      your own
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/setup.sh
need g++ cmake ninja-build libeigen3-dev libtbb-dev libxsimd-dev

echo "Building the quickstart (about a minute)"
mkdir -p build
{ cmake --preset examples && cmake --build --preset examples --target example_quickstart; } >build/examples.log 2>&1 ||
  { cat build/examples.log; exit 1; }
program=$PWD/build/examples/examples/quickstart
cd "$here"  # a path given is relative to where the command was typed
exec "$program" "$@"
