#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "lang/program.h"
#include "lang/syntax/ast.h"

/// What expressions stand for while a program is checked.
namespace weft::check {

struct GraphScope;
struct Scope;
class Elaborator;
struct Builtin;

/// The value of an expression with a fault: accepted everywhere in silence, so that one fault gives one
/// message.
struct Poison {};

struct NumberValue {
  double value = 0;
  bool integer = false;
};
struct BoolValue {
  bool value = false;
};
struct TextValue {
  std::string value;
};

/// A node of a graph under construction.
struct TensorValue {
  GraphScope* graph = nullptr;
  NodeId node = kNoNode;
};
/// A tensor that lives outside graphs; becomes an input of the graph that uses it.
struct VariableValue {
  VariableId variable = -1;
  std::shared_ptr<const struct Instance> of{};  // a member reached from outside: whose axes it has; else null
};
struct AxisValue {
  AxisId axis{};
};
/// `labels("neg", "pos")`, or a label set of a corpus (`book.vocab`).
struct LabelsValue {
  std::shared_ptr<const Labels> labels;  // null where they come with the data
  Extent extent;
  LabelSource source;
};

/// `fn`, with the scope it was written in.
struct FunctionValue {
  const ast::FnDecl* declaration = nullptr;
  std::shared_ptr<Scope> scope;
};
struct ModelValue {
  const ast::ModelDecl* declaration = nullptr;
  std::shared_ptr<Scope> scope;
};
/// What axis parameters are called on the other side.
using AxisMap = std::map<AxisId, std::vector<Dim>>;

/// A model made: its members, and for each of its axis parameters what the caller calls it.
struct Instance {
  const ast::ModelDecl* declaration = nullptr;
  std::shared_ptr<Scope> scope;
  AxisMap actual;
  Span brackets{};  // the axes it was made with, as written
  std::vector<std::pair<std::string, std::shared_ptr<struct Part>>> parts;  // in order of declaration
  std::vector<const ast::FnDecl*> functions;                                // its methods

  std::shared_ptr<Scope> top{};  // of a loaded model: the names of its source

  /// The method of this name; "": the unnamed fn. Null where there is none.
  const ast::FnDecl* method(std::string_view name) const;
};
struct InstanceValue {
  std::shared_ptr<Instance> instance;
};
/// `repeat n { ... }`: instances applied one after the other.
struct ChainValue {
  std::vector<std::shared_ptr<Instance>> links;
};
/// A parameter or a nested model, for the walk that names tensors.
struct Part {
  std::variant<VariableId, InstanceValue, ChainValue> what;
};
struct MethodValue {
  std::shared_ptr<Instance> instance;
  const ast::FnDecl* declaration = nullptr;
};
struct BuiltinValue {
  const Builtin* builtin = nullptr;
};
struct TupleValue;

struct DataValue {
  DataId data = -1;
};
struct SplitValue {
  DataId data = -1;
  corpora::Split split{};
};
struct RunValue {
  std::string name;
  std::vector<Metric> metrics;
};
/// `gridworld("cliff")`: a world with the labels of its states and actions.
struct WorldValue {
  std::shared_ptr<const rl::World> world;
  std::shared_ptr<const Labels> states, actions;
};
/// `episodes(world, policy, count)`.
struct EpisodesValue {
  std::shared_ptr<const EpisodeBatches> episodes;
};
struct TokenizerValue {
  nlp::TokenizerSettings settings;
  std::int64_t min_count = 1;
};
struct InitializerValue {
  Initializer initializer;
};
/// A learning rate that may change with the step.
struct ScheduleValue {
  enum class Kind { constant, linear, cosine, exponential, plateau, warmup, function } kind = Kind::constant;
  double rate = 0;
  double decay = 1, every = 1;                  // exponential; plateau: the factor
  std::int64_t patience = 1;                    // plateau
  double steps = 0;                             // warmup: how many,
  std::shared_ptr<const ScheduleValue> then{};  // and what follows
  FunctionValue function{};
};
struct OptimizerValue {
  enum class Kind { sgd, momentum, adagrad, rmsprop, adam } kind = Kind::sgd;
  ScheduleValue rate;
  std::vector<double> numbers;  // as the op of the kind takes them
  double clip = 0;              // largest global norm of the gradient; 0: any
};
struct GenerationValue {
  std::shared_ptr<Generation> generation;
};

using Value =
    std::variant<Poison, NumberValue, BoolValue, TextValue, TensorValue, VariableValue, AxisValue,
                 LabelsValue, FunctionValue, ModelValue, InstanceValue, ChainValue, MethodValue, BuiltinValue,
                 std::shared_ptr<TupleValue>, DataValue, SplitValue, RunValue, WorldValue, EpisodesValue,
                 TokenizerValue, InitializerValue, ScheduleValue, OptimizerValue, GenerationValue>;

struct TupleValue {
  std::vector<Value> values;
};

template <class T>
const T* as(const Value& v) {
  return std::get_if<T>(&v);
}
inline bool is_poison(const Value& v) {
  return std::holds_alternative<Poison>(v);
}

/// "a number", "a model", "a tensor": how messages speak of a value.
std::string kind_of(const Value& v);
/// "`a`, `b` and `c`".
std::string listed(const std::vector<std::string>& names);

/// A member of a model as it is seen from outside: in the axes of those who use the model.
Value seen_from_outside(const Value& member, const std::shared_ptr<Instance>& model);

struct Binding {
  Value value;
  Span declared;
  mutable bool used = false;  // named somewhere further down
};

/// Names and what they stand for; the innermost first.
struct Scope {
  std::shared_ptr<Scope> parent;
  std::unordered_map<std::string, Binding> names;
  std::vector<Dim> rest;  // what `..` stands for in a function's body
  bool has_rest = false;

  const Binding* find(const std::string& name) const;
  std::vector<std::string> all_names() const;
  const Scope* with_rest() const;
};

/// An axis of which each row is filled up to some position only: position i belongs to its row where
/// scale * i < end.
struct PaddedAxis {
  Extent extent;         // an axis may have several, with windows moving along it
  NodeId end = kNoNode;  // int[batch]
  std::int64_t scale = 1;
};

/// A graph under construction and what its slots stand for. The body of a scan is a graph inside another one.
struct GraphScope {
  /// A scan's body, for which `graph` and `outer` are set.
  GraphScope() = default;
  /// A graph of its own.
  explicit GraphScope(AxisTable& axes) : graph(nullptr), owned(std::make_shared<Graph>(axes)) {
    graph = owned.get();
  }

  Graph* graph = nullptr;
  GraphScope* outer = nullptr;  // of a scan's body
  bool training = false;
  bool batches = false;  // fed with batches of data: of a training or a validation

  // A graph of its own (outer == nullptr):
  std::shared_ptr<Graph> owned;
  std::vector<VariableId> inputs;
  std::map<VariableId, NodeId> current;  // the newest value of each variable used so far
  std::vector<NodeId> effects;
  std::map<AxisId, std::vector<PaddedAxis>> padded;  // its extents, the data's first

  // A scan's body:
  std::shared_ptr<ScanBody> body;
  std::vector<NodeId> outer_inputs;   // captured: nodes of `outer`
  std::map<NodeId, NodeId> captured;  // outer node -> body input

  GraphScope& root() { return outer ? outer->root() : *this; }
};

}  // namespace weft::check
