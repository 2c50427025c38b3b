#include "lang/check/elaborator.h"
#include "lang/label_hint.h"

/// Labels as indices: `at[V](table, "king")`, `y == "pos"`. Labels that come with the data are looked up when
/// the data is open.
namespace weft::check {

namespace {

/// The labels of an axis as far as they are known before the run: given by hand, of data that is open, of a
/// model file.
std::shared_ptr<const Labels> known_labels(const Program& program, AxisId axis,
                                           const std::optional<LabelSource>& source) {
  if (const auto labels = program.axes[axis].labels) return labels;
  if (!source) return nullptr;
  const DataSource& data = program.data[static_cast<std::size_t>(source->data)];
  if (!data.stored) return nullptr;
  const auto found = data.stored->labels.find(data.schema->label_sets[static_cast<std::size_t>(source->set)]);
  return found == data.stored->labels.end() ? nullptr : found->second;
}

}  // namespace

std::optional<LabelSource> Elaborator::label_source(AxisId axis) {
  if (const auto it = program_.label_sources.find(axis); it != program_.label_sources.end())
    return it->second;
  const int primes = axis_table()[axis].primes;
  if (primes == 0) return std::nullopt;
  for (const auto& [base, source] : program_.label_sources) {  // V' has the labels of V
    if (primes <= axis_table()[base].primes || axis_table()[base].name != axis_table()[axis].name) continue;
    AxisId primed = base;
    while (axis_table()[primed].primes < primes) primed = axis_table().primed(primed);
    if (primed == axis) return source;
  }
  return std::nullopt;
}

void Elaborator::inherit_labels(AxisId axis, AxisId from) {
  if (axis == from) return;
  axis_table().set_labels(axis, axis_table()[from].labels);
  if (const auto source = label_source(from)) {
    program_.label_sources[axis] = *source;
  } else {
    program_.label_sources.erase(axis);
  }
}

Value Elaborator::label_index(const std::string& label, AxisId axis, Span span) {
  const Element element{ElementKind::index, axis};
  const std::string name = axis_table().name(axis);
  const auto source = label_source(axis);
  if (const auto labels = known_labels(program_, axis, source)) {
    const auto position = labels->find(label);
    if (!position) {
      const std::string near = nearest(label, labels->names());
      return fail(code::unknown_label, span, "\"" + label + "\" is no label of `" + name + "`", "not a label",
                  label_hint(label, *labels), {},
                  near.empty() ? std::nullopt : std::optional(Fix{span, "\"" + near + "\""}));
    }
    graph_->graph->set_origin(span);
    const NodeId number =
        graph_->graph->constant(static_cast<double>(*position), {{ElementKind::integer, {}}, {}});
    Attributes attributes;
    attributes.type.element = element;
    return emit(span, OpId::cast, {number}, std::move(attributes));
  }
  if (!source) {
    return fail(code::unknown_label, span, "axis `" + name + "` has no labels",
                "\"" + label + "\" can't be one of them",
                "give a position, or declare labels: axis " + axis_table()[axis].name + " = labels(\"" +
                    label + "\", ...)");
  }
  const VariableId id = program_.add({"\"" + label + "\"", VariableKind::value, {element, {}}, {}, 0});
  program_.actions.push_back(ResolveLabel{id, axis, label, span});
  return VariableValue{id};
}

std::optional<NodeId> Elaborator::index_of(const Value& v, AxisId axis, Span span) {
  const auto* text = as<TextValue>(v);
  if (!text) return std::nullopt;
  return tensor(label_index(text->value, axis, span), span);
}

}  // namespace weft::check
