#include "lang/run/report.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "lang/run/print.h"

namespace weft {

namespace {

constexpr std::int64_t kShownLabels = 12;
constexpr std::size_t kShownEpochs = 20;

std::string list_of(const Labels& labels) {
  std::string out;
  const std::int64_t shown = labels.size() > kShownLabels + 1 ? kShownLabels : labels.size();
  for (std::int64_t i = 0; i < shown; ++i) out += (i ? ", " : "") + print_label(labels.at(i));
  if (shown < labels.size()) out += ", .. and " + std::to_string(labels.size() - shown) + " more";
  return out;
}

const char* name_of(corpora::Split split) {
  switch (split) {
    case corpora::Split::train:
      return "train";
    case corpora::Split::valid:
      return "valid";
    default:
      return "test";
  }
}

std::string counted(std::int64_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : what == std::string("batch") ? "es" : "s");
}

}  // namespace

std::string describe_labels(const std::string& name, const Labels& labels) {
  return name + " = " + std::to_string(labels.size()) + ": " + list_of(labels);
}

std::string describe_axis(const AxisTable& axes, AxisId axis, const Bindings& bindings) {
  const std::string name = "axis " + axes.name(axis);
  const Axis& a = axes[axis];
  if (a.labels) return describe_labels(name, *a.labels);
  if (const auto extent = axes.symbols().evaluate(a.extent, bindings))
    return name + " = " + std::to_string(*extent);
  if (a.extent.symbol()) return name + ", open: each batch of data has its own extent";
  return name + " = " + axes.symbols().describe(a.extent);
}

std::string describe_split(const DataSource& source, const OpenedData& opened, corpora::Split split) {
  const std::string name = source.name + "." + name_of(split);
  if (!opened.dataset) return name + ": not opened; a model file brought the labels";
  return name + ": " + counted(opened.dataset->batches(split), "batch") + ", " +
         counted(opened.dataset->tokens(split), "token");
}

std::string describe_data(const DataSource& source, const OpenedData& opened, const AxisTable& axes) {
  std::string out = source.name + ": " + source.request.reader + " of " + source.request.path;
  std::vector<std::vector<std::string>> rows;
  for (const corpora::Split split : {corpora::Split::train, corpora::Split::valid}) {
    if (!opened.dataset || opened.dataset->batches(split) == 0) continue;
    rows.push_back({std::string(".") + name_of(split), counted(opened.dataset->batches(split), "batch") +
                                                           ", " +
                                                           counted(opened.dataset->tokens(split), "token")});
  }
  for (std::size_t s = 0; s < source.schema->label_sets.size() && s < opened.labels.size(); ++s) {
    rows.push_back({"." + source.schema->label_sets[s],
                    std::to_string(opened.labels[s]->size()) + ": " + list_of(*opened.labels[s])});
  }
  for (const corpora::ColumnSchema& c : source.schema->columns) {
    std::string type = c.labels.empty() ? "[" : "." + c.labels + "[";
    for (std::size_t i = 0; i < c.axes.size(); ++i)
      type += (i ? ", " : "") + axes.name(source.axes[static_cast<std::size_t>(c.axes[i])].axis);
    rows.push_back({"column " + c.name, type + "]"});
  }
  std::size_t widest = 0;
  for (const auto& row : rows) widest = std::max(widest, row[0].size());
  for (const auto& row : rows) out += "\n  " + row[0] + std::string(widest - row[0].size() + 2, ' ') + row[1];
  return out;
}

RunHistory history_of(const DescribeRun& run, const std::vector<std::string>& history) {
  RunHistory out;
  for (auto it = history.rbegin(); it != history.rend(); ++it) {
    const auto record = nlohmann::json::parse(*it);
    if (record.value("run", "") != run.name) continue;
    out.steps = record.value("steps", std::int64_t{0});
    for (const auto& epoch : record.at("epochs")) {
      std::vector<double> values;
      for (const std::string& m : run.metrics) {
        const auto found = epoch.find(m);
        values.push_back(found != epoch.end() && found->is_number()
                             ? found->get<double>()
                             : std::numeric_limits<double>::quiet_NaN());
      }
      out.epochs.push_back(std::move(values));
    }
    break;
  }
  return out;
}

std::string describe_run(const DescribeRun& run, const RunHistory& history) {
  const std::size_t epochs = history.epochs.size();
  std::string out = "training " + run.name + ": " + counted(static_cast<std::int64_t>(epochs), "epoch") +
                    ", " + counted(history.steps, "step");
  std::vector<std::size_t> told;  // of the metrics, those that any epoch has
  for (std::size_t m = 0; m < run.metrics.size(); ++m) {
    for (const auto& e : history.epochs) {
      if (std::isnan(e[m])) continue;
      told.push_back(m);
      break;
    }
  }
  if (epochs == 0 || told.empty()) return out;
  std::vector<std::vector<std::string>> rows(1, {"epoch"});
  for (const std::size_t m : told) rows[0].push_back(run.metrics[m]);
  for (std::size_t e = 0; e < epochs; ++e) {
    if (epochs > kShownEpochs && e == kShownEpochs / 2) {
      rows.push_back(std::vector<std::string>(told.size() + 1, ".."));
      e = epochs - kShownEpochs / 2;
    }
    std::vector<std::string> row = {std::to_string(e + 1)};
    for (const std::size_t m : told)
      row.push_back(std::isnan(history.epochs[e][m]) ? "" : print(history.epochs[e][m]));
    rows.push_back(std::move(row));
  }
  return out + print_table(rows);
}

}  // namespace weft
