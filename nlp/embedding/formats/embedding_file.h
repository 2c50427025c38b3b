#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/embedding/model.h"
#include "tensor/safetensors.h"

namespace weft::nlp {

/// A file of word vectors that can't be used. The message names the file, the line or byte, the fault and how
/// to mend it.
class EmbeddingFileError : public ModelFileError {
 public:
  using ModelFileError::ModelFileError;
};

struct EmbeddingReading {
  std::string format = {};  // a name of embedding_formats(); empty: by the file's content
  /// Words that are listed before, aren't UTF-8 or have a vector with NaN are left out, and a count in the
  /// head of the file that doesn't hold is passed over; otherwise each of these is an error.
  bool skip_faults = false;
};

/// What came of it.
struct EmbeddingReport {
  std::string format;
  std::int64_t skipped = 0;             // words left out
  std::vector<std::string> notes = {};  // the first few faults that were passed over
};

/// Word vectors or a classifier from a file; `.gz` and pipes too. What is allocated is bounded by what the
/// file holds, whatever numbers stand in it.
/// Errors: EmbeddingFileError; std::system_error for a file that can't be read on.
EmbeddingModel read_embedding(const std::filesystem::path& path, const EmbeddingReading& options = {},
                              EmbeddingReport* report = nullptr);
inline EmbeddingModel read_embedding(const std::filesystem::path& path, std::string_view format) {
  return read_embedding(path, EmbeddingReading{std::string(format)});
}

/// Writes under a temporary name, syncs and renames. The format is that of the name's ending (`.gz` after it
/// compresses) where none is given.
/// Errors: std::system_error; EmbeddingFileError for an unknown format or ending, and for a model that the
///         format can't hold.
void write_embedding(const EmbeddingModel& model, const std::filesystem::path& path,
                     std::string_view format = {});

/// The name of the format that write_embedding would choose. Errors as there.
std::string_view embedding_format_for(const std::filesystem::path& path, std::string_view format = {});

/// The word vectors alone: each word's mean of its rows, without n-grams, labels and what predicts them.
EmbeddingModel words_only(const EmbeddingModel& model);

/// A format by name, for help texts and error messages.
struct EmbeddingFormatName {
  std::string_view name;
  std::vector<std::string_view> endings;
  std::string_view what;
};
std::vector<EmbeddingFormatName> embedding_formats();

}  // namespace weft::nlp
