#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lang/check/call_site.h"
#include "lang/check/check_options.h"
#include "lang/check/codes.h"
#include "lang/check/growth.h"
#include "lang/check/journal.h"
#include "lang/check/model_files.h"
#include "lang/check/reporter.h"
#include "lang/check/value.h"
#include "lang/diagnostic.h"

namespace weft::check {

/// How a walk over statements ended: at the last one, where a visit stopped it, or at the last one with an
/// `if` on the way whose condition is at fault.
enum class Walked : std::uint8_t { all, stopped, doubtful };

/// A parameter after an `over`: where that is, and the parameter's path from there.
struct MinimizedOver {
  VariableId variable = -1;
  Span over;
  std::string path;
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

  std::vector<Diagnostic> take_diagnostics() { return reporter_.take_faults(); }
  /// From now on a name may be declared again (REPL).
  void set_interactive() { interactive_ = true; }
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
  /// What warn() left, and what the names of `program` and its trainings give cause for. After
  /// check_unused().
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
  /// Tells that `item` names an axis which its list has already.
  void fail_twice(const ast::AxisItem& item, AxisId axis);
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
  NodeId padding_mask(const Dim&, Span span);
  /// `to`, of this extent, made of every stride-th position of a padded axis, the first at -before: position
  /// i belongs to its row where position i * stride - before + reach - 1 of `from` does, or would, were the
  /// row `before` positions longer. Nothing where `from` isn't padded (padding.cpp).
  void pad_alike(const Dim& from, const Dim& to, std::int64_t stride, std::int64_t before,
                 const Extent& reach, Span);
  /// `to` is another name of `from`: it is padded as that is.
  void rename_padding(AxisId from, AxisId to);

  /// What `..` stands for in the function being read; null outside of one.
  const std::vector<Dim>* rest() const;

  std::string describe(NodeId node) const { return weft::describe(graph().graph->type(node), program_.axes); }
  Program& program() { return program_; }
  const Program& program() const { return program_; }
  AxisTable& axis_table() { return program_.axes; }
  GraphScope& graph() const { return *graph_; }
  std::uint32_t next_stream() { return ++streams_; }
  const Sources& sources() const { return sources_; }
  std::uint32_t add_source(std::string name, std::string text) {
    return sources_.add(std::move(name), std::move(text));
  }

  ModelFiles& model_files() { return model_files_; }
  const ModelFiles& model_files() const { return model_files_; }
  /// Reads the sources of a model file, given as `options.files`, from `main` on: apart from what is being
  /// read, in a scope of their own. That scope.
  std::shared_ptr<Scope> read_apart(CheckOptions options, const std::string& main);
  const CheckOptions& check_options() const { return options_; }
  Reporter& reporter() { return reporter_; }
  /// Whether the call of a function is being read.
  bool in_call() const { return !calls_.empty(); }
  /// Gives a value a name of the top level.
  void define(const std::string& name, Value value) { top_->names[name] = {std::move(value), {}}; }

  // --- for what reads a statement on its own, such as TrainingReader ---

  /// Visits the statements of a block in order, of an `if` those of the branch taken as if they stood there.
  /// `visit` gives false to stop. Where a condition is at fault the names of all branches are Poison.
  Walked each(const ast::Block&, const std::function<bool(const ast::Stmt&)>& visit);
  void read(const ast::LetDecl&);
  void read(const ast::Set&, Span);
  void declare(const ast::Name&, Value);
  /// Gives a value a name of the current scope, whatever it meant there before.
  void bind(const std::string& name, Value value, Span declared) {
    scope_->names[name] = {std::move(value), declared};
  }
  /// A scope inside the current one.
  std::shared_ptr<Scope> inner_scope() const;
  /// How many diagnostics there are by now.
  std::size_t faults() const { return reporter_.faults(); }
  /// False after a diagnostic: an open axis is used that nothing binds; `data`: the corpus whose batches do,
  /// or -1.
  bool settled(const Graph&, DataId data = -1);
  static Computation finish(GraphScope&, std::vector<NodeId> outputs);
  /// The axis that a label set of a corpus labels.
  AxisId label_axis(DataId, int set);
  /// Parameters that no `minimize` changes, and where they were frozen.
  const std::map<VariableId, Span>& frozen() const { return frozen_; }
  /// The loss minimized over a parameter doesn't depend on it.
  void note_idle(MinimizedOver p) { without_gradient_.push_back(std::move(p)); }
  /// A pass over the step of a training is done.
  void passed(const std::string& training, const std::string& pass, const Graph& g) const {
    if (after_pass_) after_pass_(training, pass, g);
  }

  // --- for editors and reports ---

  /// From now on `recorder` is told what each name means; null ends that.
  void set_recorder(class Recorder* recorder) { recorder_ = recorder; }
  /// From now on told of the graph of a training's step after each pass over it (see report/passes.h).
  using PassObserver =
      std::function<void(const std::string& training, const std::string& pass, const Graph&)>;
  void set_pass_observer(PassObserver observer) { after_pass_ = std::move(observer); }
  /// The parameters of a model, each with its path and, in the axes of those who use the model, its type.
  std::vector<ModelParameter> parameters_of(const std::shared_ptr<Instance>& model) const;
  std::optional<Explain> explained(const std::string& name, const Value&) const;

 private:
  friend struct ScopeGuard;
  friend struct GraphGuard;
  friend struct StepGuard;

  // statements
  void statement(const ast::Stmt&);
  std::optional<bool> condition(const ast::Expr&);
  void read(const ast::AxisDecl&);
  void read(const ast::OptionDecl&);
  void read(const ast::DataDecl&);
  void read(const ast::ParamDecl&);
  void read(const ast::FnDecl&, Span);
  void read(const ast::ModelDecl&);
  void read(const ast::Show&);
  void read(const ast::Plot&);
  void read(const ast::Save&, Span);
  void read(const ast::Expect&);
  void read(const ast::Explain&);
  void read(const ast::Import&, Span);
  /// A file of an import, unless it has been read.
  void read_file(const std::string& path, Span);
  void read(const ast::Evaluate&);
  void read(const ast::Freeze&);
  /// Whether this is `load(.., into = model)`.
  static bool copies_parameters(const ast::Expr&);
  /// The statements of another source; its tree is kept.
  void read_source(const std::string& name, std::string text);
  /// What `set` may change, or nullopt after a diagnostic.
  std::optional<VariableValue> settable(const ast::Expr&);
  void assign(const ast::Set&, const VariableValue& target, bool at_indices);
  NodeId inward(NodeId node, const AxisMap& actual, Span span);
  /// What `show` says of a value that is no tensor; in part known only when the program runs.
  std::variant<std::string, Description> description(const Value&);
  std::vector<ShowItem> shown(const std::string& name, const ast::Expr&);
  void warn_unused(const ast::Program&);
  void warn_untrained();
  std::vector<ShowItem> shown_and_kept(const std::string& name, const ast::Expr&);

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

  bool settled(const TensorType&, Span);
  bool fail_open(SymbolId, Span);
  bool check_signature(const std::optional<ast::AxisList>&, const std::vector<ast::Parameter>&);
  void check_function(const ast::FnDecl&, const std::shared_ptr<Scope>& defined, const Instance*);
  void store_part(const std::string& name, const Value&);
  void remember_extent(const ast::AxisItem&, const Dim&, const ast::AxisList&);

  Sources& sources_;
  Program& program_;
  CheckOptions options_;
  CallStack calls_;
  Reporter reporter_{calls_};
  std::vector<OptionInfo> option_infos_;
  /// A scope in which functions are declared. They hold it, and it holds them: the destructor parts them.
  std::shared_ptr<Scope> lasting_scope();

  std::vector<std::weak_ptr<Scope>> lasting_;
  std::shared_ptr<Scope> top_, scope_;
  GraphScope scratch_{program_.axes};  // for values known before the run: nothing in it is ever computed
  GraphScope* graph_ = &scratch_;
  Instance* making_ = nullptr;         // the model whose members are being read
  const Binding* training_ = nullptr;  // the name `training`
  bool concerns_training_ = false;     // what was read since asks for it, or sets
  Training* step_ = nullptr;           // whose step is being read
  ModelFiles model_files_{*this};
  std::map<VariableId, Span> frozen_;  // and where
  std::vector<MinimizedOver> without_gradient_;
  bool unfollowed_ = false;  // a function or model couldn't be checked, as nothing calls it
  bool interactive_ = false;
  Journal journal_;               // interactive only
  std::size_t first_action_ = 0;  // of the source being read: earlier ones may have been carried out
  std::uint32_t streams_ = 0;
  std::uint32_t parameters_ = 0;
  Growth growth_;
  std::vector<std::unique_ptr<ast::Program>> imported_;
  struct Imports {
    std::vector<std::string> reading;  // the file that began, and what is being imported from there
    std::vector<Span> by;              // by which statements
    std::set<std::string> known;
  };
  Imports imports_;

  struct ExtentOrigin {
    Span item;
    std::string suggestion;  // the bracket without the extent: "LSTM[E -> H]"
  };
  std::map<std::pair<AxisId, std::int64_t>, ExtentOrigin> extent_origins_;
  std::map<SymbolId, Dim> open_;  // extents that `axis T` leaves to the data
  class Recorder* recorder_ = nullptr;
  PassObserver after_pass_;
  std::set<const void*> used_;                                            // functions that were called
  std::map<const ast::ModelDecl*, std::shared_ptr<Instance>> instances_;  // one of each model that was made
  bool made_up_axes_ = false;  // a model is made only to be checked
  std::string callee_text_;    // of the bracket being read, for suggestions
};

}  // namespace weft::check
