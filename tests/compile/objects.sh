#!/usr/bin/env bash
# What the objects that users compile must not hold.
#
#     objects.sh startup  OBJECT    code that runs before main
#     objects.sh backends OBJECT    a name of another policy's library
#     objects.sh thrust   OBJECT    Thrust in the signature of a public function
set -euo pipefail
what=$1 object=$2
[ -s "$object" ] || { echo "$object is not there"; exit 1; }
symbols=$(nm -C "$object")
# Every check needs something to look at.
grep -q 'tutti::' <<<"$symbols" || { echo "no function of the library in $object"; exit 1; }
case "$what" in
  startup)
    sections=$(readelf -SW "$object")
    found=$(grep -E '\.(init_array|ctors|preinit_array)' <<<"$sections" || true) ;;
  backends) found=$(grep -iE 'tbb|xsimd|cuda|thrust|\bomp_|GOMP' <<<"$symbols" || true) ;;
  thrust) found=$(grep -E ' tutti::(basic_cuda<[^(]*>::)?[a-z_]+(<[^(]*>)?\([^)]*thrust::' <<<"$symbols" || true) ;;
  *) echo "unknown check $what"; exit 2 ;;
esac
[ -z "$found" ] || { printf '%s\n' "$found" | head -20; exit 1; }
