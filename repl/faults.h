#pragma once

#include <functional>

namespace weft::repl {

/// Runs a command and gives its exit code. What it throws is told in one line on stderr and becomes the exit
/// code of its kind: a corpus, a model file, or any other failure.
int guarded(const std::function<int()>& command);

}  // namespace weft::repl
