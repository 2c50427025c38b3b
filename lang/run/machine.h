#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/program.h"
#include "tensor/plan.h"

/// What runs a checked program.
namespace weft {

/// How far a training is.
struct Progress {
  std::string run;
  std::int64_t epoch = 0, epochs = 0;
  std::int64_t step = 0, steps = 0;
  double loss = 0;  // mean since the epoch began
  double tokens_per_second = 0;
  double seconds_left = 0;
  bool epoch_done = false;
  std::vector<std::pair<std::string, double>> metrics;  // of the validation, when the epoch is done
};

/// Where a run reports. Called on the thread that runs.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A result: data, for stdout.
  virtual void show(const std::string& text) = 0;
  virtual void progress(const Progress& progress) = 0;
  /// A line about the run: for stderr.
  virtual void note(const std::string& line) = 0;
  /// True once the user asked to stop.
  virtual bool interrupted() = 0;
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
  std::map<std::string, std::string> options;  // as resolved
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

 private:
  struct Step;
  struct TrainingRun;
  friend struct TrainingRun;

  void check_folders(std::size_t first) const;
  void execute(const OpenData&);
  void execute(const InitializeParameters&);
  void execute(const ComputeValues&);
  void execute(const Show&);
  void execute(const Expect&);
  void execute(const Save&, const Provenance&);
  void execute(const Training&);

  Plan plan(const Computation&, const std::map<VariableId, Tensor>& fed);
  Tensor compute(const Computation&);
  Tensor make(const TensorType&) const;
  std::vector<std::int32_t> encode(const TextModel&, const std::string& text) const;

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
  bool stopped_ = false;              // a training failed: only `save` goes on
  std::vector<std::string> history_;  // JSON, one object a training
};

}  // namespace weft
