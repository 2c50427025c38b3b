#pragma once

#include <map>
#include <string>

#include "lang/run/machine.h"
#include "lang/run/snapshot.h"
#include "lang/run/training_state.h"

namespace weft {

/// The file of `checkpoint = "file"`: a training on its way. One safetensors file: in `__metadata__` the
/// program it belongs to (sources, options, seed, element type, fingerprints of the data) and the
/// TrainingState; as tensors what the step changes ("value/..."), and with patience the best model so far
/// ("best/..."). The program and the data being the same, all else follows from them again; but a training
/// that goes wrong soon after it was taken up goes back to the checkpoint's model, no further.
class Checkpoint {
 public:
  /// Throws nothing: the file is first looked at by read().
  Checkpoint(Machine& machine, const Training& training, const Provenance& provenance);

  /// False where there is no file yet. Otherwise fills state, variables and the best model. Throws
  /// ModelFileError where the file is no checkpoint, or one of another program: it says what differs.
  bool read(TrainingState& state, Snapshot& best);
  /// Replaces the file, or leaves it as it was. Throws system_error.
  void write(const TrainingState& state, const Snapshot& best) const;

 private:
  std::string name_of(VariableId) const;
  std::vector<VariableId> variables() const;
  void compare(const std::map<std::string, std::string>& stored) const;

  Machine& machine_;
  const Training& training_;
  std::map<std::string, std::string> identity_;  // metadata that says which program it is
};

}  // namespace weft
