#pragma once

#include <string>

#include "nlp/text/function_ref.h"

namespace weft::nlp {

/// How a child process ended.
struct ChildEnd {
  enum class Kind { returned, threw, died, late } kind = Kind::returned;
  std::string message;  // threw: what()
};

/// Runs `work` in a copy of this process, so that a crash or a hang is nobody's but the copy's, and waits for
/// its end. What it changes is lost with it; it may take one core for `seconds`, and 4 GiB of memory more
/// than this process has; it writes nothing to standard output or error and leaves no core file. Throws
/// system_error where no process can be made.
ChildEnd in_child(int seconds, FunctionRef<void()> work);

}  // namespace weft::nlp
