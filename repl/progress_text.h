#pragma once

#include <cstdint>
#include <string>

#include "lang/run/machine.h"
#include "nlp/embedding/classifier/train.h"
#include "nlp/embedding/train/train_embedding.h"

/// How far something is, as one line of text.
namespace weft::repl {

std::string progress_text(const Progress& p);
std::string progress_text(const std::string& run, const nlp::EmbeddingProgress& p);
std::string progress_text(const std::string& run, const nlp::ClassifierProgress& p);
/// of: 0 where nobody knows.
std::string reading_text(const std::string& name, std::int64_t read, std::int64_t of);

}  // namespace weft::repl
