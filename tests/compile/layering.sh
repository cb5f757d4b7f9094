#!/usr/bin/env bash
# A header includes its own room and rooms below it; families do not include each other; only policy/ knows the backends.
#
#     layering.sh include/tutti
set -euo pipefail
cd "$1"

declare -A floor=([core]=0 [policy]=1 [data]=1 [algorithm]=2 [tree]=3 [linear_model]=4 [ensemble]=4 [neighbors]=4
  [naive_bayes]=4 [cluster]=4 [preprocessing]=4 [drift]=4 [metrics]=4 [model_selection]=5 [.]=6)
bad=0
wrong() { echo "$1"; bad=1; }

while IFS= read -r header; do
  room=${header%%/*}
  [ "$room" = "$header" ] && room=.
  [ -n "${floor[$room]:-}" ] || { wrong "$header: the room $room has no floor"; continue; }
  while IFS= read -r included; do
    case "$included" in
      tutti/*)
        other=${included#tutti/}
        [ -f "$other" ] || wrong "$header includes $included, which is not there"
        other=${other%%/*}
        if [ "$other" != "$room" ] && [ "${floor[$other]:-9}" -ge "${floor[$room]}" ]; then
          wrong "$header includes $included: $room may not know $other"
        fi ;;
      Eigen/*)
        [ "$header" = core/eigen.hpp ] || wrong "$header includes $included: only core/eigen.hpp knows Eigen" ;;
      oneapi/* | tbb/* | xsimd/* | thrust/* | cub/* | cuda* | immintrin.h)
        [ "$room" = policy ] || wrong "$header includes $included: only policy/ knows a backend" ;;
      */* | *.h | *.hpp)
        [ "$included" = sys/mman.h ] || wrong "$header includes $included: neither ours nor the standard library's" ;;
      iostream | execution | regex) wrong "$header includes <$included>" ;;
    esac
  done < <(sed -nE 's/^ *# *include *[<"]([^>"]+)[>"].*/\1/p' "$header")
done < <(find . \( -name '*.hpp' -o -name '*.cuh' \) -printf '%P\n' | sort)
exit $bad
