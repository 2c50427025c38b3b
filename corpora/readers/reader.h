#pragma once

#include <memory>
#include <string>
#include <vector>

#include "corpora/dataset.h"
#include "corpora/stop.h"
#include "corpora/token_index.h"

namespace weft::corpora {

/// One row of the table of readers in dataset.cpp: what it gives, and how it opens a corpus.
struct Reader {
  ReaderSchema (*schema)();
  std::unique_ptr<Dataset> (*open)(const ReaderRequest&, const ReaderSchema&, const Stop&);
};

// Each in readers/NAME.cpp.
ReaderSchema lines_schema();
std::unique_ptr<Dataset> open_lines(const ReaderRequest& request, const ReaderSchema& schema,
                                    const Stop& stop);
ReaderSchema tsv_schema();
std::unique_ptr<Dataset> open_tsv(const ReaderRequest& request, const ReaderSchema& schema, const Stop& stop);

// --- what they share ---

/// Which split record i of the main file belongs to.
Split split_of(const ReaderRequest& request, std::int64_t record);

/// The vocabulary of the training text. Throws DataError where it has not two tokens beside the specials.
nlp::Vocabulary text_vocabulary(const ReaderRequest& request, const TokenIndex& index,
                                const std::vector<std::string>& specials);

/// unknown / total, 0 of nothing.
double share(std::int64_t unknown, std::int64_t total);

}  // namespace weft::corpora
