#include <sys/resource.h>

#include <algorithm>
#include <fstream>

#include "tests/catch2.h"
#include "tests/corpora/batches.h"
#include "tests/corpora/files.h"
#include "tests/corpora/packed.h"

using namespace weft::corpora;
namespace {

/// All rows of `ids`, in the order of the stream.
std::vector<Ids> rows_of(const Dataset& data, Split split, std::uint64_t epoch = 0) {
  std::vector<Ids> rows;
  for (const Batch& batch : batches_of(data, split, epoch)) {
    const auto width = batch.extents[1];
    for (std::int64_t row = 0; row < batch.extents[0]; ++row) {
      const auto* const first = batch.columns[0].data() + row * width;
      rows.emplace_back(first, first + width);
    }
  }
  return rows;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line number " + std::to_string(i) + " is here\n";
  return text;
}

}  // namespace

TEST_CASE("lines: windows of a tiny corpus, by hand") {
  const Files files;
  // Tokens: a b a c <eos> a b <eos> d <eos>; counts a 3, b 2, c 1, d 1.
  const auto text = files.write("tiny.txt", "a b a c\n\nA b\nd\n");
  auto request = request_of("lines", text, 2, 3);
  request.valid_path = text;
  const auto data = open_dataset(request);
  CHECK(data->labels("vocab") == Strings{"<unk>", "<eos>", "a", "b", "c", "d"});
  CHECK_THROWS_AS(data->labels("classes"), std::invalid_argument);
  CHECK(data->unknown_share() == 0);

  // The stream 2 3 2 4 1 2 3 1 5 1: windows of 4 at 0, 3 and 6 use all ten tokens.
  for (const Split split : {Split::train, Split::valid}) {
    CHECK(data->batches(split) == 2);
    CHECK(data->tokens(split) == 9);
  }
  const auto batches = batches_of(*data, Split::valid);
  REQUIRE(batches.size() == 2);
  CHECK(batches[0].extents == std::vector<std::int64_t>{2, 3});
  CHECK(batches[0].columns == std::vector<Ids>{{2, 3, 2, 4, 1, 2}, {3, 2, 4, 1, 2, 3}});
  CHECK(batches[0].lengths.empty());
  CHECK(batches[0].tokens == 6);
  CHECK(batches[1].extents == std::vector<std::int64_t>{1, 3});
  CHECK(batches[1].columns == std::vector<Ids>{{3, 1, 5}, {1, 5, 1}});
  CHECK(batches[1].tokens == 3);

  auto train = rows_of(*data, Split::train);
  std::sort(train.begin(), train.end());
  CHECK(train == std::vector<Ids>{{2, 3, 2}, {3, 1, 5}, {4, 1, 2}});

  // What is left behind the last full window is dropped.
  request.extents = {8, 4};
  CHECK(rows_of(*open_dataset(request), Split::valid) == std::vector<Ids>{{2, 3, 2, 4}, {1, 2, 3, 1}});
}

TEST_CASE("lines: rare words are <unk>, and their share is told") {
  const Files files;
  auto request = request_of("lines", files.write("t", "a b a c\na b d\n"), 1, 2);
  request.min_count = 2;
  const auto data = open_dataset(request);
  CHECK(data->labels("vocab") == Strings{"<unk>", "<eos>", "a", "b"});
  CHECK(data->unknown_share() == Approx(2.0 / 7));
}

TEST_CASE("lines: holdout keeps whole lines, and the vocabulary is the training text's") {
  const Files files;
  auto request = request_of("lines", files.write("t", numbered_lines(400)), 4, 5);
  request.holdout = 0.25;
  request.seed = 9;
  const auto data = open_dataset(request);
  CHECK(data->tokens(Split::valid) == Approx(600).margin(200));
  CHECK(data->tokens(Split::train) + data->tokens(Split::valid) <= 400 * 6);
  CHECK(data->tokens(Split::train) + data->tokens(Split::valid) > 400 * 6 - 12);
  // Numbers occur once: those of held-out lines are unknown, so every second or so validation line has an
  // <unk>.
  std::int64_t unknown = 0;
  for (const auto& row : rows_of(*data, Split::valid)) unknown += std::count(row.begin(), row.end(), 0);
  CHECK(unknown > 50);
  CHECK(data->unknown_share() == 0);
  for (const auto& row : rows_of(*data, Split::train)) CHECK(std::count(row.begin(), row.end(), 0) == 0);

  const auto none = open_dataset(request_of("lines", request.path, 4, 5));
  CHECK(none->batches(Split::valid) == 0);
  CHECK(none->tokens(Split::valid) == 0);
  CHECK(batches_of(*none, Split::valid).empty());
}

TEST_CASE("lines: the same by seed, another order each epoch") {
  const Files files;
  auto request = request_of("lines", files.write("t", numbered_lines(300)), 4, 5);
  request.holdout = 0.1;
  request.seed = 4;
  const auto one = open_dataset(request), two = open_dataset(request);
  CHECK(one->labels("vocab") == two->labels("vocab"));
  const auto first = rows_of(*one, Split::train, 1);
  CHECK(first == rows_of(*two, Split::train, 1));
  CHECK(first == rows_of(*one, Split::train, 1));
  CHECK(rows_of(*one, Split::valid, 1) == rows_of(*two, Split::valid, 2));
  auto second = rows_of(*one, Split::train, 2);
  CHECK(first != second);
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  std::sort(second.begin(), second.end());
  CHECK(sorted == second);
  request.seed = 5;
  CHECK(rows_of(*open_dataset(request), Split::valid) != rows_of(*one, Split::valid));
}

TEST_CASE("lines: a stream outlives its dataset") {
  const Files files;
  auto data = open_dataset(request_of("lines", files.write("t", "a b c d e f\n"), 1, 2));
  const auto stream = data->stream(Split::train, 0);
  data.reset();
  Batch batch;
  CHECK(stream->next(batch));
}

TEST_CASE("lines: characters") {
  const Files files;
  auto request = request_of("lines", files.write("t", "ab a\nb\n"), 1, 2);
  request.tokens.kind = "chars";
  request.valid_path = request.path;
  const auto data = open_dataset(request);
  CHECK(data->labels("vocab") == Strings{"<unk>", "<eos>", "a", "b", " "});
  CHECK(rows_of(*data, Split::valid) == std::vector<Ids>{{2, 3}, {4, 2}, {1, 3}});
}

TEST_CASE("lines: corpora that can't be used") {
  const Files files;
  const auto with = [&](std::string_view text, std::int64_t time) {
    return request_of("lines", files.write("t", text), 2, time);
  };
  CHECK(fault_of(request_of("lines", files.path("no"), 2, 3)) ==
        ": no such file (a relative path starts at the working directory)");
  CHECK(fault_of(with("", 3)) == ": the file holds no text (expected lines of UTF-8 text)");
  CHECK(fault_of(with("a\nb \xC3(\n", 3)) ==
        ":2: not UTF-8 at byte 2 of the line (byte 4 of the file) (convert it, as with: iconv -f LATIN1 -t "
        "UTF-8; or set `invalid` to replace or skip)");
  CHECK(fault_of(with("a b c\n", 4)) ==
        ": the training text has 4 tokens, and one window of T = 4 needs 5 (choose a smaller T or give more "
        "text)");
  CHECK(fault_of(with("a b c\n", 3)).empty());
  CHECK(fault_of(with("a a a\na\n", 1)) ==
        ": the vocabulary has one token: there is nothing to predict "
        "(the training text needs at least two different tokens)");
  auto rare = with("a b c a\n", 1);
  rare.min_count = 2;
  CHECK(
      fault_of(rare) ==
      ": the vocabulary has one token: of 3 different tokens none other occurs 2 times in the training text "
      "(is min_count too high?)");
  rare.min_count = 9;
  CHECK(fault_of(rare) ==
        ": the vocabulary has no token: of 3 different tokens none other occurs 9 times in the training text "
        "(is min_count too high?)");

  auto held = with("a b c d e f g\n", 3);
  held.holdout = 1e-9;
  CHECK(fault_of(held) ==
        ": holdout keeps 0 tokens for validation, and one window of T = 3 needs 4 "
        "(whole lines are held out: choose a larger holdout, a smaller T, or a text of more lines)");
  auto given = with("a b c d e f g\n", 3);
  given.valid_path = files.write("v", "a b\n");
  CHECK(fault_of(given) == given.valid_path +
                               ": the validation text has 3 tokens, and one window of T = 3 needs 4 "
                               "(choose a smaller T or give more text)");
}

TEST_CASE("lines: arguments that can't be") {
  const Files files;
  auto request = request_of("lines", files.write("t", "a b c d\n"), 0, 2);
  CHECK(fault_of(request) == ": the extent of the batch axis must be at least 1, got 0");
  request.extents = {1};
  CHECK_THROWS_WITH(open_dataset(request), "[lines] expected 2 axes, got 1");
  request.extents = {1, 2};
  request.holdout = 1.5;
  CHECK(fault_of(request) ==
        ": holdout must be at least 0 and below 1, got 1.5 (holdout = 0.1 keeps a tenth of the records for "
        "validation)");
  request.holdout = 0.5;
  request.valid_path = request.path;
  CHECK(fault_of(request) == ": both holdout and valid are given (validation comes from one of the two)");
  request.valid_path.clear();
  request.tokens.kind = "letters";
  CHECK_THROWS_AS(open_dataset(request), std::invalid_argument);
  request.tokens.kind = "words";
  request.valid_path.clear();
  request.expansion = 0;
  CHECK(fault_of(request).starts_with(": expansion must be at least 1, got 0"));
  request.expansion = 10;
  request.rank = 2;
  request.world = 2;
  CHECK_THROWS_WITH(open_dataset(request), "[lines] expected 0 <= rank < world, got rank 2 of 2");
  request.reader = "xml";
  CHECK_THROWS_WITH(open_dataset(request), "[open_dataset] expected a reader, got \"xml\"");
}

TEST_CASE("lines: one line of 100 MB in bounded memory") {
  const Files files;
  // Frames of zstd may stand one behind the other: the file is small, its only line is not.
  const std::string piece = "antidisestablishmentarianism, quick-tempered! ";
  const std::int64_t frames = 100, repeats = frames * (1'000'000 / static_cast<std::int64_t>(piece.size()));
  std::string text, packed;
  for (std::int64_t i = 0; i < repeats / frames; ++i) text += piece;
  const std::string frame = zstd_packed(text);
  for (std::int64_t i = 0; i < frames; ++i) packed += frame;
  const auto path = files.write("long", packed);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  auto request = request_of("lines", path, 64, 64);
  request.tokens = weft::nlp::TokenizerSettings::of("whitespace");
  request.expansion = 1e6;
  const auto data = open_dataset(request);
  ::getrusage(RUSAGE_SELF, &after);
  // Two tokens a repeat, one <eos> at the end.
  CHECK(data->tokens(Split::train) == repeats * 2 / 64 * 64);
  CHECK(data->labels("vocab").size() == 4);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(after.ru_maxrss - before.ru_maxrss < 16 * 1024);  // KiB; the text alone is 100 MB
#endif
}

TEST_CASE("readers: the table") {
  Strings names;
  for (const ReaderSchema& reader : readers()) names.push_back(reader.name);
  CHECK(names == Strings{"lines", "tsv", "csv", "jsonl", "fasttext_labels", "conll", "conllu", "parallel"});
  const ReaderSchema* const lines = find_reader("lines");
  REQUIRE(lines != nullptr);
  CHECK(lines->axes == Strings{"batch", "time"});
  CHECK(lines->padded.empty());
  REQUIRE(lines->columns.size() == 2);
  CHECK(lines->columns[1].name == "next");
  CHECK(lines->columns[1].labels == "vocab");
  CHECK(lines->columns[1].axes == std::vector<int>{0, 1});
  const ReaderSchema* const tsv = find_reader("tsv");
  REQUIRE(tsv != nullptr);
  CHECK(tsv->padded == std::vector<int>{1});
  CHECK(tsv->columns[0].axes == std::vector<int>{0});
  CHECK(find_reader("line") == nullptr);
}
