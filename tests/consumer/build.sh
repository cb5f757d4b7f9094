#!/usr/bin/env bash
# Builds and runs a consumer's program, from nothing:
#
#     build.sh installed|subdirectory|bare SOURCE BUILD COMPILER [FLAG...]
#
# SOURCE is the root of tutti, BUILD a folder that is made anew; the flags are bare's.
set -euo pipefail
way=$1 source=$2 build=$3 compiler=$4
shift 4
rm -rf "$build"
mkdir -p "$build"
case "$way" in
  installed)
    cmake -S "$source" -B "$build/tutti" -DTUTTI_BUILD_TESTS=OFF -DTUTTI_BUILD_EXAMPLES=OFF -DCMAKE_CXX_COMPILER="$compiler"
    cmake --install "$build/tutti" --prefix "$build/prefix"
    grep -rq "$source" "$build/prefix" && { echo "the installed files name the source folder"; exit 1; }
    cmake -S "$source/tests/consumer/installed" -B "$build/consumer" -DCMAKE_PREFIX_PATH="$build/prefix" -DCMAKE_CXX_COMPILER="$compiler"
    cmake --build "$build/consumer"
    "$build/consumer/consumer" ;;
  subdirectory)
    cmake -S "$source/tests/consumer/subdirectory" -B "$build" -DTUTTI_SOURCE="$source" -DCMAKE_CXX_COMPILER="$compiler"
    cmake --build "$build"
    "$build/consumer" ;;
  bare)
    "$compiler" -std=c++20 -I"$source/include" "$@" "$source/tests/consumer/bare.cpp" -o "$build/bare"
    "$build/bare" ;;
  *) echo "unknown way $way"; exit 2 ;;
esac
