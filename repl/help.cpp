#include "repl/help.h"

#include <algorithm>
#include <sstream>

namespace weft::repl {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kWidestName = 26;

/// `text` in lines of at most `width`, all but the first after `indent` spaces.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::istringstream words(text);
  std::string out, word;
  std::size_t column = 0;
  while (words >> word) {
    if (column > 0 && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = 0;
    }
    out += (column > 0 ? " " : "") + word;
    column += (column > 0 ? 1 : 0) + word.size();
  }
  return out;
}

/// "MODEL [PROMPT]"
std::string positionals_of(const CLI::App& command) {
  std::string out;
  for (const CLI::Option* o : command.get_options()) {
    if (!o->get_positional()) continue;
    const std::string name = o->get_name(true);
    out += " " + (o->get_required() ? name : "[" + name + "]");
  }
  return out;
}

std::vector<HelpEntry> positional_entries(const CLI::App& command) {
  std::vector<HelpEntry> out;
  for (const CLI::Option* o : command.get_options()) {
    if (o->get_positional()) out.push_back({o->get_name(true), o->get_description()});
  }
  return out;
}

}  // namespace

std::string help_section(const std::string& heading, const std::vector<HelpEntry>& entries) {
  if (entries.empty()) return "";
  std::size_t widest = 0;
  for (const HelpEntry& e : entries) widest = std::max(widest, std::min(e.name.size(), kWidestName));
  const std::size_t indent = widest + 4;
  std::string out = "\n" + heading + "\n";
  for (const HelpEntry& e : entries) {
    out += "  " + e.name;
    out += e.name.size() > widest ? "\n" + std::string(indent, ' ')
                                  : std::string(indent - 2 - e.name.size(), ' ');
    out += wrapped(e.text, indent, kWidth - indent) + "\n";
  }
  return out;
}

std::vector<HelpEntry> option_entries(const CLI::App& command) {
  std::vector<HelpEntry> out;
  for (const CLI::Option* o : command.get_options()) {
    if (o->get_positional()) continue;
    std::string name = o->get_name(false, true);
    // A flag that takes a value if one is given: CLI11 writes its default behind it.
    if (const auto brace = name.find('{'); brace != std::string::npos) name.erase(brace);
    if (const auto comma = name.find(','); comma != std::string::npos) name.insert(comma + 1, " ");
    if (!o->get_type_name().empty()) name += " " + o->get_type_name();
    const std::string fallback = o->get_default_str();
    out.push_back({name, o->get_description() + (fallback.empty() ? "" : " (default " + fallback + ")")});
  }
  return out;
}

std::string usage_of(const CLI::App& command) {
  std::string name = command.get_name();
  for (const CLI::App* p = command.get_parent(); p; p = p->get_parent()) name = p->get_name() + " " + name;
  if (!command.get_subcommands({}).empty()) return name + " COMMAND ...";
  return name + positionals_of(command) + " [OPTIONS]";
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  std::string out = app->get_description() + "\n\nUsage: " + usage_of(*app) + "\n";
  std::vector<HelpEntry> commands;
  for (const CLI::App* c : app->get_subcommands({})) {
    commands.push_back({c->get_name() + positionals_of(*c), c->get_description()});
  }
  out += help_section("Commands", commands);
  out += help_section("Arguments", positional_entries(*app));
  out += help_section("Options", option_entries(*app));
  if (!app->get_footer().empty()) out += "\n" + app->get_footer() + "\n";
  return out;
}

}  // namespace weft::repl
