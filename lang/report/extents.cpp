#include "lang/report/extents.h"

#include <filesystem>

namespace weft::report {

void Extents::bind(SymbolId symbol, std::string name, std::int64_t value, std::string why, bool assumed) {
  bindings.bind(symbol, value);
  known.push_back({std::move(name), value, std::move(why), assumed});
}

void bind_batches(const Program& program, Extents& extents) {
  for (const DataSource& d : program.data) {
    for (std::size_t i = 0; i < d.axes.size() && i < d.request.extents.size(); ++i) {
      const auto symbol = d.axes[i].extent.symbol();
      if (!symbol || extents.bindings.value(*symbol)) continue;
      extents.bind(*symbol, program.axes.name(d.axes[i].axis), d.request.extents[i],
                   "the batches of " + d.name + " at their largest");
    }
  }
}

void bind_labels(const Program& program, Extents& extents) {
  for (const DataSource& d : program.data) {
    bool needed = false;
    for (const SymbolId s : d.label_symbols) needed = needed || !extents.bindings.value(s);
    if (!needed) continue;
    std::unique_ptr<corpora::Dataset> open;
    std::string why = "assumed; there is no file " + d.request.path;
    std::error_code error;
    if (std::filesystem::is_regular_file(d.request.path, error)) {
      try {
        open = corpora::open_dataset(d.request);
      } catch (const corpora::DataError& e) {
        why = std::string("assumed; ") + e.what();
      }
    }
    for (std::size_t i = 0; i < d.label_symbols.size(); ++i) {
      const std::string& set = d.schema->label_sets[i];
      const std::string name = d.name + "." + set;
      if (open) {
        extents.bind(d.label_symbols[i], name, static_cast<std::int64_t>(open->labels(set).size()),
                     "counted in " + d.request.path);
      } else {
        extents.bind(d.label_symbols[i], name, set == "vocab" ? 10000 : 10, why, true);
      }
    }
  }
}

void bind_rest(const Graph& graph, Extents& extents) {
  constexpr std::int64_t kAssumed = 100;
  const SymbolTable& symbols = graph.axes().symbols();
  const auto look = [&](const Extent& extent) {
    for (const Extent::Term& term : extent.terms()) {
      for (const SymbolId s : term.factors) {
        if (symbols.evaluate(Extent(s), extents.bindings)) continue;
        extents.bind(s, symbols.name(s), kAssumed, "assumed; nothing but data gives it", true);
      }
    }
  };
  for (NodeId i = 0; i < graph.size(); ++i) {
    for (const Dim& d : graph.type(i).dims) look(d.extent);
    for (const Extent& e : graph[i].attributes.extents) look(e);
    if (graph[i].attributes.body) bind_rest(graph[i].attributes.body->graph, extents);
  }
}

}  // namespace weft::report
