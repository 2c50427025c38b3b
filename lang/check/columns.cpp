#include <algorithm>

#include "lang/check/suggest.h"
#include "lang/check/training_reader.h"

/// The columns of a training's batches, under the names that its step and its validation have for them.
namespace weft::check {

std::optional<std::size_t> TrainingReader::column_named(const ast::Argument& a, const std::string& source,
                                                        const std::vector<std::string>& names) {
  const auto* reference = std::get_if<ast::Reference>(&a.value->form);
  if (!reference) {
    e_.fail(code::column_computed, a.value->span, "a column is named, not computed", "not a name",
            "name it here and compute in the step");
    return std::nullopt;
  }
  const std::string& name = reference->name.text;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string near = nearest(name, names);
  e_.fail(code::unknown_column, a.value->span, source + " gives no column `" + name + "`", "not a column",
          near.empty() ? "its columns are " + listed(names) : "did you mean `" + near + "`?", {},
          replaced(a.value->span, near));
  return std::nullopt;
}

bool TrainingReader::bind(const std::string& source, const std::vector<std::string>& names,
                          const std::function<VariableId(std::size_t)>& variable) {
  bool good = true;
  for (const ast::Argument& a : d_.columns) {
    const auto index = column_named(a, source, names);
    good = good && index;
    if (index) e_.bind(a.name ? a.name->text : names[*index], VariableValue{variable(*index)}, a.span);
  }
  return good;
}

bool TrainingReader::bind_columns(const Batches& batches) {
  e_.graph().batches = true;
  if (const auto* corpus = std::get_if<CorpusBatches>(&batches)) return bind_columns(corpus->data);
  const auto* episodes = std::get_if<EpisodeBatches>(&batches);
  if (!episodes) return true;
  std::vector<std::string> names;
  for (const VariableId v : episodes->columns)
    names.push_back(e_.program().variables[static_cast<std::size_t>(v)].name);
  return bind("an episode", names, [&](std::size_t i) { return episodes->columns[i]; });
}

bool TrainingReader::bind_columns(DataId id) {
  e_.graph().batches = true;
  const corpora::ReaderSchema& schema = *e_.program().data[static_cast<std::size_t>(id)].schema;
  std::vector<std::string> names;
  for (const corpora::ColumnSchema& c : schema.columns) names.push_back(c.name);
  const bool good = bind("reader `" + schema.name + "`", names, [&](std::size_t i) { return column(id, i); });
  DataSource& data = e_.program().data[static_cast<std::size_t>(id)];
  for (std::size_t i = 0; i < schema.padded.size(); ++i) {
    if (i == data.lengths.size()) {
      const TensorType type{{ElementKind::integer, {}}, {data.axes[0]}};
      data.lengths.push_back(e_.program().add({"lengths", VariableKind::column, type, {}, 0}));
    }
    const Dim& padded = data.axes[static_cast<std::size_t>(schema.padded[i])];
    e_.graph().padded[padded.axis] = {{padded.extent, e_.node_of(data.lengths[i]), 1}};
  }
  return good;
}

/// The variable that holds a column: one for all trainings on its corpus.
VariableId TrainingReader::column(DataId id, std::size_t index) {
  const VariableId known = e_.program().data[static_cast<std::size_t>(id)].columns[index];
  if (known >= 0) return known;
  const corpora::ReaderSchema& schema = *e_.program().data[static_cast<std::size_t>(id)].schema;
  const corpora::ColumnSchema& c = schema.columns[index];
  TensorType type;
  const auto set =
      std::find(schema.label_sets.begin(), schema.label_sets.end(), c.labels) - schema.label_sets.begin();
  type.element = {ElementKind::index, e_.label_axis(id, static_cast<int>(set))};
  DataSource& data = e_.program().data[static_cast<std::size_t>(id)];
  for (const int a : c.axes) type.dims.push_back(data.axes[static_cast<std::size_t>(a)]);
  data.columns[index] = e_.program().add({c.name, VariableKind::column, type, {}, 0});
  return data.columns[index];
}

}  // namespace weft::check
