#include "repl/usage.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "lang/diagnostic.h"
#include "repl/exit_code.h"
#include "repl/help.h"

namespace weft::repl {

namespace {

bool names_option(const std::string& word) {
  return word.rfind("-", 0) == 0;
}

std::string unexpected(const CLI::App& command, const std::string& word) {
  if (!names_option(word)) return "unexpected argument `" + word + "`";
  std::vector<std::string> names;
  for (const CLI::Option* o : command.get_options()) {
    for (const std::string& name : o->get_lnames()) names.push_back(name);
  }
  const std::string near = nearest(word.substr(std::min(word.find_first_not_of('-'), word.size())), names);
  return "there is no option `" + word + "`" + (near.empty() ? "" : ", did you mean `--" + near + "`?");
}

std::string unknown_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* c : app.get_subcommands({})) names.push_back(c->get_name());
  const std::string near = nearest(word, names);
  return "there is no command `" + word + "`" + (near.empty() ? "" : ", did you mean `" + near + "`?");
}

std::string what_is_wrong(const CLI::App& app, const CLI::App& command, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
    const CLI::App& where = command.remaining().empty() ? app : command;
    const auto words = where.remaining();
    if (words.empty()) return error.what();
    // A misspelt option leaves its value behind as well.
    const auto option = std::find_if(words.begin(), words.end(), names_option);
    if (option != words.end()) return unexpected(where, *option);
    return where.get_subcommands({}).empty() ? unexpected(where, words[0]) : unknown_command(where, words[0]);
  }
  const std::string message = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    return "option `" + message.substr(0, message.find(':')) + "` needs a value";
  }
  return message;
}

}  // namespace

int tell_usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* innermost = &app;
  std::string name = app.get_name();
  for (auto parsed = app.get_subcommands(); !parsed.empty(); parsed = innermost->get_subcommands()) {
    innermost = parsed.back();
    name += " " + innermost->get_name();
  }
  const CLI::App& command = *innermost;
  const auto rest = command.remaining();
  if (std::find(rest.begin(), rest.end(), "--help") != rest.end() ||
      std::find(rest.begin(), rest.end(), "-h") != rest.end()) {
    std::fputs(command.help().c_str(),
               stdout);  // of a command that leaves --help to a script, and got no script
    return ExitCode::ok;
  }
  std::fprintf(stderr, "%s: %s\nUsage: %s; %s --help tells more\n", name.c_str(),
               what_is_wrong(app, command, error).c_str(), usage_of(command).c_str(), name.c_str());
  return ExitCode::usage;
}

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  const auto check = [least, most](std::string& text) -> std::string {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
      return "";
    return "expected a whole number " +
           (most == std::numeric_limits<std::int64_t>::max()
                ? "from " + std::to_string(least)
                : "from " + std::to_string(least) + " to " + std::to_string(most)) +
           ", got `" + text + "`";
  };
  return CLI::Validator(check, "");
}

CLI::Validator number_at_least(double least) {
  const auto check = [least](std::string& text) -> std::string {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value >= least)
      return "";
    return "expected a number from " + CLI::detail::to_string(least) + ", got `" + text + "`";
  };
  return CLI::Validator(check, "");
}

CLI::Validator one_of(std::vector<std::string> values) {
  const auto check = [values = std::move(values)](std::string& text) -> std::string {
    if (std::find(values.begin(), values.end(), text) != values.end()) return "";
    std::string expected;
    for (const std::string& v : values) expected += (expected.empty() ? "" : " or ") + v;
    return "expected " + expected + ", got `" + text + "`";
  };
  return CLI::Validator(check, "");
}

}  // namespace weft::repl
