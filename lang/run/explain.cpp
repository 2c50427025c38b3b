#include "lang/report/report.h"
#include "lang/run/machine.h"

/// `explain`: by now the data is open, and only the batches' extents are as asked for.
namespace weft {

void Machine::execute(const Explain& action) {
  report::Extents extents;
  extents.bindings = bindings_;
  for (const DataSource& d : program_.data) {
    for (std::size_t i = 0; i < d.label_symbols.size(); ++i) {
      const auto n = bindings_.value(d.label_symbols[i]);
      if (n)
        extents.known.push_back({d.name + "." + d.schema->label_sets[i], *n, "counted in " + d.request.path});
    }
  }
  report::bind_batches(program_, extents);
  std::string text = report::report(program_, action, extents, options_.real);
  if (action.model.empty()) text += "\nextents\n" + report::extents_report(extents);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  observer_.show(text);
}

}  // namespace weft
