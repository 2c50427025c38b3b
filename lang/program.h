#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "corpora/dataset.h"
#include "modules/rl/world.h"
#include "nlp/embedding/settings.h"
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

/// Labels and tokenizer of a corpus as a model file has them.
struct StoredCorpus {
  std::map<std::string, std::shared_ptr<const Labels>> labels;  // by label set
  nlp::TokenizerSettings tokens;
};
struct StoredModel;  // lang/run/model_file.h

/// `data`: a corpus, known by its schema until it is opened.
struct DataSource {
  std::string name;
  const corpora::ReaderSchema* schema = nullptr;
  corpora::ReaderRequest request;
  std::vector<Dim> axes;                         // of a batch; the extents are open symbols
  std::vector<SymbolId> label_symbols;           // extents of schema->label_sets
  std::vector<VariableId> columns;               // by schema column
  std::vector<VariableId> lengths;               // by schema->padded: of its rows along that axis
  std::shared_ptr<const StoredCorpus> stored{};  // of a model file's source: it isn't opened
  std::optional<AxisId> vocabulary{};            // whose labels are its vocabulary; else it is counted
  DataId tokens_of = -1;                         // the corpus whose tokenizer it takes
  Span origin{};
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

/// The labels and tokenizer of a corpus that came with a model file.
struct ProvideData {
  DataId data = -1;
};
/// The parameters of a loaded model.
struct FillParameters {
  std::shared_ptr<const StoredModel> file;
  std::string path;
  std::vector<NamedParameter> parameters;
};
/// `load(.., into = model)`: what the file has of these parameters; along labelled axes by label.
struct CopyParameters {
  std::shared_ptr<const StoredModel> file;
  std::string path;
  std::vector<NamedParameter> parameters;
};

/// `word2vec[V, E](book)`: the table of an Embed, learnt from the tokens of a corpus.
struct TrainEmbedding {
  std::string name;  // "word2vec", "fasttext"
  DataId data = -1;
  corpora::Split split = corpora::Split::train;
  int column = -1;  // of the corpus, the one that holds tokens
  VariableId table = -1;
  nlp::EmbeddingSettings settings;  // but for the dimension, which is the table's
  bool deterministic = true;
  Span origin;
};

/// `set` at top level: tensors changed in place.
struct ChangeValues {
  Computation computation;  // its effects
};

/// A label of an axis whose labels come with the data: its position becomes the value of `target`.
struct ResolveLabel {
  VariableId target = -1;
  AxisId axis{};
  std::string label;
  Span origin;
};
/// A text in a model's place for indices: its tokens, with any axis beside the last of extent 1, become the
/// value of `target`.
struct ReadText {
  VariableId target = -1;
  LabelSource source;
  std::string text;
  Span origin;
};

/// A model that reads text after text: `computation` maps `input` (indices into a labelled axis) to its one
/// output.
struct TextModel {
  Computation computation;
  VariableId input = -1;
  AxisId vocabulary{};  // the axis the input's elements index
  LabelSource source;
  Dim time;  // of the input, its last axis
};

/// `generate(lm, prompt, tokens = n, temperature = t)`.
struct Generation {
  TextModel model;
  std::string prompt;
  std::int64_t tokens = 40;
  double temperature = 1.0;
  std::uint32_t stream = 0;
};

// What `show` tells of things that are known only when the program runs.
struct DescribeAxis {
  AxisId axis{};
};
struct DescribeLabels {
  LabelSource source;
};
struct DescribeData {
  DataId data = -1;
  std::optional<corpora::Split> split;  // absent: the whole
};
struct DescribeRun {
  std::string name;  // of the training
  std::vector<std::string> metrics;
};
using Description = std::variant<DescribeAxis, DescribeLabels, DescribeData, DescribeRun>;

struct ShowItem {
  std::string name;  // empty: shown bare
  std::variant<std::string, Computation, Generation, Description> value;
};
struct Show {
  std::vector<ShowItem> items;
};
struct PlotItem {
  std::string name;  // as given, or as written
  std::variant<Computation, DescribeRun> value;
};
struct Plot {
  std::vector<PlotItem> items;
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

/// A parameter of a model: its path and, in the axes of those who use the model, its type.
struct ModelParameter {
  std::string path;
  VariableId variable = -1;
  TensorType type;
};
/// `explain lm`, `explain run`: what report/report.h says of it.
struct Explain {
  std::string name;      // as written
  std::string model;     // what the model was declared as; empty: a training
  std::string training;  // the training's name
  std::vector<ModelParameter> parameters;
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

/// A training's batches: of a corpus,
struct CorpusBatches {
  DataId data = -1;
  corpora::Split split{};
};
/// steps of episodes in a world, one a batch,
struct EpisodeBatches {
  std::shared_ptr<const rl::World> world;
  Computation policy;               // from `state` to an action, its one output
  VariableId state = -1;            // what the policy is asked about
  std::int64_t count = 0;           // episodes of a pass
  std::int64_t limit = 0;           // steps after which an episode is broken off
  std::vector<VariableId> columns;  // as the world's steps have them; see columns_of_episodes in the checker
};
/// or nothing: the step makes what it learns from.
struct NoBatches {};
using Batches = std::variant<NoBatches, CorpusBatches, EpisodeBatches>;

/// A `plateau` schedule: the state that counts how often the rate has been reduced, once after every
/// `patience` epochs in which the first metric of the validation, or else the first loss, made no progress.
struct Plateau {
  VariableId reductions = -1;
  std::int64_t patience = 1;
};

struct Training {
  std::string name;
  Batches batches;
  Computation step;  // outputs: the minimized losses, then what the step shows
  std::vector<Metric> losses;
  std::vector<Metric> shown;            // means over an epoch
  std::vector<Metric> episode_metrics;  // `return` and `length`, where there are episodes
  VariableId step_number = -1, total_steps = -1;
  /// Batches whose gradients are averaged for one update. More than one: `step` adds gradients up, and
  /// `apply` after each group of batches updates with their mean and sets the sums back to zero.
  std::int64_t accumulate = 1;
  Computation apply;
  VariableId group_size = -1;  // how many batches the group has
  /// Where `step` leaves rows of tables as an earlier step had them: makes them catch up. Done before
  /// anything but `step` reads them. Else without a graph.
  Computation catch_up;
  std::optional<Validation> validation;
  std::int64_t epochs = -1;         // -1: as many as the steps take, or one
  std::int64_t steps = -1;          // at most; -1: no limit
  std::int64_t patience = -1;       // validations without progress before stopping; -1: never
  std::int64_t seed = -1;           // of random numbers and order; -1: the program's
  std::string checkpoint;           // a file to go on from; empty: none
  std::vector<VariableId> trained;  // parameters that a step changes
  std::vector<VariableId> states;
  std::vector<Plateau> plateaus;
  Span origin;
};

using Action = std::variant<OpenData, ProvideData, InitializeParameters, FillParameters, CopyParameters,
                            TrainEmbedding, ResolveLabel, ReadText, ComputeValues, ChangeValues, Show, Plot,
                            Expect, Explain, Save, Training>;

/// Ids and actions of one session; grows statement by statement.
struct Program {
  AxisTable axes;
  std::vector<Variable> variables;
  std::vector<DataSource> data;
  std::vector<Action> actions;
  std::map<AxisId, LabelSource> label_sources;

  VariableId add(Variable v) {
    variables.push_back(std::move(v));
    return static_cast<VariableId>(variables.size() - 1);
  }
};

}  // namespace weft
