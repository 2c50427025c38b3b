#include <algorithm>
#include <cmath>

#include "lang/run/loss_curve.h"
#include "lang/run/machine.h"
#include "lang/run/plot.h"
#include "lang/run/report.h"

/// `show` of what isn't a tensor, and `plot`.
namespace weft {

std::string Machine::describe(const Description& what) const {
  struct Visit {
    const Machine& self;
    const DataSource& source(DataId id) const { return self.program_.data[static_cast<std::size_t>(id)]; }

    std::string operator()(const DescribeAxis& a) const {
      return describe_axis(self.program_.axes, a.axis, self.bindings_);
    }
    std::string operator()(const DescribeLabels& l) const {
      const auto set = static_cast<std::size_t>(l.source.set);
      const DataSource& data = source(l.source.data);
      return describe_labels(data.name + "." + data.schema->label_sets[set],
                             *self.opened(l.source.data).labels[set]);
    }
    std::string operator()(const DescribeData& d) const {
      const OpenedData& opened = self.opened(d.data);
      return d.split ? describe_split(source(d.data), opened, *d.split)
                     : describe_data(source(d.data), opened, self.program_.axes);
    }
    std::string operator()(const DescribeRun& r) const {
      return describe_run(r, history_of(r, self.history_));
    }
  };
  return std::visit(Visit{*this}, what);
}

void Machine::execute(const weft::Plot& action) {
  const std::size_t width = std::clamp<std::size_t>(observer_.width(), 30, 80);
  for (const PlotItem& item : action.items) {
    if (const auto* c = std::get_if<Computation>(&item.value)) {
      const Tensor t = compute(*c);
      TensorType type{c->graph->type(c->outputs[0]).element, {}};
      for (const Tensor::Size& s : t.axes()) type.dims.push_back({s.axis, Extent(s.extent)});
      observer_.show(item.name + ": " + describe_with_extents(type, program_.axes) + "\n" +
                     weft::plot(t, program_.axes, width));
      continue;
    }
    // The curve of each metric by epoch; with one epoch the loss by step.
    const auto& run = std::get<DescribeRun>(item.value);
    const RunHistory history = history_of(run, history_);
    const std::size_t epochs = history.epochs.size();
    std::string out;
    if (epochs < 2) {
      const auto curve = curves_.find(run.name);
      if (curve != curves_.end()) {
        out = item.name + ".loss by step\n" +
              line_chart(curve->second.bins(), "1", std::to_string(history.steps), width);
      }
    } else {
      for (std::size_t m = 0; m < run.metrics.size(); ++m) {
        std::vector<double> y;
        for (const auto& e : history.epochs) y.push_back(e[m]);
        if (std::none_of(y.begin(), y.end(), [](double x) { return std::isfinite(x); })) continue;
        out += (out.empty() ? "" : "\n") + item.name + "." + run.metrics[m] + " by epoch\n" +
               line_chart(y, "1", std::to_string(epochs), width);
      }
    }
    observer_.show(out.empty() ? item.name + ": nothing to draw yet" : out);
  }
}

}  // namespace weft
