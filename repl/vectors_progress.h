#pragma once

#include <chrono>
#include <string>

#include "nlp/embedding/train/train_embedding.h"

namespace weft::repl {

/// The progress of a training of word vectors on stderr: one line that is rewritten where that is a terminal,
/// plain lines now and then where it isn't.
class VectorsProgress {
 public:
  explicit VectorsProgress(std::string name);
  void show(const nlp::EmbeddingProgress& progress);
  /// Takes the line away, so that something else can be written.
  void end();

 private:
  std::string name_;
  bool terminal_, open_ = false;
  std::chrono::steady_clock::time_point last_plain_ = {};
};

}  // namespace weft::repl
