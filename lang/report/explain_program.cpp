#include "lang/report/explain_program.h"

#include <algorithm>
#include <set>

#include "lang/report/report.h"

namespace weft::report {

std::string explain_program(const check::Elaborator& checked, const Program& program, Extents extents,
                            DType real) {
  struct Part {
    Span declared;
    Explain what;
  };
  std::vector<Part> parts;
  Explain alone;
  alone.model = "param";
  std::set<std::string> seen;
  for (const std::string& name : checked.names()) {
    if (!seen.insert(name).second) continue;
    const check::Binding* binding = checked.find(name);
    if (!binding || binding->declared.end == 0) continue;
    if (auto what = checked.explained(name, binding->value)) {
      parts.push_back({binding->declared, std::move(*what)});
    } else if (const auto* v = check::as<check::VariableValue>(binding->value)) {
      const Variable& variable = program.variables[static_cast<std::size_t>(v->variable)];
      if (variable.kind == VariableKind::parameter)
        alone.parameters.push_back({name, v->variable, variable.type});
    }
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return std::tie(a.declared.file, a.declared.begin) < std::tie(b.declared.file, b.declared.begin);
  });
  std::string out;
  const auto add = [&](const Explain& what) {
    out += (out.empty() ? "" : "\n") + report(program, what, extents, real);
  };
  if (!alone.parameters.empty()) {
    std::sort(alone.parameters.begin(), alone.parameters.end(),
              [](const ModelParameter& a, const ModelParameter& b) { return a.variable < b.variable; });
    add(alone);
  }
  for (const Part& p : parts) add(p.what);
  if (out.empty()) return "no models and no trainings\n";
  if (!extents.known.empty()) out += "\nextents\n" + extents_report(extents);
  return out;
}

}  // namespace weft::report
