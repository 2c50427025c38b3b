#include "lang/run/machine.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "corpora/watch.h"
#include "lang/run/model_file.h"
#include "lang/run/print.h"
#include "tensor/memory.h"
#include "tensor/profile.h"

namespace weft {

Machine::Machine(Program& program, const Sources& sources, Options options, Observer& observer)
    : program_(program),
      sources_(sources),
      options_(options),
      observer_(observer),
      workers_(options.threads) {}

Machine::~Machine() = default;

Outcome Machine::run(const Provenance& provenance) {
  outcome_ = Outcome::done;
  stopped_ = false;
  bool failed = false;
  // What was read is carried out once, also where something throws on the way.
  const std::size_t first = std::exchange(next_action_, program_.actions.size());
  // Line by line an axis may be declared when its data is open already.
  for (const auto& [axis, source] : program_.label_sources) {
    const auto open = program_.axes[axis].labels ? data_.end() : data_.find(source.data);
    if (open != data_.end())
      program_.axes.set_labels(axis, open->second.labels[static_cast<std::size_t>(source.set)]);
  }
  check_folders(first);
  for (std::size_t i = first; i < next_action_; ++i) {
    const Action& action = program_.actions[i];
    if (const auto* save = std::get_if<Save>(&action)) {
      execute(*save, provenance);
      continue;
    }
    if (outcome_ == Outcome::done && observer_.interrupted()) outcome_ = Outcome::interrupted;
    if (outcome_ == Outcome::interrupted || stopped_) {
      leave_out(action);
      continue;
    }
    try {
      std::visit(
          [&](const auto& a) {
            using A = std::decay_t<decltype(a)>;
            if constexpr (std::is_same_v<A, Training>) {
              execute(a, provenance);
            } else if constexpr (!std::is_same_v<A, Save>) {
              execute(a);
            }
          },
          action);
    } catch (const Stopped&) {
      observer_.note("interrupted");
      outcome_ = Outcome::interrupted;
      leave_out(action);
    }
    if (outcome_ == Outcome::failed) failed = true;
    if (outcome_ != Outcome::interrupted) outcome_ = Outcome::done;
  }
  if (outcome_ != Outcome::interrupted && failed) outcome_ = Outcome::failed;
  return outcome_;
}

/// A misspelt folder is told of now, not after hours of training.
void Machine::check_folders(std::size_t first) const {
  for (std::size_t i = first; i < program_.actions.size(); ++i) {
    const auto* save = std::get_if<Save>(&program_.actions[i]);
    const auto* training = std::get_if<Training>(&program_.actions[i]);
    const std::string path = save ? save->path : training ? training->checkpoint : "";
    const auto folder = std::filesystem::path(path).parent_path();
    if (std::error_code error; folder.empty() || std::filesystem::is_directory(folder, error)) continue;
    throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory),
                            path + " can't be written: the folder " + folder.string());
  }
}

Tensor Machine::make(VariableId id) const {
  const Variable& variable = program_.variables[static_cast<std::size_t>(id)];
  const TensorType& type = variable.type;
  std::vector<Tensor::Size> axes;
  for (const Dim& d : type.dims) {
    const auto extent = program_.axes.symbols().evaluate(d.extent, bindings_);
    if (!extent) {
      throw std::runtime_error("axis " + program_.axes.name(d.axis) +
                               " has no extent here: it is open, and only a batch of data binds it");
    }
    axes.push_back({d.axis, *extent});
  }
  try {
    return Tensor(storage_of(type.element, options_.real), std::move(axes));
  } catch (const OutOfMemory& e) {
    throw OutOfMemory("`" + variable.name + "`: " + e.what());
  }
}

Tensor& Machine::value(VariableId id) {
  if (left_out_.count(id)) {
    throw std::runtime_error("`" + program_.variables[static_cast<std::size_t>(id)].name +
                             "` has no value: it was to be computed when the run was stopped");
  }
  Tensor& t = values_[id];
  if (!t) t = make(id);
  return t;
}

const OpenedData& Machine::opened(DataId id) const {
  const auto it = data_.find(id);
  if (it == data_.end()) {  // its opening failed, and a REPL went on
    throw std::runtime_error("the data `" + program_.data[static_cast<std::size_t>(id)].name +
                             "` could not be opened");
  }
  return it->second;
}

void Machine::provide(DataId id, OpenedData opened) {
  const DataSource& source = program_.data[static_cast<std::size_t>(id)];
  for (std::size_t s = 0; s < opened.labels.size(); ++s) {
    bindings_.bind(source.label_symbols[s], opened.labels[s]->size());
    for (const auto& [axis, from] : program_.label_sources) {
      if (from.data == id && from.set == static_cast<int>(s))
        program_.axes.set_labels(axis, opened.labels[s]);
    }
  }
  data_[id] = std::move(opened);
}

void Machine::execute(const OpenData& action) {
  if (data_.count(action.data)) return;  // a model file brought its labels
  const DataSource& source = program_.data[static_cast<std::size_t>(action.data)];
  corpora::ReaderRequest request = source.request;
  request.seed = options_.seed;
  request.threads = options_.threads;
  if (source.vocabulary) {
    const auto labels = program_.axes[*source.vocabulary].labels;
    request.vocabulary = std::make_shared<const std::vector<std::string>>(labels->names());
  }
  if (source.tokens_of >= 0) request.tokens = this->opened(source.tokens_of).tokens;
  OpenedData opened;
  try {
    opened.dataset = corpora::open_dataset(request, [&](std::int64_t read, std::int64_t of) {
      observer_.reading(source.name, read, of);
      return observer_.interrupted();
    });
  } catch (const corpora::Stopped&) {
    throw Stopped{};
  }
  opened.tokens = opened.dataset->tokenizer();
  for (const std::string& set : source.schema->label_sets) {
    opened.labels.push_back(std::make_shared<Labels>(opened.dataset->labels(set)));
  }
  observer_.note(describe_corpus(source, *opened.dataset));
  for (const std::string& note : opened.dataset->notes()) observer_.note(source.name + ": " + note);
  provide(action.data, std::move(opened));
}

void Machine::execute(const InitializeParameters& action) {
  for (const VariableId id : action.variables) {
    const Variable& v = program_.variables[static_cast<std::size_t>(id)];
    Tensor t = make(id);
    initialize(t, v.initializer, options_.seed, v.stream, workers_);
    values_[id] = std::move(t);
  }
}

/// Extents that the inputs of one plan give to open axes; forgotten once the plan is made.
class Machine::InputExtents {
 public:
  InputExtents(Bindings& bindings, const AxisTable& axes) : bindings_(bindings), axes_(axes) {}
  ~InputExtents() {
    for (const SymbolId s : bound_) bindings_.release(s);
  }
  InputExtents(const InputExtents&) = delete;
  InputExtents& operator=(const InputExtents&) = delete;

  /// Throws runtime_error where an axis would have two extents.
  void take(const TensorType& type, const Tensor& input) {
    for (const Tensor::Size& size : input.axes()) {
      const Dim* dim = type.find(size.axis);
      const auto symbol = dim ? dim->extent.symbol() : std::nullopt;
      if (!symbol) continue;
      const std::int64_t extent = size.extent;
      const auto known = axes_.symbols().evaluate(dim->extent, bindings_);
      if (!known) {
        bindings_.bind(*symbol, extent);
        bound_.push_back(*symbol);
      } else if (*known != extent) {
        throw std::runtime_error(
            "axis " + axes_.name(size.axis) + " is " + std::to_string(*known) + " long in one tensor and " +
            std::to_string(extent) +
            " in another; give what is made of each a name of its own, without that axis");
      }
    }
  }

 private:
  Bindings& bindings_;
  const AxisTable& axes_;
  std::vector<SymbolId> bound_;
};

Plan Machine::plan(const Computation& c, const std::map<VariableId, Tensor>& fed) {
  InputExtents extents(bindings_, program_.axes);
  std::vector<Tensor> inputs;
  for (const VariableId id : c.inputs) {
    const auto it = fed.find(id);
    inputs.push_back(it != fed.end() ? it->second : value(id));
    extents.take(program_.variables[static_cast<std::size_t>(id)].type, inputs.back());
  }
  try {
    Plan plan(*c.graph, c.outputs, c.effects, bindings_, std::move(inputs), {options_.real, Device::cpu});
    if (options_.profile) plan.record(*options_.profile);
    return plan;
  } catch (const PlanError& e) {
    throw std::runtime_error((e.origin == Span{} ? "" : place_of(e.origin) + ": ") + e.what());
  } catch (const PlanOutOfMemory& e) {
    throw PlanOutOfMemory(e.what() + largest_value(e), e.largest, e.origin);
  } catch (const OutOfMemory& e) {
    throw PlanOutOfMemory(e.what(), 0, {});
  }
}

std::string Machine::largest_value(const PlanOutOfMemory& e) const {
  const std::string place = e.origin == Span{} ? "" : " (" + place_of(e.origin) + ")";
  return e.largest > 0 ? "; the largest value takes " + memory_size(e.largest) + place : place;
}

void Machine::run(Plan& p) {
  if (!p.run_until([this] { return observer_.interrupted(); }, workers_, {options_.seed, steps_}))
    throw Stopped{};
}

Tensor Machine::compute(const Computation& c) {
  Plan p = plan(c, {});
  run(p);
  return p.output(0).clone();
}

void Machine::execute(const ComputeValues& action) {
  Plan p = plan(action.computation, {});
  run(p);
  for (std::size_t i = 0; i < action.targets.size(); ++i) {
    values_[action.targets[i]] = p.output(static_cast<int>(i)).clone();
  }
}

void Machine::execute(const ChangeValues& action) {
  plan(action.computation, {}).run(workers_, {options_.seed, steps_});
}

void Machine::execute(const weft::Show& action) {
  for (const ShowItem& item : action.items) {
    std::string text;
    if (const auto* s = std::get_if<std::string>(&item.value)) {
      text = *s;
    } else if (const auto* g = std::get_if<Generation>(&item.value)) {
      text = generate(*g);
    } else if (const auto* d = std::get_if<Description>(&item.value)) {
      text = describe(*d);
    } else {
      const auto& c = std::get<Computation>(item.value);
      const TensorType& type = c.graph->type(c.outputs[0]);
      text = print(compute(c), type.element, program_.axes);
    }
    observer_.show(item.name.empty() ? text : item.name + " = " + text);
  }
}

std::string Machine::place_of(Span span) const {
  const Sources::Position at = sources_.position(span.file, span.begin);
  return sources_[span.file].name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

void Machine::execute(const Expect& action) {
  if (compute(action.condition).item() != 0) return;
  observer_.note(place_of(action.origin) + ": expectation failed: " + action.text);
  outcome_ = Outcome::failed;
}

void Machine::execute(const Save& action, const Provenance& provenance) {
  std::vector<std::pair<std::string, Tensor>> tensors;
  for (const NamedParameter& p : action.parameters) tensors.emplace_back(p.path, value(p.variable));
  std::map<std::string, const OpenedData*> corpora;
  for (const auto& [id, opened] : data_) corpora[program_.data[static_cast<std::size_t>(id)].name] = &opened;
  write_model(action.path, {action.name, provenance, tensors, corpora, history_}, program_);
  observer_.note("saved " + action.name + " to " + action.path);
}

}  // namespace weft
