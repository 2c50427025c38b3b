#pragma once

namespace weft::plan_tests {

/// How often this program has called `operator new`, from any thread. Always 0 in a program built with a
/// sanitizer, which has an operator new of its own.
long allocations();

}  // namespace weft::plan_tests
