#!/usr/bin/env bash
# Each public header has its page, each page its header, and no link leads nowhere:
#
#     pages.sh ROOT
set -euo pipefail
cd "$1"
bad=0
wrong() { echo "$1"; bad=1; }

while IFS= read -r header; do
  # Public is what declares something outside of the namespaces for details.
  grep -E '^namespace tutti' "$header" | grep -qvE 'detail' || continue
  page=docs/reference/${header#include/tutti/}
  page=${page%.*}.md
  [ -f "$page" ] || wrong "$header has no page $page"
done < <(find include/tutti \( -name '*.hpp' -o -name '*.cuh' \) | sort)

while IFS= read -r page; do
  header=include/tutti/${page#docs/reference/}
  header=${header%.md}
  [ -f "$header.hpp" ] || [ -f "$header.cuh" ] || wrong "$page is about no header"
done < <(find docs/reference -name '*.md' | sort)

links() { awk '/^```/ { code = !code } !code' "$1" | sed 's/`[^`]*`//g' | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//; s/#.*//' || true; }
while IFS= read -r page; do
  while IFS= read -r link; do
    case "$link" in "" | http*) continue ;; esac
    [ -e "$(dirname "$page")/$link" ] || wrong "$page: the link to $link leads nowhere"
  done < <(links "$page")
done < <(find docs README.md CONTRIBUTING.md examples benchmarks -name '*.md' | sort)
exit $bad
