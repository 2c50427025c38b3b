#include "repl/script.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

#include "lang/report/profile.h"
#include "lang/run/training_log.h"
#include "lang/syntax/limits.h"
#include "repl/console.h"
#include "repl/exit_code.h"
#include "repl/help.h"

namespace weft::repl {

namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw CLI::ParseError(what, ExitCode::usage);
}

std::string default_text(const ScriptOption& o) {
  return o.kind == "text" ? "\"" + o.fallback + "\"" : o.fallback;
}

std::string placeholder(const ScriptOption& o) {
  return o.kind == "int" ? "INT" : o.kind == "real" ? "REAL" : o.kind == "text" ? "TEXT" : "true|false";
}

void print_script_help(const CLI::App& command, const Session& session, const Script& script) {
  const std::string summary = summary_of(script.text);
  std::vector<HelpEntry> own;
  for (const ScriptOption& o : session.options()) {
    own.push_back({"--" + o.name + " " + placeholder(o),
                   o.help + (o.fallback.empty() ? "" : " (default " + default_text(o) + ")")});
  }
  const std::string help = (summary.empty() ? "" : summary + "\n\n") + "Usage: " + script.command +
                           " [OPTIONS]\n" + help_section("Options of the script", own) +
                           help_section("Options of every script", option_entries(command));
  std::fputs(help.c_str(), stdout);
}

}  // namespace

bool options_exist(const Session& session, const Script& script, const ScriptArguments& arguments) {
  std::vector<std::string> names;
  for (const ScriptOption& o : session.options()) names.push_back(o.name);
  bool good = true;
  for (const auto& [name, value] : arguments.values) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest(name, names);
    std::fprintf(stderr, "weft: %s has no option `--%s`%s\n", script.name.c_str(), name.c_str(),
                 near.empty() ? ("; " + script.command + " --help lists its options").c_str()
                              : (", did you mean `--" + near + "`?").c_str());
    good = false;
  }
  return good;
}

ScriptArguments parse_script_arguments(const std::vector<std::string>& words) {
  ScriptArguments out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "-h") {
      out.help = true;
    } else if (word.rfind("--", 0) != 0 || word.size() == 2) {
      refuse("unexpected argument `" + word + "`; options of a script are --name value");
    } else if (const auto equals = word.find('='); equals != std::string::npos) {
      out.values[word.substr(2, equals - 2)] = word.substr(equals + 1);
    } else if (i + 1 == words.size() || words[i + 1].rfind("--", 0) == 0) {
      refuse("option `" + word + "` needs a value");
    } else {
      out.values[word.substr(2)] = words[++i];
    }
  }
  return out;
}

std::optional<std::string> read_script(const std::string& path) {
  struct stat status {};
  std::string why;
  if (stat(path.c_str(), &status) != 0) {
    why = "no such file; the script comes first, its options after it";
  } else if (S_ISDIR(status.st_mode)) {
    why = "it is a directory";
  } else if (std::ifstream in(path, std::ios::binary); in) {
    // One byte more than a source may have is enough to refuse it.
    std::string text;
    std::array<char, 16384> piece{};
    while (in && text.size() <= syntax::kLargestSource) {
      in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
      text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    }
    return text;
  } else {
    why = "it can't be opened";
  }
  std::fprintf(stderr, "weft: can't read the script %s: %s\n", path.c_str(), why.c_str());
  return std::nullopt;
}

int run_script(const CLI::App& command, const CommonOptions& common, Script script,
               const ScriptArguments& arguments, const ScriptMode& mode) {
  Console console;
  std::optional<TrainingLog> log;
  std::optional<Profile> profile;
  Machine::Options machine = common.machine();
  if (!mode.log.empty() && !arguments.help) machine.log = &log.emplace(mode.log);
  if (mode.profile || !mode.trace.empty()) machine.profile = &profile.emplace();
  // That it can't be written is told of now, not after the run.
  if (!mode.trace.empty() && !arguments.help) write_trace(mode.trace, *profile, {});
  Session session({machine, arguments.values, false}, console);
  const auto diagnostics = session.read(script.name, script.text);
  const bool faulty = has_errors(diagnostics);
  if (arguments.help && !faulty) {
    print_script_help(command, session, script);
    return ExitCode::ok;
  }
  if (mode.json) {
    std::FILE* const out = mode.check_only ? stdout : stderr;
    for (const Diagnostic& d : diagnostics)
      std::fputs((render_json(d, session.sources()) + "\n").c_str(), out);
  } else {
    console.diagnostics(diagnostics, session.sources());
  }
  // Of a script with faults not all options may be known.
  const bool known = faulty || options_exist(session, script, arguments);
  if (faulty || !known || (mode.strict && !diagnostics.empty())) return ExitCode::usage;
  if (mode.check_only) return ExitCode::ok;
  const Outcome outcome = session.run();
  if (mode.profile) console.note(profile_report(*profile, session.sources()));
  if (!mode.trace.empty()) write_trace(mode.trace, *profile, session.sources());
  if (log) log->close();
  return exit_code(outcome);
}

}  // namespace weft::repl
