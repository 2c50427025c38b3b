#include "lang/report/report.h"

#include <algorithm>
#include <cstdio>

#include "lang/text_width.h"
#include "lang/utf8.h"
#include "tensor/plan/cost.h"

namespace weft::report {

namespace {

/// "1.23 GFLOP", "45.6 MiB": three significant digits and the unit that fits.
std::string scaled(double x, double step, std::initializer_list<const char*> units) {
  auto unit = units.begin();
  while (x >= step && unit + 1 != units.end()) x /= step, ++unit;
  char text[32];
  std::snprintf(text, sizeof text,
                x < 10 && unit != units.begin()    ? "%.2f "
                : x < 100 && unit != units.begin() ? "%.1f "
                                                   : "%.0f ",
                x);
  return text + std::string(*unit);
}

std::string flops_text(double flops) {
  return scaled(flops, 1000, {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"});
}

std::string shape_text(const TensorType& type, const AxisTable& axes, const Bindings& bindings) {
  std::string text;
  if (type.element.kind == ElementKind::index) text = axes.name(type.element.of);
  if (type.element.kind == ElementKind::integer) text = "int";
  if (type.element.kind == ElementKind::boolean) text = "bool";
  text += "[";
  for (std::size_t i = 0; i < type.dims.size(); ++i) {
    const Dim& d = type.dims[i];
    const auto n = axes.symbols().evaluate(d.extent, bindings);
    text += (i ? ", " : "") + axes.name(d.axis) + " = " +
            (n ? std::to_string(*n) : axes.symbols().describe(d.extent));
  }
  return text + "]";
}

/// How many elements; -1 where an extent isn't known.
std::int64_t count(const TensorType& type, const AxisTable& axes, const Bindings& bindings) {
  std::int64_t n = 1;
  for (const Dim& d : type.dims) {
    const auto extent = axes.symbols().evaluate(d.extent, bindings);
    if (!extent) return -1;
    n *= *extent;
  }
  return n;
}

int columns(std::string_view text) {
  int n = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character c = decode_utf8(text, at);
    n += text_width(c.value);
    at += c.length;
  }
  return n;
}

/// Rows whose columns line up; those from `right` on to the right.
std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t right) {
  std::vector<int> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(static_cast<std::size_t>(widths[i] - columns(row[i])), ' ');
      line += (i ? "  " : " ") + (i >= right ? pad + row[i] : row[i] + pad);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

/// The sum of the bytes of a computation's inputs of one kind.
double bytes_of(const Program& program, const std::vector<VariableId>& variables, VariableKind kind,
                const Bindings& bindings, DType real) {
  double sum = 0;
  for (const VariableId v : variables) {
    const Variable& variable = program.variables[static_cast<std::size_t>(v)];
    if (variable.kind != kind) continue;
    const std::int64_t n = count(variable.type, program.axes, bindings);
    sum += static_cast<double>(n) * static_cast<double>(size_of(storage_of(variable.type.element, real)));
  }
  return sum;
}

}  // namespace

std::string bytes_text(double bytes) {
  return scaled(bytes, 1024, {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"});
}

std::string count_text(std::int64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string model_report(const Program& program, const Explain& model, const Extents& extents, DType real) {
  std::string out = model.model == "param" ? "parameters outside of models\n"
                                           : "model " + model.name + ", " + model.model + "\n";
  std::vector<std::vector<std::string>> rows;
  std::int64_t numbers = 0;
  bool known = true;
  for (const ModelParameter& p : model.parameters) {
    const std::int64_t n = count(p.type, program.axes, extents.bindings);
    known = known && n >= 0;
    numbers += n;
    rows.push_back({p.path, shape_text(p.type, program.axes, extents.bindings), n < 0 ? "?" : count_text(n),
                    n < 0 ? "?" : bytes_text(static_cast<double>(n * size_of(real)))});
  }
  rows.push_back({std::to_string(rows.size()) + (rows.size() == 1 ? " parameter" : " parameters"), "",
                  known ? count_text(numbers) : "?",
                  known ? bytes_text(static_cast<double>(numbers * size_of(real))) : "?"});
  return out + table(rows, 2);
}

std::string training_report(const Program& program, const Training& t, Extents& extents, DType real) {
  std::string out = "training " + t.name;
  if (const auto* c = std::get_if<CorpusBatches>(&t.batches)) {
    out += ", on batches of " + program.data[static_cast<std::size_t>(c->data)].name +
           (c->split == corpora::Split::train ? ".train" : ".valid");
  }
  if (std::holds_alternative<EpisodeBatches>(t.batches)) out += ", on the steps of episodes";
  out += "\n";
  if (!t.step.graph) return out;
  bind_rest(*t.step.graph, extents);

  std::vector<std::vector<std::string>> rows;
  std::string batch;
  for (const VariableId v : t.step.inputs) {
    const Variable& variable = program.variables[static_cast<std::size_t>(v)];
    if (variable.kind != VariableKind::column) continue;
    batch += (batch.empty() ? "" : ", ") + variable.name + ": " +
             shape_text(variable.type, program.axes, extents.bindings);
  }
  if (!batch.empty()) rows.push_back({"batch", batch});
  const PlanOptions options{real, Device::cpu};
  const auto cost_row = [&](const std::string& name, const PlanCost& cost) {
    rows.push_back({name, flops_text(cost.total.flops) + " in " + count_text(cost.total.calls) +
                              " kernel calls, " + bytes_text(cost.total.bytes) + " read and written"});
  };
  const PlanCost step = plan_cost(*t.step.graph, t.step.outputs, t.step.effects, extents.bindings, options);
  cost_row("a step", step);
  std::vector<std::pair<double, std::string>> shares;
  for (const auto& [op, share] : step.by_op) shares.emplace_back(share.flops, op);
  std::sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string most;
  for (std::size_t i = 0; i < std::min<std::size_t>(shares.size(), 5); ++i) {
    const double percent = step.total.flops > 0 ? 100 * shares[i].first / step.total.flops : 0;
    if (percent < 1) break;
    char text[64];
    std::snprintf(text, sizeof text, "%s%s %.0f %%", i ? ", " : "", shares[i].second.c_str(), percent);
    most += text;
  }
  if (!most.empty()) rows.push_back({"of that", most});

  double arena = static_cast<double>(step.arena_bytes);
  std::vector<VariableId> variables = t.step.inputs;
  if (t.apply.graph) {
    bind_rest(*t.apply.graph, extents);
    const PlanCost apply =
        plan_cost(*t.apply.graph, t.apply.outputs, t.apply.effects, extents.bindings, options);
    cost_row("an update", apply);
    arena += static_cast<double>(apply.arena_bytes);
    for (const VariableId v : t.apply.inputs) {
      if (std::find(variables.begin(), variables.end(), v) == variables.end()) variables.push_back(v);
    }
  }
  if (t.validation && t.validation->metrics) {
    const SplitMetrics& m = *t.validation->metrics;
    bind_rest(m.batch, extents);
    const PlanCost validation = plan_cost(m.batch, m.partials, {}, extents.bindings, options);
    cost_row("a batch of the validation", validation);
    arena += static_cast<double>(validation.arena_bytes);
  }
  const auto of_kind = [&](VariableKind kind) {
    return bytes_of(program, variables, kind, extents.bindings, real);
  };
  const double parameters = of_kind(VariableKind::parameter), states = of_kind(VariableKind::state),
               columns_fed = of_kind(VariableKind::column);
  rows.push_back({"parameters", bytes_text(parameters)});
  if (states > 0) rows.push_back({"optimizer", bytes_text(states)});
  if (columns_fed > 0) rows.push_back({"columns", bytes_text(columns_fed)});
  rows.push_back({"working memory", bytes_text(arena)});
  rows.push_back({"peak memory", bytes_text(parameters + states + columns_fed + arena)});
  return out + table(rows, 99);
}

std::string extents_report(const Extents& extents) {
  std::vector<std::vector<std::string>> rows;
  for (const Extents::Known& k : extents.known)
    rows.push_back({k.name + " = " + std::to_string(k.value), k.why});
  return table(rows, 99);
}

std::string report(const Program& program, const Explain& what, Extents& extents, DType real) {
  if (!what.model.empty()) return model_report(program, what, extents, real);
  for (auto a = program.actions.rbegin(); a != program.actions.rend(); ++a) {
    const auto* t = std::get_if<Training>(&*a);
    if (t && t->name == what.training) return training_report(program, *t, extents, real);
  }
  return "training " + what.training + "\n";
}

}  // namespace weft::report
