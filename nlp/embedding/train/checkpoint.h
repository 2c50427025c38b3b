#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "nlp/embedding/model.h"

namespace weft::nlp {

/// Where in a training a checkpoint was made.
struct TrainingPlace {
  std::int64_t epoch = 0;  // from 0
  std::int64_t chunk = 0;  // the next one
  bool finished = false;
};

/// The matrices and the place, in a safetensors file that replaces the one before. `run` describes what is
/// trained on what and how: a checkpoint of another run is refused. Memory: a few megabytes beside the
/// matrices. Errors: std::system_error.
void write_checkpoint(const std::filesystem::path& path, const std::string& run, const EmbeddingModel& model,
                      const TrainingPlace& place);
/// False where there is no such file. Errors: ModelFileError, also for a checkpoint of another run.
bool read_checkpoint(const std::filesystem::path& path, const std::string& run, EmbeddingModel& model,
                     TrainingPlace& place);

}  // namespace weft::nlp
