#pragma once

#include <memory>
#include <string>
#include <vector>

#include "corpora/readers/reader.h"
#include "corpora/rows.h"

namespace weft::corpora {

// What readers of labelled texts share: columns `label` and `text`, label sets `vocab` and `classes`. Texts
// are cut at T tokens and padded to the longest of their batch. The vocabulary counts the tokens that are
// kept of the training texts; the classes are those of the whole main file, held out or not, in byte order.

/// The fields of a row.
inline constexpr int kLabelField = 0, kTextField = 1;

/// `own`: the reader's arguments in front of the common ones.
ReaderSchema labelled_texts_schema(const std::string& name, std::vector<ArgumentSchema> own);
RowLayout labelled_texts_layout(const ReaderRequest& request);
/// Puts a row into the sink. Throws DataError for an empty label.
void labelled_text(RowSink& sink, std::string_view label, std::string_view text, const TextPlace& place);

/// The main file or that of validation.
inline const std::string& path_of(const ReaderRequest& request, bool validation) {
  return validation ? request.valid_path : request.path;
}

}  // namespace weft::corpora
