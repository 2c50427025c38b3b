#pragma once

#include <vector>

#include "corpora/dataset.h"

namespace weft::corpora {

using Ids = std::vector<std::int32_t>;
using Strings = std::vector<std::string>;

inline std::vector<Batch> batches_of(const Dataset& data, Split split, std::uint64_t epoch = 0) {
  std::vector<Batch> batches;
  const auto stream = data.stream(split, epoch);
  for (Batch batch; stream->next(batch);) batches.push_back(batch);
  return batches;
}

/// The rows of a column as texts, "word word", padding left out.
inline Strings texts_of(const Dataset& data, const std::string& column, Split split) {
  Strings rows;
  const ReaderSchema& schema = data.schema();
  std::size_t c = 0;
  while (schema.columns[c].name != column) ++c;
  const auto& labels = data.labels(schema.columns[c].labels);
  for (const Batch& batch : batches_of(data, split)) {
    const auto& axes = schema.columns[c].axes;
    const std::size_t width =
        axes.size() > 1 ? static_cast<std::size_t>(batch.extents[static_cast<std::size_t>(axes[1])]) : 1;
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.extents[0]); ++row) {
      std::size_t length = width;
      for (std::size_t p = 0; p < schema.padded.size(); ++p) {
        if (axes.size() > 1 && schema.padded[p] == axes[1])
          length = static_cast<std::size_t>(batch.lengths[p][row]);
      }
      std::string text;
      for (std::size_t i = 0; i < length; ++i)
        text += (i == 0 ? "" : " ") + labels[static_cast<std::size_t>(batch.columns[c][row * width + i])];
      rows.push_back(text);
    }
  }
  return rows;
}

}  // namespace weft::corpora
