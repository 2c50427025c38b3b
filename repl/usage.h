#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace weft::repl {

/// Tells what is wrong with the command line and how it is meant, on stderr; or prints the help that was
/// asked for. Gives the exit code.
int tell_usage_error(const CLI::App& app, const CLI::ParseError& error);

/// Checks of an option's value; the faults they tell say what was expected and what came.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);
CLI::Validator number_at_least(double least);
CLI::Validator one_of(std::vector<std::string> values);

}  // namespace weft::repl
