#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "corpora/dataset.h"
#include "tensor/graph.h"
#include "tensor/initialize.h"
#include "tensor/passes/accumulate.h"

/// The typed program: what checking makes of a script and running executes. Everything is resolved to ids;
/// extents that come from data are still symbols.
namespace weft {

using VariableId = std::int32_t;
using DataId = std::int32_t;

enum class VariableKind : std::uint8_t {
  parameter,  // of a model; trained, saved
  state,      // of an optimizer
  column,     // fed batch by batch
  value       // what a `let`, a training or the clock gives
};

/// A tensor that outlives one graph.
struct Variable {
  std::string name;
  VariableKind kind{};
  TensorType type;
  Initializer initializer;   // parameters; zeros for state
  std::uint32_t stream = 0;  // parameters: their sequence of random numbers
};

/// A graph and what its input slots stand for.
struct Computation {
  std::shared_ptr<Graph> graph;
  std::vector<VariableId> inputs;  // by slot
  std::vector<NodeId> outputs;
  std::vector<NodeId> effects;
};

/// `data`: a corpus, known by its schema until it is opened.
struct DataSource {
  std::string name;
  const corpora::ReaderSchema* schema = nullptr;
  corpora::ReaderRequest request;
  std::vector<Dim> axes;                // of a batch; the extents are open symbols
  std::vector<SymbolId> label_symbols;  // extents of schema->label_sets
  std::vector<VariableId> columns;      // by schema column
  VariableId lengths = -1;              // of the padded axis
  Span origin;
};

/// Where the labels of an axis come from.
struct LabelSource {
  DataId data = -1;
  int set = 0;
};

/// One named parameter of a model: its path and its tensor.
struct NamedParameter {
  std::string path;
  VariableId variable = -1;
};

// --- actions, in the order of the script ---

struct OpenData {
  DataId data = -1;
};
struct InitializeParameters {
  std::vector<VariableId> variables;
};
/// A tensor-valued `let` at top level.
struct ComputeValues {
  Computation computation;
  std::vector<VariableId> targets;
};

/// A model called on a piece of text: `computation` maps `input` (indices into a labelled axis) to its one
/// output.
struct TextModel {
  Computation computation;
  VariableId input = -1;
  VariableId lengths = -1;
  AxisId vocabulary{};  // the axis the input's elements index
  LabelSource source;
  Dim batch, time;  // of the input; extents are symbols the runner binds
  bool has_batch = false, has_time = false;
};

/// `generate(lm, prompt, tokens = n, temperature = t)`.
struct Generation {
  TextModel model;
  std::string prompt;
  std::int64_t tokens = 40;
  double temperature = 1.0;
  std::uint32_t stream = 0;
};

struct ShowItem {
  std::string name;  // empty: shown bare
  std::variant<std::string, Computation, Generation> value;
};
struct Show {
  std::vector<ShowItem> items;
};
struct Expect {
  Computation condition;
  std::string text;  // as written
  Span origin;
};
struct Save {
  std::string name;  // of the variable that holds the model
  std::string path;
  std::vector<NamedParameter> parameters;
  Span origin;
};

struct Metric {
  std::string name;
  VariableId variable = -1;  // `run.NAME`
};

struct Validation {
  DataId data = -1;
  corpora::Split split{};
  std::vector<VariableId> inputs;  // what the slots of the original graph stand for
  std::shared_ptr<SplitMetrics> metrics;
  std::vector<Metric> shown;  // as metrics->outputs
};

struct Training {
  std::string name;
  DataId data = -1;
  corpora::Split split{};
  Computation step;  // outputs: the minimized losses, then what the step shows
  std::vector<Metric> losses;
  std::vector<Metric> shown;
  VariableId step_number = -1, total_steps = -1;
  std::optional<Validation> validation;
  std::int64_t epochs = -1;         // -1: as many as the steps take, or one
  std::int64_t steps = -1;          // at most; -1: no limit
  std::int64_t patience = -1;       // validations without progress before stopping; -1: never
  std::vector<VariableId> trained;  // parameters that a step changes
  std::vector<VariableId> states;
  Span origin;
};

using Action = std::variant<OpenData, InitializeParameters, ComputeValues, Show, Expect, Save, Training>;

/// Ids and actions of one session; grows statement by statement.
struct Program {
  AxisTable axes;
  std::vector<Variable> variables;
  std::vector<DataSource> data;
  std::vector<Action> actions;
  std::map<AxisId, LabelSource> label_sources;
};

}  // namespace weft
