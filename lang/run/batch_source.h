#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lang/program.h"
#include "modules/rl/episodes.h"
#include "tensor/plan.h"

namespace weft {

/// Tensors by the variable they hold.
using Fed = std::map<VariableId, Tensor>;

/// The batches of a training or a validation, pass after pass.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  /// The axes whose extents each batch brings, and the variables that hold its columns.
  virtual const std::vector<Dim>& axes() const { return no_axes_; }
  virtual std::vector<VariableId> columns() const { return {}; }

  /// Batches of a pass; -1 where only walking it tells.
  virtual std::int64_t batches() const = 0;
  /// Begins pass `epoch`, counted from 0; with a cursor of that pass behind the batch it was taken at. Throws
  /// ModelFileError for numbers that are no cursor.
  virtual void begin(std::int64_t epoch, const std::vector<double>& cursor) = 0;
  /// Goes on to the next batch; false at the end of the pass.
  virtual bool next() = 0;

  // --- of the batch at hand ---

  virtual const std::vector<std::int64_t>& extents() const { return no_extents_; }
  /// Copies its columns into those tensors of `fed` that are theirs.
  virtual void fill(Fed&) const {}
  /// What progress counts: tokens of text; 0 where there is no text.
  virtual std::int64_t tokens() const { return 0; }
  /// All that says where in the pass the source is.
  virtual std::vector<double> cursor() const = 0;

 private:
  std::vector<Dim> no_axes_;
  std::vector<std::int64_t> no_extents_;
};

/// A split of a corpus. Passes of different `order` are shuffled differently.
std::unique_ptr<BatchSource> corpus_batches(const corpora::Dataset& dataset, const DataSource& data,
                                            corpora::Split split, std::uint64_t order);

/// Nothing `count` times: the step makes what it learns from.
std::unique_ptr<BatchSource> no_batches(std::int64_t count);

/// Steps of episodes, one a batch. `policy` maps `state`, the tensor it reads, to an action, and is run
/// between the steps of the training, so that it follows what these learn.
class EpisodeSource : public BatchSource {
 public:
  EpisodeSource(const EpisodeBatches& what, Plan policy, Tensor state, const Workers& workers,
                std::uint64_t seed);

  std::vector<VariableId> columns() const override { return what_.columns; }
  std::int64_t batches() const override { return -1; }
  void begin(std::int64_t epoch, const std::vector<double>& cursor) override;
  bool next() override;
  void fill(Fed& fed) const override;
  std::vector<double> cursor() const override;

  const rl::Episodes& episodes() const { return episodes_; }

 private:
  rl::Episodes pass(std::int64_t epoch) const;

  const EpisodeBatches& what_;
  Plan policy_;
  Tensor state_;
  const Workers& workers_;
  std::uint64_t seed_;
  std::uint64_t asked_ = 0;  // how often the policy was run in this pass: its random counter
  std::int64_t epoch_ = 0;
  rl::Episodes episodes_;
  rl::Step step_;
};

}  // namespace weft
