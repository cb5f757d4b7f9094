#!/usr/bin/env bash
# The multiply-add loop of a tile keeps its sums in registers: none of them is on the stack.
#
#     tile_spills.sh SUMS COMPILER FLAGS...      of tile_loop.cpp, with as many registers of sums as SUMS
set -euo pipefail
sums=$1
shift
assembly=$("$@" -S -o - "$(dirname "${BASH_SOURCE[0]}")/tile_loop.cpp")
# The innermost loops: from a label to a jump back to it, with no label or jump between.
awk -v wanted="$sums" '
  /^tile_loop:/ { inside = 1 }
  inside && /\.cfi_endproc/ { inside = 0 }
  !inside { next }
  /^[.A-Za-z_0-9]+:/ { label = $1; sub(/:.*/, "", label); products = stack = lines = 0; next }
  /^\t\./ || /^\t?#/ { next }
  { ++lines }
  /^\tv?(fmadd[0-9]*ps|mulps)/ { ++products }
  /mm[0-9]/ && /\((%rsp|%rbp)\)/ { ++stack; last_spill = $0 }
  /^\tj/ {
    if ($2 == label && products > most) { most = products; spills = stack; length_of = lines; spill = last_spill }
    label = ""
  }
  END {
    printf "%d products, %d registers on the stack, %d instructions\n", most, spills, length_of
    if (most != wanted) { printf "expected a loop of %d products\n", wanted; exit 1 }
    if (spills > 0) { print "such as" spill; exit 1 }
  }' <<< "$assembly"
