// expected: deleted
#include <tutti/policy/par.hpp>

auto f() { return tutti::par.with(tutti::run_control{}); }  // would not outlive the line
