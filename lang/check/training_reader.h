#pragma once

#include <array>

#include "lang/check/elaborator.h"

namespace weft::check {

/// Reads one `train` statement into a Training: what it runs on, its settings, and the graphs of its step
/// and its validation.
class TrainingReader {
 public:
  TrainingReader(Elaborator& e, const ast::TrainDecl& d, Span keyword);

  /// Adds the training to the program's actions. What its name stands for; Poison after a diagnostic.
  Value read();

 private:
  // train.cpp: the blocks and settings of the statement
  struct Parts {
    const ast::StepBlock* step = nullptr;
    const ast::ValidateBlock* validation = nullptr;
    std::vector<const ast::Settings*> settings;
  };
  bool batches();
  Parts read_parts();
  Metric metric(const std::string& name);
  using SettingSpans = std::map<std::string, Span>;  // where each setting stands
  void settings(const ast::Settings&, SettingSpans&);
  void check_settings(const SettingSpans&);

  // columns.cpp: the names of the columns in the scope of a step or a validation; false after a diagnostic
  bool bind_columns(const Batches&);
  bool bind_columns(DataId);
  /// `source` and the names of its columns; `variable`: what holds one of them.
  bool bind(const std::string& source, const std::vector<std::string>& names,
            const std::function<VariableId(std::size_t)>& variable);
  /// Which of the columns `names` of a source an argument means; nullopt after a diagnostic.
  std::optional<std::size_t> column_named(const ast::Argument&, const std::string& source,
                                          const std::vector<std::string>& names);
  VariableId column(DataId, std::size_t index);

  // step.cpp, validate.cpp
  void step(const ast::Block&);
  void validate(const ast::ValidateBlock&);
  std::string metric_name(const ast::Argument&) const;
  NodeId shown_number(const ast::Argument&, const char* where);

  // minimize.cpp, update.cpp
  /// A parameter, its gradient and, where only rows of a table are touched, these.
  struct Update {
    VariableId variable;
    NodeId parameter, gradient;
    NodeId rows = kNoNode, index = kNoNode;
  };
  /// The minimized loss, or kNoNode after a diagnostic.
  NodeId minimize(const ast::Minimize&, Span);
  std::optional<std::vector<MinimizedOver>> minimized_over(const ast::Minimize&);
  bool check_loss(const ast::Minimize&, NodeId loss);
  std::optional<std::vector<Update>> gradients(const ast::Minimize&, const std::vector<MinimizedOver>&,
                                               const OptimizerValue&, NodeId loss);
  bool by_rows(const OptimizerValue&, NodeId parameter) const;
  NodeId merged_rows(NodeId index, NodeId rows);
  void add_up(std::vector<Update>&);
  void update(const std::vector<Update>&, const OptimizerValue&, NodeId loss);
  NodeId clipping(const std::vector<Update>&, double clip);
  NodeId updated(const Update&, const OptimizerValue&, NodeId learning_rate, NodeId scale);
  /// What makes the rows of tables catch up that their optimizers have let lie.
  Computation catch_up();
  /// What a training keeps from step to step.
  VariableId state(const std::string& name, const TensorType&);

  // schedule.cpp: the learning rate
  NodeId rate(const ScheduleValue&);
  NodeId rate(const ScheduleValue&, NodeId step, NodeId total);
  NodeId rate_of(const FunctionValue&, NodeId step, NodeId total);

  Elaborator& e_;
  const ast::TrainDecl& d_;
  Training t_;
  /// A table of which a step updates the rows that it looks up; the others wait.
  struct LazyTable {
    OpId update;  // adam_rows, say
    VariableId table;
    std::vector<VariableId> states;  // as it takes them
    Attributes attributes;
    Span origin;
  };
  std::vector<LazyTable> lazy_tables_;
  GraphScope* apply_ = nullptr;  // with `accumulate`: the graph that updates after a group of batches
};

}  // namespace weft::check
