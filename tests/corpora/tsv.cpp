#include <algorithm>
#include <map>

#include "tests/catch2.h"
#include "tests/corpora/batches.h"
#include "tests/corpora/files.h"

using namespace weft::corpora;
namespace {

const char* const kTiny =
    "pos\tgood good film\r\n"
    "neg\tbad\n"
    "\n"
    "pos\ta good , long , long film\n"
    "neg\t\n";

}  // namespace

TEST_CASE("tsv: batches of a tiny corpus, by hand") {
  const Files files;
  const auto path = files.write("t.tsv", kTiny);
  auto request = request_of("tsv", path, 3, 5);
  request.valid_path = path;
  const auto data = open_dataset(request);
  // Kept of the texts: good good film | bad | a good , long , | -. Counts: good 3, `,` 2, then 1 each.
  CHECK(data->labels("vocab") == Strings{"<unk>", "<pad>", "good", ",", "a", "bad", "film", "long"});
  CHECK(data->labels("classes") == Strings{"neg", "pos"});
  CHECK(data->unknown_share() == Approx(0.1));  // the empty text, of ten
  CHECK(data->batches(Split::train) == 2);
  CHECK(data->tokens(Split::train) == 10);

  const auto batches = batches_of(*data, Split::valid);
  REQUIRE(batches.size() == 2);
  CHECK(batches[0].extents == std::vector<std::int64_t>{3, 5});
  CHECK(batches[0].columns == std::vector<Ids>{{1, 0, 1}, {2, 2, 6, 1, 1, 5, 1, 1, 1, 1, 4, 2, 3, 7, 3}});
  CHECK(batches[0].lengths == std::vector<Ids>{{3, 1, 5}});
  CHECK(batches[0].tokens == 9);
  CHECK(batches[1].extents == std::vector<std::int64_t>{1, 1});
  CHECK(batches[1].columns == std::vector<Ids>{{0}, {0}});
  CHECK(batches[1].lengths == std::vector<Ids>{{1}});
}

TEST_CASE("tsv: columns by number and by name") {
  const Files files;
  auto request = request_of("tsv", files.write("n", "x\ta text\ty\nx\tother words\tz\n"), 2, 4);
  request.columns["label"] = std::int64_t{3};
  CHECK(open_dataset(request)->labels("classes") == Strings{"y", "z"});

  request = request_of("tsv", files.write("h", "id\tintent\tutterance\n1\tup\tgo up now\n2\tdown\tgo down\n"),
                       2, 4);
  request.columns["label"] = std::string("intent");
  request.columns["text"] = std::string("utterance");
  const auto data = open_dataset(request);
  CHECK(data->labels("classes") == Strings{"down", "up"});
  CHECK(data->labels("vocab") == Strings{"<unk>", "<pad>", "go", "down", "now", "up"});
  request.columns["text"] = std::int64_t{3};
  CHECK(open_dataset(request)->labels("vocab") == data->labels("vocab"));
}

TEST_CASE("tsv: training is shuffled by seed and epoch, with nothing lost") {
  const Files files;
  std::string text;
  for (int i = 0; i < 500; ++i) text += (i % 3 == 0 ? "fizz\tword" : "none\tword") + std::to_string(i) + "\n";
  auto request = request_of("tsv", files.write("t", text), 32, 4);
  request.holdout = 0.2;
  request.seed = 11;
  const auto one = open_dataset(request), two = open_dataset(request);
  const auto ids = [](const Dataset& data, Split split, std::uint64_t epoch) {
    Ids all;
    for (const auto& batch : batches_of(data, split, epoch)) {
      all.insert(all.end(), batch.columns[1].begin(), batch.columns[1].end());
    }
    return all;
  };
  auto first = ids(*one, Split::train, 0), second = ids(*one, Split::train, 1);
  CHECK(first == ids(*two, Split::train, 0));
  CHECK(first != second);
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  CHECK(first == second);
  CHECK(first.size() + ids(*one, Split::valid, 0).size() == 500);
  CHECK(ids(*one, Split::valid, 0).size() == Approx(100).margin(40));

  // Labels stay with their texts: word i is fizz when 3 divides i.
  const auto& vocabulary = one->labels("vocab");
  const auto& classes = one->labels("classes");
  for (const auto& batch : batches_of(*one, Split::train, 3)) {
    for (std::size_t row = 0; row < batch.columns[0].size(); ++row) {
      const int i = std::stoi(vocabulary[static_cast<std::size_t>(batch.columns[1][row])].substr(4));
      CHECK((classes[static_cast<std::size_t>(batch.columns[0][row])] == "fizz") == (i % 3 == 0));
    }
  }
}

TEST_CASE("tsv: files that can't be used") {
  const Files files;
  const auto with = [&](std::string_view text) { return request_of("tsv", files.write("t", text), 2, 3); };
  CHECK(fault_of(with("a\tone two\nb\n")) ==
        ":2: expected at least 2 fields, got 1 (fields are separated by tabs)");
  CHECK(fault_of(with("a\tone two\na\tthree\n")) ==
        ": all rows have the label \"a\" (a classifier needs at least two classes; is the label column "
        "right?)");
  CHECK(fault_of(with("a\tone two\n \tthree\n")) == ":2: the label is empty");
  CHECK(fault_of(with("a\tone\nb\tone\n")) ==
        ": the vocabulary has one token: there is nothing to predict "
        "(the training text needs at least two different tokens)");
  CHECK(fault_of(with("\n\n")) == ": the file holds no text (expected lines of UTF-8 text)");
  CHECK(fault_of(with("a\tone\nb\ttw\xFFo\n")) ==
        ":2: not UTF-8 at byte 4 of the line (byte 10 of the file) (convert it, as with: iconv -f LATIN1 -t "
        "UTF-8; or set `invalid` to replace or skip)");
  CHECK(fault_of(with("a\t" + std::string((std::size_t{16} << 20) + 1, 'x'))) ==
        ":1: a row of more than 16 MiB (is this a file of tab-separated values?)");

  auto named = with("lable\ttext\na\tone\n");
  named.columns["label"] = std::string("label");
  CHECK(fault_of(named) ==
        ":1: no column is named \"label\"; the header has: lable, text (did you mean lable?)");
  named.columns["label"] = std::string("kind");
  CHECK(fault_of(named) == ":1: no column is named \"kind\"; the header has: lable, text");
  auto bare = with("label\ttext\n");
  bare.columns["label"] = std::string("label");
  CHECK(fault_of(bare) == ": the file has a header and no rows");
  auto numbered = with("a\tone\nb\ttwo\n");
  numbered.columns["label"] = std::int64_t{0};
  CHECK(fault_of(numbered) == ": there is no column 0 (columns are counted from 1)");
  numbered.columns["label"] = std::int64_t{2};
  CHECK(fault_of(numbered) == ": label and text are the same column");

  auto given = with("north\tone\nsouth\ttwo\n");
  given.valid_path = files.write("v", "south\tone\n\nnorht\ttwo\n");
  CHECK(fault_of(given) ==
        given.valid_path + ":3: the label \"norht\" is not one of " + given.path + " (did you mean north?)");
  auto held = with("a\tone two\nb\ttwo one\n");
  held.holdout = 1e-9;
  CHECK(fault_of(held) ==
        ": holdout keeps no row for validation (choose a larger holdout, or give a file with valid)");
  held.holdout = 1 - 1e-9;
  CHECK_FALSE(fault_of(held).empty());
}

TEST_CASE("tsv: a row longer than the reading buffer") {
  const Files files;
  std::string text = "a\t";
  for (int i = 0; i < 400000; ++i) text += "word ";
  text += "\tend\nb\tother\n";
  auto request = request_of("tsv", files.write("t", text), 2, 50);
  const auto data = open_dataset(request);
  CHECK(data->tokens(Split::train) == 51);
  request.columns["text"] = std::int64_t{3};
  CHECK(fault_of(request) == ":2: expected at least 3 fields, got 2 (fields are separated by tabs)");
}
