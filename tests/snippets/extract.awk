# Makes one C++ file of the ```cpp blocks of a Markdown page:
#
#   awk -f extract.awk docs/page.md > page.cpp
#   awk -f extract.awk -v program=1 docs/page.md > page.cpp
#
# A block is the body of a function, and each following block stands in a scope within the one before: what an earlier
# block declared is known, and may be declared anew. A block marked "cpp global" stands at namespace scope. Include lines go
# to the top. prelude.hpp declares what pages speak of without declaring it: X, y, labels, ... A block marked "cpp program"
# has a main of its own: the second command takes those, and only those.
/^```cpp program[ \t]*$/ { inside = "program"; if (program) print "#line " FNR + 1 " \"" FILENAME "\""; next }
/^```cpp global[ \t]*$/ { inside = "global"; global = global place(); next }
/^```cpp[ \t]*$/ { inside = "body"; body = body "{\n" place(); depth++; next }
/^```/ { inside = ""; next }
inside == "program" && program { print }
inside == "program" { next }
inside != "" && /^#include/ { if (!($0 in seen)) includes = includes place() $0 "\n"; seen[$0] = 1; next }
inside == "global" { global = global $0 "\n" }
inside == "body" { body = body $0 "\n" }
function place() { return "#line " (inside != "" && /^#include/ ? FNR : FNR + 1) " \"" FILENAME "\"\n" }
END {
  if (program) exit
  while (depth-- > 0) body = body "}\n"
  print includes "#include \"prelude.hpp\"\n" global "\nvoid page();\nvoid page() {\n" body "}"
}
