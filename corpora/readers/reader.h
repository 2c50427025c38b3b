#pragma once

#include <memory>
#include <string>
#include <vector>

#include "corpora/dataset.h"
#include "corpora/text_blocks.h"
#include "corpora/token_index.h"
#include "corpora/watch.h"

namespace weft::corpora {

/// One row of the table of readers in dataset.cpp: what it gives, and how it opens a corpus.
struct Reader {
  ReaderSchema (*schema)();
  std::unique_ptr<Dataset> (*open)(const ReaderRequest&, const ReaderSchema&, const Watch&);
};

// Each in readers/NAME.cpp.
#define WEFT_READER(name)                                                                        \
  ReaderSchema name##_schema();                                                                  \
  std::unique_ptr<Dataset> open_##name(const ReaderRequest& request, const ReaderSchema& schema, \
                                       const Watch& watch)
WEFT_READER(lines);
WEFT_READER(tsv);
WEFT_READER(csv);
WEFT_READER(jsonl);
WEFT_READER(fasttext_labels);
WEFT_READER(conll);
WEFT_READER(conllu);
WEFT_READER(parallel);
#undef WEFT_READER

// --- what they share ---

/// The arguments that every reader of text takes; `records` are what holdout keeps: "rows".
std::vector<ArgumentSchema> common_arguments(const std::string& records);

/// A file of the request, to be read as it asks for.
std::unique_ptr<FileBlocks> open_blocks(const ReaderRequest& request, const std::string& path,
                                        const Watch& watch);

/// A column argument, or what it is by default.
ColumnName column_of(const ReaderRequest& request, const std::string& argument, ColumnName otherwise);
/// A text argument, or what it is by default.
std::string text_of(const ReaderRequest& request, const std::string& argument, std::string otherwise);

/// Which split record i of the main file belongs to.
Split split_of(const ReaderRequest& request, std::int64_t record);

/// The vocabulary of the training text. Throws DataError where it has not two tokens beside the specials.
nlp::Vocabulary text_vocabulary(const ReaderRequest& request, const TokenIndex& index,
                                const std::vector<std::string>& specials);

DataError holds_no_text(const std::string& path);

/// unknown / total, 0 of nothing.
double share(std::int64_t unknown, std::int64_t total);

}  // namespace weft::corpora
