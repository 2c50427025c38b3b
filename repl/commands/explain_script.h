#pragma once

#include <string>

#include "repl/script.h"

namespace weft::repl {

/// `weft explain SCRIPT`: what is asked for beside the report.
struct ExplainScript {
  std::string path;
  std::string graph;  // "text" or "dot": the graphs instead of the report
  std::string after;  // a pass: the graphs as they are after it
};

/// Checks a script and tells what it would take to run it; runs nothing. Gives the exit code.
int explain_script(const CommonOptions&, const ExplainScript&, const ScriptArguments&);

}  // namespace weft::repl
