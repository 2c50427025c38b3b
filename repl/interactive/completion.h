#pragma once

#include <string>
#include <vector>

#include "lang/session.h"

namespace weft::repl {

/// What the word at the cursor may become.
struct Completion {
  std::size_t begin = 0;            // of the word, in the line
  std::vector<std::string> values;  // sorted, each beginning with the word
};

/// `line` up to the cursor, `pending` the lines before it of the same statement. Commands after `:`, paths
/// inside quotes and after `:load` and `:save`, members after a point, axes inside `[ ]`, elsewhere keywords
/// and names, those of the statement itself among them.
Completion complete(const std::string& pending, const std::string& line, Session& session);

/// The beginning that all of them share.
std::string common_beginning(const std::vector<std::string>& values);

/// The commands of the REPL, with their `:`.
const std::vector<std::string>& command_names();

}  // namespace weft::repl
