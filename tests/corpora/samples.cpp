#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "tests/catch2.h"
#include "tests/corpora/files.h"

using namespace weft::corpora;

namespace {

std::string sample(const char* name) {
  return (std::filesystem::path(WEFT_SOURCE_DIR) / "corpora" / "samples" / name).string();
}

}  // namespace

TEST_CASE("samples: english.txt is large enough to train on") {
  auto request = request_of("lines", sample("english.txt"), 8, 16);
  request.holdout = 0.1;
  request.min_count = 2;
  const auto data = open_dataset(request);
  CHECK(std::filesystem::file_size(request.path) >= 60 * 1024);
  CHECK(data->tokens(Split::train) > 10000);
  CHECK(data->tokens(Split::valid) > 500);
  CHECK(data->unknown_share() < 0.1);
}

TEST_CASE("samples: intents.tsv has six classes of sixty different texts") {
  auto request = request_of("tsv", sample("intents.tsv"), 16, 40);
  const auto data = open_dataset(request);
  CHECK(data->labels("classes") ==
        std::vector<std::string>{"alarm", "bank", "music", "restaurant", "translate", "weather"});
  std::map<std::int32_t, std::set<std::vector<std::int32_t>>> texts;
  const auto stream = data->stream(Split::train, 0);
  for (Batch batch; stream->next(batch);) {
    for (std::int64_t row = 0; row < batch.extents[0]; ++row) {
      const auto* const first = batch.columns[1].data() + row * batch.extents[1];
      texts[batch.columns[0][static_cast<std::size_t>(row)]].emplace(
          first, first + batch.lengths[0][static_cast<std::size_t>(row)]);
    }
  }
  REQUIRE(texts.size() == 6);
  for (const auto& [label, different] : texts) CHECK(different.size() == 60);
}

TEST_CASE("samples: each reader has one") {
  const auto open = [](const std::string& reader, const char* name) {
    auto request = request_of(reader, sample(name), 8, 40);
    if (reader == "parallel") request.extents.push_back(40);
    request.holdout = 0.2;
    return open_dataset(request);
  };
  const auto has = [](const Dataset& data, std::string_view set, const std::string& label) {
    const auto& labels = data.labels(set);
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  };
  // Chinese is taken apart into words, not characters or lines.
  const auto request = request_of("lines", sample("chinese.txt"), 2, 8);
  CHECK(has(*open_dataset(request), "vocab", "早上"));
  CHECK(has(*open_dataset(request), "vocab", "邮局"));
  CHECK(open("csv", "reviews.csv")->labels("classes") == std::vector<std::string>{"好", "差"});
  CHECK(open("jsonl", "moods.jsonl")->labels("classes") == std::vector<std::string>{"angry", "glad", "sad"});
  CHECK(open("fasttext_labels", "topics.txt")->labels("classes") ==
        std::vector<std::string>{"food", "garden", "travel"});
  CHECK(open("conll", "characters.conll")->labels("tagset") == std::vector<std::string>{"B", "E", "M", "S"});
  CHECK(open("conllu", "tagged.conllu")->labels("tagset").size() == 15);
  const auto pairs = open("parallel", "english_chinese.tsv");
  CHECK(pairs->labels("source_vocab").size() > 50);
  CHECK(pairs->labels("target_vocab").size() > 50);
  CHECK(pairs->batches(Split::valid) > 0);
}
