#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace weft::repl {

/// The options of a recipe that is no script: --name value or --name=value, a flag also without a value. They
/// look and fail as those of scripts do.
class RecipeOptions {
 public:
  /// command: as help calls it, "weft train word2vec".
  RecipeOptions(std::string command, std::string summary)
      : command_(std::move(command)), summary_(std::move(summary)) {}

  /// Each binds an option to a variable, which holds its default.
  void text(const char* name, std::string& value, const char* help);
  void choice(const char* name, std::string& value, std::vector<std::string> of, const char* help);
  void whole(const char* name, std::int32_t& value, std::int64_t least, std::int64_t most, const char* help);
  void whole(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most, const char* help);
  void real(const char* name, double& value, double least, double most, const char* help);
  void flag(const char* name, bool& value, const char* help);

  enum class Parsed : std::uint8_t { go_on, help_was_printed, refused };
  /// Sets the variables. Prints help where it is asked for (`app` brings the options every recipe has), and
  /// tells on stderr what can't be used.
  Parsed parse(const CLI::App& app, const std::vector<std::string>& words);
  /// Whether the option was among the words.
  bool given(const std::string& name) const;
  /// Whether an option was left out whose default is a sample's name, which isn't in the working folder.
  bool lacks_sample(const std::string& name) const;

 private:
  struct Option {
    std::string name, help;
    std::variant<std::string*, std::int32_t*, std::int64_t*, double*, bool*> value;
    double least = 0, most = 0;
    std::vector<std::string> choices;
    bool given = false;
  };
  void print_help(const CLI::App& app) const;
  bool refuse(const std::string& why) const;
  bool set(Option& option, const std::string& text);
  Option* find(const std::string& name);

  std::string command_, summary_;
  std::vector<Option> options_;
};

}  // namespace weft::repl
