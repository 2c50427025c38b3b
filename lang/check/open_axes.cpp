#include "lang/check/elaborator.h"
#include "tensor/scan.h"

/// Open axes have an extent only where a batch of data gives them one.
namespace weft::check {

namespace {

const SymbolId* open_symbol(const Extent& extent, const std::map<SymbolId, Dim>& open,
                            const std::set<SymbolId>& bound) {
  for (const Extent::Term& term : extent.terms()) {
    for (const SymbolId& s : term.factors) {
      if (open.count(s) && !bound.count(s)) return &s;
    }
  }
  return nullptr;
}

}  // namespace

bool Elaborator::settled(const Graph& g, DataId data) {
  std::set<SymbolId> bound;
  if (data >= 0) {
    for (const Dim& d : program_.data[static_cast<std::size_t>(data)].axes) {
      for (const Extent::Term& term : d.extent.terms())
        bound.insert(term.factors.begin(), term.factors.end());
    }
  }
  for (const NodeId i : g.inputs()) {  // what comes from outside brings its extents along
    for (const Dim& d : g.type(i).dims) {
      if (const auto s = d.extent.symbol()) bound.insert(*s);
    }
  }
  for (NodeId i = 0; i < g.size(); ++i) {
    const Node& n = g[i];
    std::vector<Extent> extents = n.attributes.extents;
    for (const Dim& d : n.type.dims) extents.push_back(d.extent);
    for (const Extent& e : extents) {
      if (const SymbolId* s = open_symbol(e, open_, bound)) return fail_open(*s, n.origin);
    }
    if (n.attributes.body && !settled(n.attributes.body->graph, data)) return false;
  }
  return true;
}

bool Elaborator::settled(const TensorType& type, Span span) {
  for (const Dim& d : type.dims) {
    if (const SymbolId* s = open_symbol(d.extent, open_, {})) return fail_open(*s, span);
  }
  return true;
}

bool Elaborator::fail_open(SymbolId symbol, Span span) {
  const Axis& axis = axis_table()[open_.at(symbol).axis];
  fail(code::open_axis, span, "axis `" + axis.name + "` has no extent here", "`" + axis.name + "` is open",
       "give it one, as in zeros[" + axis.name + ": 3](), or compute this where a batch of data binds it",
       {{axis.declared, "declared without an extent"}});
  return false;
}

}  // namespace weft::check
