#pragma once

#include <string>
#include <vector>

#include "lang/check/elaborator.h"
#include "lang/run/machine.h"
#include "lang/service/session_script.h"
#include "lang/session.h"

namespace weft {

/// A source of a REPL, and how all was before it.
struct Session::Step {
  check::Elaborator::Mark names;
  Machine::State machine;
  std::size_t actions = 0;
  std::string text;
  std::vector<service::SaidStatement> said;
  bool succeeded = false;
};

}  // namespace weft
