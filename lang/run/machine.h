#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/program.h"
#include "lang/run/loss_curve.h"
#include "tensor/plan.h"

/// What runs a checked program.
namespace weft {

class Profile;
class TrainingLog;

/// How far a training is.
struct Progress {
  std::string run;
  std::int64_t epoch = 0, epochs = 0;
  std::int64_t step = 0, steps = 0;        // steps: 0 where nobody knows
  std::int64_t episode = 0, episodes = 0;  // 0: none
  bool has_loss = true;
  double loss = 0;               // mean since the epoch began
  double tokens_per_second = 0;  // 0: there is no text
  double steps_per_second = 0;
  double seconds_left = 0;
  bool epoch_done = false;
  std::vector<std::pair<std::string, double>> metrics;  // of the step; of the validation when epoch_done
};

/// Where a run reports. Called on the thread that runs.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A result: data, for stdout.
  virtual void show(const std::string& text) = 0;
  virtual void progress(const Progress& progress) = 0;
  /// Of the text called so `read` bytes have been read, of `of`; 0: nobody knows. Called often, by any
  /// thread, by one at a time.
  virtual void reading(const std::string& /*name*/, std::int64_t /*read*/, std::int64_t /*of*/) {}
  /// A line about the run: for stderr.
  virtual void note(const std::string& line) = 0;
  /// True once the user asked to stop. Asked from any thread.
  virtual bool interrupted() = 0;
  /// Columns that what is shown may take.
  virtual std::size_t width() { return 80; }
};

/// Labels and tokenizer of a corpus, from the corpus or from a model file.
struct OpenedData {
  std::unique_ptr<corpora::Dataset> dataset;          // null when it came with a model
  std::vector<std::shared_ptr<const Labels>> labels;  // by label set
  nlp::TokenizerSettings tokens;
};

/// What a model file says of where it came from, beside the tensors.
struct Provenance {
  std::map<std::string, std::string> files;  // sources by name
  std::string main;
  std::map<std::string, std::string> options;                                 // as resolved
  std::map<std::string, std::shared_ptr<const struct EmbeddedModel>> models;  // that were loaded, by path
};
/// A loaded model as the file of another one holds it, so that this needs no other file: its parameters and
/// labels lie with those of the other.
struct EmbeddedModel {
  std::string name;
  Provenance provenance;
};

enum class Outcome : std::uint8_t { done, failed, interrupted };

/// Values of variables, open corpora, plans. Executes the actions of a program in order; keeps its state
/// between calls, so a REPL goes on where it was.
class Machine {
 public:
  struct Options {
    int threads = 0;
    std::uint64_t seed = 1;
    DType real = DType::f32;
    TrainingLog* log = nullptr;  // the caller's, and written where there is one
    Profile* profile = nullptr;  // the same; what plans take is added to it
  };
  Machine(Program& program, const Sources& sources, Options options, Observer& observer);
  ~Machine();

  /// Executes the actions that came since the last call. After a failed training or an interrupt only `save`
  /// is still carried out. That the folders of saved models exist is seen to before anything is done. Throws
  /// DataError, ModelFileError, OutOfMemory, system_error.
  Outcome run(const Provenance& provenance);

  /// Labels of a corpus that stays closed: a model file brought them.
  void provide(DataId data, OpenedData opened);
  /// Text continued by a model that scores the next token.
  std::string generate(const Generation& generation);
  /// The model's output for one text, axes named; batch and time as the text has them.
  Tensor predict(const TextModel& model, const std::string& text);
  Tensor& value(VariableId);
  const OpenedData& opened(DataId data) const;
  void set_real(DType real) { options_.real = real; }
  DType real() const { return options_.real; }

  /// What there is, to go back to: taken before a source is read.
  struct State {
    std::size_t variables = 0, data = 0, history = 0;
    std::uint64_t steps = 0;
    std::map<VariableId, Tensor> overwritten;
  };
  State state() const;
  /// Adds copies of what the actions that wait will write in place.
  void keep_overwritten(State&) const;
  /// What came since is forgotten, what was overwritten is as it was.
  void restore(const State&);
  /// What was read and not yet carried out never will be.
  void skip() { next_action_ = program_.actions.size(); }

 private:
  class InputExtents;
  friend class Trainer;
  friend class Checkpoint;

  void check_folders(std::size_t first) const;
  void execute(const OpenData&);
  void execute(const InitializeParameters&);
  void execute(const ResolveLabel&);
  void execute(const ReadText&);
  void execute(const ComputeValues&);
  void execute(const ChangeValues&);
  void execute(const ProvideData&);
  void execute(const FillParameters&);
  void execute(const CopyParameters&);
  void execute(const TrainEmbedding&);
  void execute(const Show&);
  void execute(const Plot&);
  void execute(const Expect&);
  void execute(const Explain&);
  void execute(const Save&, const Provenance&);
  void execute(const Training&, const Provenance&);

  /// Runs a plan that changes nothing; throws Stopped where the user asked to stop.
  struct Stopped {};
  void run(Plan&);
  void leave_out(const Action&);
  Plan plan(const Computation&, const std::map<VariableId, Tensor>& fed);
  Tensor compute(const Computation&);
  Tensor make(VariableId) const;
  /// A text's tokens as indices, and those tokens that the vocabulary lacks.
  struct Encoded {
    std::vector<std::int32_t> ids;
    std::vector<std::string> unknown;
  };
  Encoded encode(const LabelSource&, const std::string& text) const;
  /// The indices along the last axis, the one before it of extent 1.
  Tensor input_of(const TensorType&, const std::vector<std::int32_t>& ids) const;
  Tensor read(const TensorType&, const LabelSource&, const Encoded&) const;
  std::string describe(const Description&) const;
  /// "script.weft:3:14".
  std::string place_of(Span) const;
  /// "; the largest value takes 1.50 GiB (script.weft:3:14)", as far as that is known.
  std::string largest_value(const PlanOutOfMemory&) const;

  Program& program_;
  const Sources& sources_;  // to name places
  Options options_;
  Observer& observer_;
  Workers workers_;
  Bindings bindings_;
  std::map<VariableId, Tensor> values_;
  std::map<DataId, OpenedData> data_;
  std::size_t next_action_ = 0;
  std::uint64_t steps_ = 0;  // of all trainings: the random key's counter
  Outcome outcome_ = Outcome::done;
  bool stopped_ = false;                     // a training failed: only `save` goes on
  std::vector<std::string> history_;         // JSON, one object a training
  std::map<std::string, LossCurve> curves_;  // by training, of its steps
  std::set<VariableId> left_out_;            // values that were to be computed when an interrupt came
};

}  // namespace weft
