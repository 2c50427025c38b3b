#include "corpora/dataset.h"

#include <algorithm>

#include "corpora/random.h"
#include "corpora/readers/reader.h"

namespace weft::corpora {

namespace {

constexpr Reader kReaders[] = {
    {lines_schema, open_lines},
    {tsv_schema, open_tsv},
    {csv_schema, open_csv},
    {jsonl_schema, open_jsonl},
    {fasttext_labels_schema, open_fasttext_labels},
    {conll_schema, open_conll},
    {conllu_schema, open_conllu},
    {parallel_schema, open_parallel},
};

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void check(const ReaderRequest& request, const ReaderSchema& schema) {
  if (request.extents.size() != schema.axes.size()) {
    throw std::invalid_argument("[" + schema.name + "] expected " + std::to_string(schema.axes.size()) +
                                " axes, got " + std::to_string(request.extents.size()));
  }
  for (std::size_t i = 0; i < schema.axes.size(); ++i) {
    if (request.extents[i] < 1) {
      throw DataError(request.path, 0,
                      "the extent of the " + schema.axes[i] + " axis must be at least 1, got " +
                          std::to_string(request.extents[i]));
    }
  }
  if (!(request.holdout >= 0 && request.holdout < 1)) {
    throw DataError(request.path, 0, "holdout must be at least 0 and below 1, got " + number(request.holdout),
                    "holdout = 0.1 keeps a tenth of the records for validation");
  }
  if (request.holdout > 0 && !request.valid_path.empty()) {
    throw DataError(request.path, 0, "both holdout and valid are given",
                    "validation comes from one of the two");
  }
  if (!(request.expansion >= 1)) {
    throw DataError(request.path, 0, "expansion must be at least 1, got " + number(request.expansion),
                    "it is how many times its size a packed file may unpack to");
  }
  if (request.world < 1 || request.rank < 0 || request.rank >= request.world) {
    throw std::invalid_argument("[" + schema.name + "] expected 0 <= rank < world, got rank " +
                                std::to_string(request.rank) + " of " + std::to_string(request.world));
  }
}

}  // namespace

const std::vector<ReaderSchema>& readers() {
  static const std::vector<ReaderSchema> schemas = [] {
    std::vector<ReaderSchema> list;
    for (const Reader& reader : kReaders) list.push_back(reader.schema());
    return list;
  }();
  return schemas;
}

const ReaderSchema* find_reader(std::string_view name) {
  const auto& all = readers();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& schema) { return schema.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::unique_ptr<Dataset> open_dataset(const ReaderRequest& request, const Watch& watch) {
  const ReaderSchema* schema = find_reader(request.reader);
  if (schema == nullptr) {
    throw std::invalid_argument("[open_dataset] expected a reader, got \"" + request.reader + "\"");
  }
  check(request, *schema);
  return kReaders[schema - readers().data()].open(request, *schema, watch);
}

std::vector<ArgumentSchema> common_arguments(const std::string& records) {
  return {
      {"tokens", ArgumentKind::tokenizer, false, "how text becomes tokens, such as words(min_count = 2)"},
      {"vocab", ArgumentKind::vocabulary, false, "the labels of an axis as vocabulary, with its tokens"},
      {"holdout", ArgumentKind::number, false,
       "share of the " + records + " kept for validation, from 0 up to 1"},
      {"valid", ArgumentKind::text, false, "a file for validation, in place of holdout"},
      {"invalid",
       ArgumentKind::choice,
       false,
       "what to do about bytes that are not UTF-8: \"error\"",
       {"error", "replace", "skip"}},
      {"expansion", ArgumentKind::number, false, "how many times its size a packed file may unpack to: 200"},
  };
}

std::unique_ptr<FileBlocks> open_blocks(const ReaderRequest& request, const std::string& path,
                                        const Watch& watch) {
  // Smaller pieces than a megabyte stay in the caches, and keep several threads busy with a small corpus.
  TextOptions options;
  options.block_bytes = std::size_t{256} << 10;
  options.invalid = request.invalid;
  options.expansion.most_expansion = request.expansion;
  options.watch = watch;
  return std::make_unique<FileBlocks>(path, std::move(options));
}

ColumnName column_of(const ReaderRequest& request, const std::string& argument, ColumnName otherwise) {
  const auto given = request.columns.find(argument);
  return given == request.columns.end() ? otherwise : given->second;
}

std::string text_of(const ReaderRequest& request, const std::string& argument, std::string otherwise) {
  const auto given = request.texts.find(argument);
  return given == request.texts.end() ? otherwise : given->second;
}

DataError holds_no_text(const std::string& path) {
  return DataError(path, 0, "the file holds no text", "expected lines of UTF-8 text");
}

Split split_of(const ReaderRequest& request, std::int64_t record) {
  const bool valid = request.holdout > 0 && in_validation(request.seed, record, request.holdout);
  return valid ? Split::valid : Split::train;
}

nlp::Vocabulary text_vocabulary(const ReaderRequest& request, const TokenIndex& index,
                                const std::vector<std::string>& specials) {
  if (request.vocabulary) {
    nlp::Vocabulary given(*request.vocabulary);
    if (!given.contains(nlp::kUnknown)) {
      throw DataError(request.path, 0, "the vocabulary has no " + std::string(nlp::kUnknown),
                      "what it doesn't hold needs a place: take one that a corpus gave");
    }
    if (index.counted() > 0 && index.unknown(given) == index.counted())
      throw DataError(request.path, 0, "no token of it is in the vocabulary");
    return given;
  }
  nlp::Vocabulary vocabulary = index.vocabulary(specials, request.min_count);
  const std::int64_t kept = vocabulary.size() - static_cast<std::int64_t>(specials.size());
  if (kept >= 2) return vocabulary;
  const std::string of = kept == 1 ? "one token" : "no token";
  if (index.different() >= 2) {
    throw DataError(request.path, 0,
                    "the vocabulary has " + of + ": of " + std::to_string(index.different()) +
                        " different tokens none other occurs " + std::to_string(request.min_count) +
                        " times in the training text",
                    "is min_count too high?");
  }
  throw DataError(request.path, 0, "the vocabulary has " + of + ": there is nothing to predict",
                  "the training text needs at least two different tokens");
}

double share(std::int64_t unknown, std::int64_t total) {
  return total == 0 ? 0 : static_cast<double>(unknown) / static_cast<double>(total);
}

}  // namespace weft::corpora
