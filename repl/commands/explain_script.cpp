#include "repl/commands/explain_script.h"

#include <algorithm>
#include <cstdio>

#include "lang/report/explain_program.h"
#include "lang/report/passes.h"
#include "repl/console.h"
#include "repl/exit_code.h"

namespace weft::repl {

namespace {

/// False after a message that lists the passes.
bool pass_exists(const std::string& name) {
  std::vector<std::string> names;
  for (const report::Pass& p : report::passes()) names.push_back(p.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  const std::string near = nearest(name, names);
  std::fprintf(stderr, "weft explain: there is no pass `%s`%s; in their order they are\n", name.c_str(),
               near.empty() ? "" : (", did you mean `" + near + "`?").c_str());
  for (const report::Pass& p : report::passes()) {
    std::fprintf(stderr, "  %-12s%s\n", p.name.c_str(), p.what.c_str());
  }
  return false;
}

}  // namespace

int explain_script(const CommonOptions& common, const ExplainScript& asked,
                   const ScriptArguments& arguments) {
  if (!asked.after.empty() && !pass_exists(asked.after)) return ExitCode::usage;
  auto text = read_script(asked.path);
  if (!text) return ExitCode::usage;
  Console console;
  Session session({common.machine(), arguments.values, false}, console);
  const auto form = asked.graph == "dot" ? report::GraphForm::dot : report::GraphForm::text;
  report::PassLog log(asked.after, form);
  if (!asked.after.empty()) {
    session.checked().set_pass_observer([&](const std::string& training, const std::string& pass,
                                            const Graph& graph) { log.keep(training, pass, graph); });
  }
  const auto diagnostics = session.read(asked.path, std::move(*text));
  console.diagnostics(diagnostics, session.sources());
  const bool faulty = std::any_of(diagnostics.begin(), diagnostics.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::error; });
  const Script script{asked.path, "", "weft run " + asked.path};
  if (faulty || !options_exist(session, script, arguments)) return ExitCode::usage;

  const DType real = session.machine().real();
  report::Extents extents;
  std::string out;
  if (asked.after.empty() && !asked.graph.empty()) {
    out = report::all_graphs(session.program(), form);
  } else {
    report::bind_batches(session.program(), extents);
    report::bind_labels(session.program(), extents);
    out = asked.after.empty() ? report::explain_program(session.checked(), session.program(), extents, real)
                              : log.text(session.program(), extents, real);
  }
  if (out.empty()) {
    std::fprintf(stderr, "weft explain: %s has no graph%s\n", asked.path.c_str(),
                 asked.after.empty() ? "" : (" after " + asked.after).c_str());
    return ExitCode::ok;
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return ExitCode::ok;
}

}  // namespace weft::repl
