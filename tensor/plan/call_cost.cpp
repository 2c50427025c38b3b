#include "tensor/plan/call_cost.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/fused.h"

namespace weft::planning {

namespace {

/// What an optimizer does with an element, of how many states.
struct Optimizer {
  std::string_view name;
  double flops;
  int states;
};

/// Of an op that is an optimizer's update, of all of a parameter or of rows; else nullptr.
const Optimizer* optimizer_of(std::string_view op) {
  static constexpr Optimizer kOptimizers[] = {
      {"sgd", 3, 0}, {"adagrad", 7, 1}, {"momentum", 5, 1}, {"rmsprop", 9, 1}, {"adam", 14, 2}};
  for (const Optimizer& optimizer : kOptimizers) {
    if (!op.starts_with(optimizer.name)) continue;
    const std::string_view rest = op.substr(optimizer.name.size());
    if (rest.empty() || rest == "_rows" || rest == "_catch_up") return &optimizer;
  }
  return nullptr;
}

/// Operations for each element of a kernel's iteration space; 1 where nothing is said.
double flops_of_element(std::string_view op) {
  struct Row {
    std::string_view op;
    double flops;
  };
  static constexpr Row kRows[] = {{"dot", 2},
                                  {"copy", 0},
                                  {"concat", 0},
                                  {"pad", 0},
                                  {"position", 0},
                                  {"gather", 0},
                                  {"cast", 0},
                                  {"spread", 0},
                                  {"assign", 0},
                                  {"assign_at", 0},
                                  {"softmax", 5},
                                  {"log_softmax", 5},
                                  {"cross_entropy", 5},
                                  {"sigmoid", 4},
                                  {"dropout", 2},
                                  {"cross_entropy_grad", 5},
                                  {"random_uniform", 0},
                                  {"random_normal", 0}};
  for (const Row& row : kRows) {
    if (row.op == op) return row.flops;
  }
  if (const Optimizer* const optimizer = optimizer_of(op)) return optimizer->flops;
  return 1;
}

double touched(const View& view) {
  double n = static_cast<double>(size_of(view.dtype));
  for (int i = 0; i < view.rank; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (view.strides[k] != 0 || view.extents[k] == 0) n *= static_cast<double>(view.extents[k]);
  }
  return n;
}

double elements(const View& view) {
  double n = 1;
  for (int i = 0; i < view.rank; ++i) n *= static_cast<double>(view.extents[static_cast<std::size_t>(i)]);
  return n;
}

/// Elements of the first dims of the space.
double rows_of(const Call& call, int dims) {
  double n = 1;
  for (int i = 0; i < dims; ++i)
    n *= static_cast<double>(call.output.view.extents[static_cast<std::size_t>(i)]);
  return n;
}

/// Every operand and every result once, whatever is done in between.
PlanCost::Share cost_of_fused(const Call& call, const FusedProgram& program) {
  PlanCost::Share share{1, 0, touched(call.output.view)};
  const double space = elements(call.output.view);
  for (const auto& instruction : program.instructions)
    share.flops += flops_of_element(name_of(instruction.op)) * space /
                   (instruction.narrow ? static_cast<double>(program.row) : 1);
  for (const Operand& x : call.inputs) share.bytes += touched(x.view);
  for (const Operand& y : call.more_outputs) share.bytes += touched(y.view);
  return share;
}

/// The products alone: scores and sums of values, and going back those of four gradients and the scores
/// again. The space's groups are batch, queries, keys, and the width of queries and keys, then perhaps that
/// of values.
double flops_of_attention(const Call& call) {
  const View& space = call.output.view;
  const auto& groups = call.params.groups;
  double rows = 1;  // times keys
  const int k = groups[0] + groups[1] + groups[2], v = k + groups[3] - 1;
  for (int i = 0; i < k; ++i) rows *= static_cast<double>(space.extents[static_cast<std::size_t>(i)]);
  const auto width = [&](int dim) {
    return static_cast<double>(space.extents[static_cast<std::size_t>(dim)]);
  };
  return call.name == "attention" ? rows * 2 * (width(k) + width(v)) : rows * (6 * width(k) + 4 * width(v));
}

/// An update of a table's rows.
struct RowUpdate {
  std::size_t rows;  // the operand that has them
  double passes;     // how often the rows' elements in the table and its states are read or written
};

/// nullopt where the call is none, or one of all rows.
std::optional<RowUpdate> row_update(const Call& call) {
  const Optimizer* const optimizer = optimizer_of(call.name);
  if (optimizer == nullptr) return std::nullopt;
  const double passes = 2 * (1 + optimizer->states);
  // idx, rows, rate and scale come last; or idx, after the table, its states, last, rates and steps.
  if (call.name.ends_with("_rows")) return RowUpdate{call.inputs.size() - 3, passes};
  const auto index = static_cast<std::size_t>(1 + optimizer->states + 3);
  if (call.name.ends_with("_catch_up") && call.inputs.size() > index) return RowUpdate{index, passes};
  return std::nullopt;
}

}  // namespace

PlanCost::Share cost_of(const Call& call) {
  if (call.params.program) return cost_of_fused(call, *call.params.program);
  if (call.packs) return {1, 0, 2 * touched(call.output.view)};
  const bool attends = call.name == "attention" || call.name == "attention_grad";
  const std::optional<RowUpdate> update = row_update(call);
  const bool moves_rows =
      call.name == "gather" || call.name == "gather_sum" || update || call.name == "scatter_add";
  double bytes = touched(call.output.view);
  double space = elements(call.output.view);
  std::vector<double> inputs;
  for (const Operand& x : call.inputs) {
    inputs.push_back(touched(x.view));
    space = std::max(space, elements(x.view));
  }
  // Of a table only the rows that are asked for are touched.
  if (moves_rows && !inputs.empty()) {
    const auto least = *std::min_element(inputs.begin(), inputs.end());
    if (call.name == "gather") {
      bytes = 2 * bytes + least;
    } else if (call.name == "gather_sum") {
      space = rows_of(call, call.params.groups[0] + call.params.groups[1] + call.params.groups[2]);
      bytes += space * static_cast<double>(size_of(call.output.view.dtype)) + least;
    } else {
      // The rows may be repeated: each place is written all the same.
      const auto& groups = call.params.groups;
      space = rows_of(call, update ? groups[0] + groups[1] : groups[0]);
      const double all = space * static_cast<double>(size_of(call.output.view.dtype));
      bytes = (update ? inputs.at(update->rows) : bytes) + (update ? update->passes : 2) * all + least;
    }
  } else {
    for (const double x : inputs) bytes += x;
    for (const Operand& y : call.more_outputs) bytes += touched(y.view);
  }
  return {1, attends ? flops_of_attention(call) : flops_of_element(call.name) * space, bytes};
}

}  // namespace weft::planning
