#pragma once

#include "lang/run/machine.h"

namespace weft::repl {

/// What the shell learns. docs/cli.md lists them.
enum ExitCode : int {
  ok = 0,
  failed = 1,        // an `expect`, a training gone to NaN, a file that can't be written
  usage = 2,         // wrong command line, or a script with faults
  bad_data = 3,      // a corpus that can't be used
  bad_model = 4,     // a model file that can't be used
  interrupted = 130  // Ctrl-C
};

inline int exit_code(Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      return ExitCode::ok;
    case Outcome::failed:
      return ExitCode::failed;
    case Outcome::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::failed;
}

}  // namespace weft::repl
