#pragma once

namespace weft::plan_tests {

/// How often this program has called `operator new`, from any thread.
long allocations();

}  // namespace weft::plan_tests
