#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lang/check/codes.h"
#include "lang/check/value.h"
#include "lang/diagnostic.h"
#include "tensor/op.h"

namespace weft {
struct EmbeddedModel;
}

namespace weft::check {

/// An evaluated argument.
struct ArgumentValue {
  std::string name;  // empty: positional
  Value value;
  Span span;
};

/// A call being made: `callee[axes](arguments)`.
struct CallSite {
  Span span;  // of the whole call
  Span callee;
  const ast::AxisList* axes = nullptr;
  std::vector<ArgumentValue> arguments;
};

/// What the language knows by itself: functions, constructors of optimizers, tokenizers and so on.
struct Builtin {
  std::string name;
  std::string help;  // "softmax[axis](x)  exp(x) / sum exp(x)"
  Value (*call)(Elaborator&, const Builtin&, CallSite&);
  const Op* op = nullptr;  // builtins that are rows of the op table
};
const std::vector<Builtin>& builtins();

/// How a program is read.
struct CheckOptions {
  std::map<std::string, std::string> overrides;  // options set from outside
  bool declarations_only = false;                // a model file's source: no training, no output
  std::map<std::string, std::string> files;      // imports by path, before the file system is asked
  bool files_only = false;                       // the file system isn't asked at all
  std::map<std::string, std::shared_ptr<const EmbeddedModel>> models;  // what `load` loads, as `files`
};

/// What `load` gives.
struct LoadedModel {
  Value model;
  std::shared_ptr<const EmbeddedModel> source;
};

/// How a walk over statements ended: at the last one, where a visit stopped it, or at the last one with an
/// `if` on the way whose condition is at fault.
enum class Walked : std::uint8_t { all, stopped, doubtful };

/// An `option` of the script, for --help.
struct OptionInfo {
  std::string name;
  Value value;     // as resolved
  Value fallback;  // as written
  std::string help;
  std::string kind;  // "int", "real", "bool" or "text"
};

/// Names, axes, extents, element types: reads statements and makes actions. Faults become diagnostics; what
/// they touch becomes Poison. Keeps its scope between statements, so a REPL is one Elaborator fed bit by bit.
class Elaborator {
 public:
  Elaborator(Sources& sources, Program& program, CheckOptions options);
  ~Elaborator();

  /// Reads the statements of a parsed source. The tree must outlive the elaborator.
  void read(const ast::Program& program);
  /// Checks functions and models that no statement has used, each with axes of its own.
  void check_unused();

  std::vector<Diagnostic> take_diagnostics();
  /// From now on a name may be declared again (REPL).
  void set_interactive() { interactive_ = true; }
  /// Drops the names of the top level that a fault left without a value, so that using one is told again.
  void forget_faulty();
  const std::vector<OptionInfo>& options() const { return option_infos_; }
  /// A name of the top level, or nullptr.
  const Binding* find(const std::string& name) const { return top_->find(name); }
  std::vector<std::string> names() const { return top_->all_names(); }

  // --- a program that comes line by line (interactive.cpp) ---

  /// How much has been declared, to go back to.
  struct Mark {
    std::size_t declared = 0, options = 0;
    std::set<std::string> imports;
    std::uint32_t streams = 0, parameters = 0;
    std::map<VariableId, Span> frozen;
  };
  Mark mark() const;
  /// Takes back all names since, and what a fault left half done. Ids are never given out again.
  void go_back(const Mark&);
  /// What a dotted path such as "lm.embed.weight" stands for; Poison, without a diagnostic, where nothing.
  Value at_path(const std::string& path);
  /// The names that may follow the point after a value.
  std::vector<std::string> member_names(const Value&) const;

  // --- for builtins and the parts below ---

  Value fail(const char* code, Span span, std::string message, std::string label = {}, std::string help = {},
             std::vector<Note> notes = {}, std::optional<Fix> fix = std::nullopt);
  Value fail(const ShapeError&, Span span);
  /// What is allowed and hardly meant. Told only where a script has no faults; of the library never.
  void warn(const char* code, Span span, std::string message, std::string label = {}, std::string help = {},
            std::vector<Note> notes = {}, std::optional<Fix> fix = std::nullopt);
  /// What warn() left, and what the names of `program` and its trainings give cause for. After check_unused().
  std::vector<Diagnostic> take_warnings(const ast::Program& program);

  /// The value of an expression. What nests too deeply or grows too large once its calls are followed gets a
  /// diagnostic, so that no source can exhaust stack, time or memory.
  Value evaluate(const ast::Expr&);
  /// A tensor in the current graph; numbers become constants, axes their extents. kNoNode after a diagnostic.
  NodeId tensor(const Value&, Span span);
  /// A node of the current graph, or Poison after a diagnostic.
  Value emit(Span span, OpId op, std::vector<NodeId> inputs, Attributes attributes = {});
  NodeId node_of(VariableId);
  /// A value of the language's arithmetic, numbers folded.
  Value binary(ast::Operator op, const Value& a, const Value& b, Span span);
  /// `from[i] -> to[i]`, all at once; the value itself where there is nothing to rename.
  Value renamed(const Value&, std::vector<AxisId> from, std::vector<AxisId> to, Span span);
  /// A tensor in axis parameters as a tensor in what these are called outside.
  Value outward(NodeId node, const AxisMap& actual, Span span);
  /// integer and bool tensors as reals.
  NodeId real(NodeId node, Span span);

  std::optional<Dim> axis(const ast::AxisItem&);
  /// The axis a name means without its primes.
  std::optional<AxisId> base_axis(const ast::Name&);
  /// The axes of a bracket before (`to` = false) or after the arrow; `rest` replaces `..`.
  bool axes(const ast::AxisList&, bool to, const std::vector<Dim>* rest, std::vector<Dim>& out);
  std::optional<TensorType> type(const ast::Type&, const std::vector<Dim>* rest);
  std::optional<double> number(const Value&, Span span, const std::string& what);
  std::optional<std::int64_t> whole_number(const Value&, Span span, const std::string& what);
  std::optional<std::string> text(const Value&, Span span, const std::string& what);
  std::optional<Extent> extent(const Value&, Span span);

  /// The index of a label on an axis: a node of the current graph, or a variable that the open data fills in
  /// (labels.cpp). Poison after a diagnostic.
  Value label_index(const std::string& label, AxisId, Span);
  /// The same where `v` is a text, else nullopt; kNoNode after a diagnostic.
  std::optional<NodeId> index_of(const Value& v, AxisId, Span);
  /// Where the labels of an axis come from; nullopt: not from data.
  std::optional<LabelSource> label_source(AxisId);
  /// `axis` stands for `from`: it has its labels.
  void inherit_labels(AxisId axis, AxisId from);
  /// Whether an extent is that of an axis declared without one.
  bool is_open(const Extent& e) const { return e.symbol() && open_.count(*e.symbol()); }
  const Scope& scope() const { return *scope_; }

  Value call(const Value& callee, CallSite& site);
  Value call_function(const ast::FnDecl&, const std::shared_ptr<Scope>&, const Instance*, CallSite&);
  /// The statements of a function up to its `return`.
  Value read_body(const ast::Block& block, Span named) { return body(block, named, nullptr); }
  /// Two extents of one axis that should be equal; `other` is what could take the extent of the first: "the
  /// layer `out`".
  Value extent_fault(Span, AxisId, const Extent& needed, const Extent& got, const std::string& other);
  Value instantiate(const ModelValue&, CallSite&);
  std::optional<TextModel> text_model(const Value& callee, const char* method, Span span);
  void collect_parameters(const Instance&, const std::string& prefix, std::vector<NamedParameter>&) const;
  /// The parameters of a model, a layer, a chain, or the one that the value is.
  void parameters_of(const Value&, std::vector<NamedParameter>&) const;
  /// The parameters of a model with their paths and, in the axes of those who use it, their types: for
  /// `show`.
  std::string describe(const std::shared_ptr<Instance>&);

  /// positional and named arguments laid over a signature; null where not given.
  bool match_arguments(const std::string& callee, CallSite&, const std::vector<std::string>& names,
                       std::size_t required, std::vector<const ArgumentValue*>& out);

  /// bool[batch, axis]: true where a row of a padded axis goes on; kNoNode where the axis isn't padded.
  NodeId padding_mask(AxisId axis, Span span);

  /// What `..` stands for in the function being read; null outside of one.
  const std::vector<Dim>* rest() const;

  std::string describe(NodeId node) const { return weft::describe(graph().graph->type(node), program_.axes); }
  Program& program() { return program_; }
  const Program& program() const { return program_; }
  AxisTable& axis_table() { return program_.axes; }
  GraphScope& graph() const { return *graph_; }
  std::uint32_t next_stream() { return ++streams_; }
  const Sources& sources() const { return sources_; }

  /// The model of a file: its source is read again, its declarations alone, and its parameters and labels are
  /// filled in when the program runs. Throws ModelFileError.
  LoadedModel load_model(const std::string& path);
  /// `load(path, into, only)`.
  Value load(CallSite&);
  /// Models that were loaded, by path.
  const std::map<std::string, std::shared_ptr<const EmbeddedModel>>& loaded() const { return loaded_; }
  /// Gives a value a name of the top level.
  void define(const std::string& name, Value value) { top_->names[name] = {std::move(value), {}}; }
  /// Whether a source came with a model file.
  bool embedded(std::uint32_t file) const { return embedded_.count(file) != 0; }

  // --- for editors and reports ---

  /// From now on `recorder` is told what each name means; null ends that.
  void set_recorder(class Recorder* recorder) { recorder_ = recorder; }
  /// From now on told of the graph of a training's step after each pass over it (see report/passes.h).
  using PassObserver = std::function<void(const std::string& training, const std::string& pass, const Graph&)>;
  void set_pass_observer(PassObserver observer) { after_pass_ = std::move(observer); }
  /// The parameters of a model, each with its path and, in the axes of those who use the model, its type.
  std::vector<ModelParameter> parameters_of(const std::shared_ptr<Instance>& model) const;
  std::optional<Explain> explained(const std::string& name, const Value&) const;

 private:
  friend struct ScopeGuard;
  friend struct GraphGuard;

  // statements
  void statement(const ast::Stmt&);
  /// Visits the statements of a block in order, of an `if` those of the branch taken as if they stood there.
  /// `visit` gives false to stop. Where a condition is at fault the names of all branches are Poison.
  Walked each(const ast::Block&, const std::function<bool(const ast::Stmt&)>& visit);
  std::optional<bool> condition(const ast::Expr&);
  void declare(const ast::Name&, Value);
  void read(const ast::AxisDecl&);
  void read(const ast::OptionDecl&);
  void read(const ast::DataDecl&);
  void read(const ast::LetDecl&);
  void read(const ast::ParamDecl&);
  void read(const ast::FnDecl&, Span);
  void read(const ast::ModelDecl&);
  void read(const ast::TrainDecl&, Span);
  void read(const ast::Show&);
  void read(const ast::Plot&);
  void read(const ast::Save&, Span);
  void read(const ast::Expect&);
  void read(const ast::Explain&);
  void read(const ast::Import&, Span);
  /// A file of an import, unless it has been read.
  void read_file(const std::string& path, Span);
  void read(const ast::Evaluate&);
  void read(const ast::Set&, Span);
  void read(const ast::Freeze&);
  Value load_into(const std::string& path, const ArgumentValue& into, const ArgumentValue* only, Span);
  /// Whether this is `load(.., into = model)`.
  static bool copies_parameters(const ast::Expr&);
  std::string source_name(std::uint32_t file) const;
  std::uint32_t add_source(const std::string& name, std::string text);
  std::shared_ptr<const StoredCorpus> stored_corpus(const std::string& name) const;
  /// What `set` may change, or nullopt after a diagnostic.
  std::optional<VariableValue> settable(const ast::Expr&);
  void assign(const ast::Set&, const VariableValue& target, bool at_indices);
  NodeId inward(NodeId node, const AxisMap& actual, Span span);
  /// What `show` says of a value that is no tensor; in part known only when the program runs.
  std::variant<std::string, Description> description(const Value&);
  std::optional<ShowItem> shown(const std::string& name, const ast::Expr&);
  void warn_unused(const ast::Program&);
  void warn_untrained();
  std::optional<ShowItem> shown_and_kept(const std::string& name, const ast::Expr&);

  // training
  void step(const ast::TrainDecl&, const ast::Block&, Training&);
  /// The minimized loss, or kNoNode after a diagnostic.
  NodeId minimize(const ast::Minimize&, Span, Training&);
  /// A parameter, its gradient and, where only rows of a table are touched, these.
  struct Update {
    VariableId variable;
    NodeId parameter, gradient;
    NodeId rows = kNoNode, index = kNoNode;
  };
  void add_up(std::vector<Update>&, Training&);
  void update(const std::vector<Update>&, const OptimizerValue&, NodeId loss, Training&);
  void validate(const ast::ValidateBlock&, const ast::TrainDecl&, Training&);
  bool batches(const ast::TrainDecl&, Training&);
  using SettingSpans = std::map<std::string, Span>;  // where each setting stands
  void settings(const ast::Settings&, Training&, SettingSpans&);
  void check_settings(const ast::TrainDecl&, const SettingSpans&);
  Metric metric(const std::string& name);
  std::string metric_name(const ast::Argument&) const;
  NodeId shown_number(const ast::Argument&, const char* where);
  /// Gives the columns their names in the step. False after a diagnostic.
  bool bind_columns(const ast::TrainDecl&, const Batches&);
  bool bind_columns(const ast::TrainDecl&, DataId);
  /// Which of the columns `names` of a source an argument means; nullopt after a diagnostic.
  std::optional<std::size_t> column_named(const ast::Argument&, const std::string& source,
                                          const std::vector<std::string>& names);
  AxisId label_axis(DataId, int set);
  VariableId column(DataId, std::size_t index);
  NodeId rate(const ScheduleValue&, Training&);
  NodeId rate(const ScheduleValue&, NodeId step, NodeId total, Training&);

  // expressions
  Value reference(const ast::Reference&);
  void record_member(const Value& of, const ast::Name&, const Value&);
  Value prefix(const ast::Prefix&, Span);
  Value value_of(const ast::Expr&);
  Value chain(const ast::Chain&, Span);
  Value postfix(const ast::Postfix&, Span, const ArgumentValue* piped);
  Value pipe(const Value& left, Span left_span, const ast::Expr& right, Span span);
  Value member(const Value&, const ast::Name&);
  Value scan(const ast::Scan&, Span);
  Value repeat(const ast::Repeat&, Span);
  /// `next`: where the `next` statements of a scan's body go, null in functions; `live`: bool, false where a
  /// padded row has ended and what is carried stands still.
  Value body(const ast::Block&, Span named, std::map<std::string, ArgumentValue>* next,
             NodeId live = kNoNode);
  void read(const ast::Next&, std::map<std::string, ArgumentValue>& next, NodeId live);
  Value returned(const ast::Return&);
  /// Texts joined and compared, labels compared with indices; nullopt: neither (text_value.cpp).
  std::optional<Value> text_operation(ast::Operator, const Value& a, const Value& b, Span);
  /// Whether a call has to read a text when it is run.
  static bool reads_text(const ast::FnDecl&, const CallSite&);
  Value call_with_text(const ast::FnDecl&, const std::shared_ptr<Scope>&, const Instance*, CallSite&);
  NodeId import_node(const TensorValue&);
  NodeId capture(GraphScope& inner, NodeId outer);

  /// False after a diagnostic: an open axis is used that nothing binds; `data`: the corpus whose batches do,
  /// or -1.
  bool settled(const Graph&, DataId data = -1);
  bool settled(const TensorType&, Span);
  bool fail_open(SymbolId, Span);
  bool check_signature(const std::optional<ast::AxisList>&, const std::vector<ast::Parameter>&);
  void check_function(const ast::FnDecl&, const std::shared_ptr<Scope>& defined, const Instance*);
  void store_part(const std::string& name, const Value&);
  Computation finish(GraphScope&, std::vector<NodeId> outputs);
  void remember_extent(const ast::AxisItem&, const Dim&, const ast::AxisList&);

  Sources& sources_;
  Program& program_;
  CheckOptions options_;
  std::vector<Diagnostic> diagnostics_, warnings_;
  std::vector<OptionInfo> option_infos_;
  std::shared_ptr<Scope> top_, scope_;
  GraphScope scratch_;  // for values known before the run: nothing in it is ever computed
  GraphScope* graph_ = &scratch_;
  Instance* making_ = nullptr;  // the model whose members are being read
  const Binding* training_ = nullptr;  // the name `training`
  bool concerns_training_ = false;     // what was read since asks for it, or sets
  Training* step_ = nullptr;           // whose step is being read
  // models from files
  std::map<std::string, std::shared_ptr<const EmbeddedModel>> loaded_;
  std::map<std::uint32_t, std::string> embedded_;  // sources of model files: their names there
  std::shared_ptr<const StoredModel> reading_;     // the file whose source is being read, or null
  std::string data_prefix_;                        // before the names of its data and sources: "lm.safetensors:"
  std::size_t reading_prefix_ = 0;                 // how much of that isn't in the names that the file knows
  GraphScope* apply_ = nullptr;        // with `accumulate`: the graph that updates after a group of batches
  std::map<VariableId, Span> frozen_;  // and where
  /// A parameter that a loss minimized over it doesn't depend on.
  struct NoGradient {
    VariableId variable = -1;
    Span over;
    std::string path;  // after `over`
  };
  std::vector<NoGradient> without_gradient_;
  bool unfollowed_ = false;  // a function or model couldn't be checked, as nothing calls it
  bool interactive_ = false;
  struct Declared {
    std::string name;
    std::optional<Binding> before;
  };
  std::vector<Declared> declared_;  // at the top level, in order; interactive only
  std::size_t first_action_ = 0;    // of the source being read: earlier ones may have been carried out
  std::uint32_t streams_ = 0;
  std::uint32_t parameters_ = 0;
  struct ActiveCall {
    const ast::FnDecl* function = nullptr;
    const Instance* instance = nullptr;
    Span span;
  };
  std::vector<ActiveCall> calls_;  // being made, the innermost last
  int models_ = 0;                 // of models being made
  int nesting_ = 0;                // of expressions, through calls and models
  bool too_deep_ = false;          // until the outermost expression is left
  std::int64_t evaluated_ = 0;     // expressions of the source being read
  std::vector<std::unique_ptr<ast::Program>> imported_;
  std::vector<std::string> importing_;  // the file that began, and what is being imported from there
  std::vector<Span> import_spans_;      // by which statements
  std::set<std::string> imports_;
  std::uint32_t library_files_ = 0;  // sources below this are the standard library

  struct ExtentOrigin {
    Span item;
    std::string suggestion;  // the bracket without the extent: "LSTM[E -> H]"
  };
  std::map<std::pair<AxisId, std::int64_t>, ExtentOrigin> extent_origins_;
  std::map<SymbolId, Dim> open_;  // extents that `axis T` leaves to the data
  class Recorder* recorder_ = nullptr;
  PassObserver after_pass_;
  std::set<const void*> used_;    // functions that were called
  std::map<const ast::ModelDecl*, std::shared_ptr<Instance>> instances_;  // one of each model that was made
  bool made_up_axes_ = false;  // a model is made only to be checked
  std::string callee_text_;    // of the bracket being read, for suggestions
};

/// Enters a scope, leaves it at the end.
struct ScopeGuard {
  ScopeGuard(Elaborator& e, std::shared_ptr<Scope> scope) : e_(e), saved_(e.scope_) {
    e.scope_ = std::move(scope);
  }
  ~ScopeGuard() { e_.scope_ = saved_; }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;

 private:
  Elaborator& e_;
  std::shared_ptr<Scope> saved_;
};

/// Builds into another graph for a while.
struct GraphGuard {
  GraphGuard(Elaborator& e, GraphScope* graph) : e_(e), saved_(e.graph_) { e.graph_ = graph; }
  ~GraphGuard() { e_.graph_ = saved_; }
  GraphGuard(const GraphGuard&) = delete;
  GraphGuard& operator=(const GraphGuard&) = delete;

 private:
  Elaborator& e_;
  GraphScope* saved_;
};

}  // namespace weft::check
