#!/usr/bin/env bash
# Installs what is missing, builds and runs the tests:
#
#     bash tests/run.sh          every test, and the policies and some laws under ThreadSanitizer
#     bash tests/run.sh --all    besides: the laws on further learners, hyper-parameters, instruction sets and with nvcc,
#                                all laws under ThreadSanitizer, arrays beyond 2^32 elements, every test under
#                                AddressSanitizer and UndefinedBehaviorSanitizer, every test with clang 14, and each
#                                header as CUDA where nvcc is installed
#
# The sanitizers' preset leaves out the check for references to null: Thrust's sort on the host binds some.
#
# Tests that need what is not here (a GPU, nvcc, more data sets) are shown as skipped, each with its reason.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/setup.sh
all=false
case "${1:-}" in
  "") ;;
  --all) all=true ;;
  *) echo "usage: bash tests/run.sh [--all]"; exit 2 ;;
esac
need g++ cmake ninja-build python3 libeigen3-dev libtbb-dev libxsimd-dev doctest-dev
$all && need clang-14 libclang-rt-14-dev
# Thrust's headers let the CUDA policy's source run on the host; the toolkit brings its own.
[ -d /usr/local/cuda/include/cccl/thrust ] || need libthrust-dev

# More data sets than those that are shipped.
if [ -z "${TUTTI_TEST_DATA:-}" ] && [ -d ../shared/data ]; then
  TUTTI_TEST_DATA=$(cd ../shared/data && pwd)
  export TUTTI_TEST_DATA
fi
command -v ccache >/dev/null && export CMAKE_CXX_COMPILER_LAUNCHER=ccache

# The test programs run one after the other: most of them use every core.
check() {  # preset [target...]
  local preset=$1 begin=$SECONDS
  shift
  echo "== $preset: configure and build"
  mkdir -p build
  cmake --preset "$preset" -DTUTTI_TEST_MORE="$all" >"build/$preset.log" 2>&1 || { cat "build/$preset.log"; exit 1; }
  cmake --build --preset "$preset" "$@"
  echo "== $preset: test, after $((SECONDS - begin)) s"
  ctest --preset "$preset"
  grep -h '^skipped: ' "build/$preset/Testing/Temporary/LastTest.log" | sort | uniq -c || true
  echo "== $preset: $((SECONDS - begin)) s in all"
}

check dev
check tsan
if $all; then
  TUTTI_TEST_LARGE=1 ctest --preset dev -R '^large/'
  check asan
  check clang
  if cmake --build --preset dev --target help | grep -q tutti_headers_cuda; then
    cmake --build --preset dev --target tutti_headers_cuda
  else
    echo "skipped: each header as CUDA (nvcc is not installed)"
  fi
fi
