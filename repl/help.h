#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace weft::repl {

/// One line of a list in a help text: "--epochs N" and what it is.
struct HelpEntry {
  std::string name;
  std::string text;
};

/// A heading and its entries in two columns, the second wrapped to 80. Empty where there are no entries.
std::string help_section(const std::string& heading, const std::vector<HelpEntry>& entries);

/// The named options of a command, with their defaults; not its positional ones.
std::vector<HelpEntry> option_entries(const CLI::App& command);

/// "weft generate MODEL [PROMPT] [OPTIONS]"
std::string usage_of(const CLI::App& command);

/// Help as `weft --help` and `weft COMMAND --help` show it.
class HelpFormatter : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace weft::repl
