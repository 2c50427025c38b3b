#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "lang/std/library.h"
#include "repl/commands/command.h"

/// `weft run`, `weft check`, `weft train`: scripts, from files or out of the binary.
namespace weft::repl {

void add_common_options(CLI::App& app, CommonOptions& common) {
  app.add_option("--threads", common.threads, "Threads to use; 0: one for each core")->check(CLI::Range(0, 1024));
  app.add_option("--seed", common.seed, "Seed of all random numbers");
  app.add_option("--device", common.device, "Where to compute: cpu or cuda")->check(CLI::IsMember({"cpu", "cuda"}));
}

ScriptArguments parse_script_arguments(const std::vector<std::string>& words) {
  ScriptArguments out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "-h") {
      out.help = true;
      continue;
    }
    if (word.rfind("--", 0) != 0 || word.size() == 2) {
      throw CLI::ParseError("unexpected argument `" + word + "`: options of a script are --name value", ExitCode::usage);
    }
    if (const auto equals = word.find('='); equals != std::string::npos) {
      out.values[word.substr(2, equals - 2)] = word.substr(equals + 1);
    } else if (i + 1 < words.size()) {
      out.values[word.substr(2)] = words[++i];
    } else if (i + 1 == words.size()) {
      throw CLI::ParseError("option `" + word + "` needs a value", ExitCode::usage);
    }
  }
  return out;
}

std::optional<std::string> read_script(const std::string& path) {
  struct stat status {};
  std::string why;
  if (stat(path.c_str(), &status) != 0) {
    why = "no such file";
  } else if (S_ISDIR(status.st_mode)) {
    why = "it is a directory";
  } else if (std::ifstream in(path, std::ios::binary); in) {
    return std::string(std::istreambuf_iterator<char>(in), {});
  } else {
    why = "it can't be opened";
  }
  std::fprintf(stderr, "weft: can't read the script %s: %s\n", path.c_str(), why.c_str());
  return std::nullopt;
}

namespace {

void print_script_help(const Session& session, const std::string& title) {
  std::printf("%s\n\nOptions:\n", title.c_str());
  for (const ScriptOption& o : session.options()) {
    std::printf("  --%-14s %s [%s, default %s]\n", o.name.c_str(), o.help.c_str(), o.kind.c_str(),
                o.fallback.empty() ? "\"\"" : o.fallback.c_str());
  }
  std::printf("\n  --%-14s threads to use, 0 for one a core\n  --%-14s seed of all random numbers\n", "threads", "seed");
}

/// False after a message: an option was given that the script doesn't have.
bool options_exist(const Session& session, const ScriptArguments& arguments) {
  std::vector<std::string> names;
  for (const ScriptOption& o : session.options()) names.push_back(o.name);
  bool good = true;
  for (const auto& [name, value] : arguments.values) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest(name, names);
    std::fprintf(stderr, "weft: the script has no option `--%s`%s\n", name.c_str(),
                 near.empty() ? "; --help lists its options" : (", did you mean `--" + near + "`?").c_str());
    good = false;
  }
  return good;
}

}  // namespace

int run_script(const CommonOptions& common, const std::string& name, std::string text, const ScriptArguments& arguments,
               const std::string& title) {
  Console console;
  Session session({common.machine(), arguments.values, false}, console);
  const auto diagnostics = session.read(name, std::move(text));
  if (arguments.help) {
    print_script_help(session, title);
    return ExitCode::ok;
  }
  console.diagnostics(diagnostics, session.sources());
  const bool known = options_exist(session, arguments);
  if (!diagnostics.empty() || !known) return ExitCode::usage;
  switch (session.run()) {
    case Outcome::done: return ExitCode::ok;
    case Outcome::failed: return ExitCode::failed;
    case Outcome::interrupted: return ExitCode::interrupted;
  }
  return ExitCode::failed;
}

void add_run(CommandLine& line) {
  CLI::App* c = line.app.add_subcommand("run", "Check a script and run it");
  add_common_options(*c, line.common);
  c->set_help_flag();   // --help belongs to the script
  c->allow_extras();
  auto path = std::make_shared<std::string>();
  c->add_option("SCRIPT", *path, "A Weft source file; its own options follow as --name value")->required();
  c->callback([c, path, &line] {
    line.run = [&common = line.common, path, arguments = parse_script_arguments(c->remaining())] {
      auto text = read_script(*path);
      if (!text) return static_cast<int>(ExitCode::usage);
      return run_script(common, *path, std::move(*text), arguments, "weft run " + *path);
    };
  });
}

void add_check(CommandLine& line) {
  CLI::App* c = line.app.add_subcommand("check", "Check a script without opening its data");
  add_common_options(*c, line.common);
  auto path = std::make_shared<std::string>();
  c->add_option("SCRIPT", *path, "A Weft source file")->required();
  c->callback([path, &line] {
    line.run = [&common = line.common, path] {
      auto text = read_script(*path);
      if (!text) return static_cast<int>(ExitCode::usage);
      Console console;
      Session session({common.machine(), {}, false}, console);
      const auto diagnostics = session.read(*path, std::move(*text));
      console.diagnostics(diagnostics, session.sources());
      return static_cast<int>(diagnostics.empty() ? ExitCode::ok : ExitCode::usage);
    };
  });
}

void add_train(CommandLine& line) {
  CLI::App* c = line.app.add_subcommand("train", "Train a model by a recipe");
  add_common_options(*c, line.common);
  c->set_help_flag();
  c->allow_extras();
  auto name = std::make_shared<std::string>();
  std::string known;
  for (const StandardSource& r : recipes()) known += (known.empty() ? "" : ", ") + std::string(r.name);
  c->add_option("RECIPE", *name, "One of: " + known + "; its options follow as --name value");
  c->callback([c, name, known, &line] {
    line.run = [&common = line.common, name, known, c, arguments = parse_script_arguments(c->remaining())] {
      if (name->empty() && arguments.help) {
        std::printf("%s\n", c->help().c_str());
        return static_cast<int>(ExitCode::ok);
      }
      std::vector<std::string> names;
      for (const StandardSource& r : recipes()) {
        if (r.name == *name) {
          return run_script(common, "recipe " + *name, std::string(r.text), arguments, "weft train " + *name);
        }
        names.emplace_back(r.name);
      }
      const std::string near = nearest(*name, names);
      std::fprintf(stderr, "weft: there is no recipe `%s`; %s\n", name->c_str(),
                   near.empty() ? ("the recipes are " + known).c_str() : ("did you mean `" + near + "`?").c_str());
      return static_cast<int>(ExitCode::usage);
    };
  });
}

}  // namespace weft::repl
