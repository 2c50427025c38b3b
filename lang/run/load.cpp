#include <algorithm>

#include "lang/run/machine.h"
#include "lang/run/model_file.h"
#include "lang/run/transfer.h"

/// Models from files: their labels, their parameters, and parameters copied into other models.
namespace weft {

void Machine::execute(const ProvideData& action) {
  const DataSource& source = program_.data[static_cast<std::size_t>(action.data)];
  OpenedData opened;
  opened.tokens = source.stored->tokens;
  for (const std::string& set : source.schema->label_sets)
    opened.labels.push_back(source.stored->labels.at(set));
  provide(action.data, std::move(opened));
}

void Machine::execute(const FillParameters& action) {
  for (const NamedParameter& p : action.parameters) {
    try {
      fill(value(p.variable), action.file->file.tensors.at(p.path), p.path);
    } catch (const ModelFileError& e) {
      throw ModelFileError(action.path + ": " + e.what());
    }
  }
}

namespace {

/// Each label where the file has it.
AxisTransfer by_label(const Labels& mine, const Labels& theirs, std::int64_t& found) {
  AxisTransfer axis;
  for (const std::string& label : mine.names()) {
    axis.from.push_back(theirs.find(label).value_or(-1));
    found += axis.from.back() >= 0;
  }
  return axis;
}

std::string brackets(const std::vector<std::int64_t>& shape) {
  std::string s;
  for (const std::int64_t n : shape) s += (s.empty() ? "" : ", ") + std::to_string(n);
  return "[" + s + "]";
}

}  // namespace

void Machine::execute(const CopyParameters& action) {
  for (const NamedParameter& p : action.parameters) {
    Tensor& target = value(p.variable);
    const StoredTensor& stored = action.file->file.tensors.at(p.path);
    const auto known = action.file->labels.find(p.path);
    std::vector<AxisTransfer> axes;
    std::string matched;
    std::vector<std::int64_t> shape;
    for (const Tensor::Size& s : target.axes()) shape.push_back(s.extent);
    bool fits = shape.size() == stored.shape.size();
    for (std::size_t i = 0; i < shape.size() && fits; ++i) {
      const AxisId axis = target.axes()[i].axis;
      const auto mine = program_.axes[axis].labels;
      const auto theirs =
          known != action.file->labels.end() && i < known->second.size() ? known->second[i] : nullptr;
      if (mine && theirs && theirs->size() == stored.shape[i]) {
        std::int64_t found = 0;
        axes.push_back(by_label(*mine, *theirs, found));
        matched += (matched.empty() ? ": " : " and ") + std::to_string(found) + " of " +
                   std::to_string(mine->size()) + " labels of " + program_.axes.name(axis) + " found";
      } else {
        fits = shape[i] == stored.shape[i];
        axes.emplace_back();
        for (std::int64_t k = 0; k < shape[i]; ++k) axes.back().from.push_back(k);
      }
    }
    if (!fits) {
      throw ModelFileError(action.path + ": tensor \"" + p.path + "\" is " + brackets(stored.shape) +
                           ", and the model's is " + brackets(shape) +
                           ": give both the same extents, or leave it out with `only`");
    }
    transfer(target, stored, axes);
    observer_.note("copied " + p.path + " from " + action.path + matched);
  }
}

}  // namespace weft
