#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "nlp/embedding/classifier/train.h"

namespace weft::nlp {

/// A number that differs where corpus, settings, seed or mode do: what a checkpoint goes on with must be what
/// it was made from.
std::uint64_t fingerprint(const Examples& examples, const EmbeddingSettings& settings, std::uint64_t seed,
                          bool deterministic);

/// The state of a training and its matrices in a file of their own form: under a temporary name, synced,
/// renamed. Throws std::system_error.
void write_checkpoint(const std::filesystem::path& path, std::uint64_t fingerprint,
                      const EmbeddingModel& model, const EmbeddingModel* best, const ClassifierState& state);

/// Into a model made by new_classifier with the same corpus and settings. Throws ModelFileError for a file
/// that is none, is cut short or was made from something else; std::system_error.
void read_checkpoint(const std::filesystem::path& path, std::uint64_t fingerprint, EmbeddingModel& model,
                     EmbeddingModel& best, ClassifierState& state);

}  // namespace weft::nlp
