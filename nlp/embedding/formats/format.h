#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/embedding/formats/bytes_in.h"
#include "nlp/embedding/formats/embedding_file.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

/// A format of word vectors: a file of its own in this folder, and a row of embedding_file.cpp's table.
struct EmbeddingFormat {
  const char* name;
  std::vector<std::string_view> endings;  // with the point; the first is the one to propose
  const char* what;
  /// Whether these are the bytes of such a file, by their beginning. Asked in the table's order.
  bool (*fits)(std::string_view bytes);
  EmbeddingModel (*read)(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report);
  void (*write)(const EmbeddingModel& model, const std::filesystem::path& path);
};

EmbeddingFormat fasttext_format();
EmbeddingFormat safetensors_format();
EmbeddingFormat npy_format();
EmbeddingFormat word2vec_text_format();
EmbeddingFormat word2vec_binary_format();
EmbeddingFormat glove_format();

/// The format whose bytes these are, or null.
const EmbeddingFormat* format_of(std::string_view bytes);

/// As read_embedding, of bytes in memory.
EmbeddingModel read_embedding(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report);

}  // namespace weft::nlp
