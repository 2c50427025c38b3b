#include "tensor/safetensors.h"
#include "tests/catch2.h"
#include "tests/nlp/embedding_files.h"

using namespace weft;
using namespace weft::nlp;

namespace {

Bytes word2vec(bool line_ends) {
  Bytes b;
  b.raw("2 2\n").raw("king ").add_all(1.0F, 2.0F);
  if (line_ends) b.raw("\n");
  b.raw("queen ").add_all(3.0F, 4.0F);
  if (line_ends) b.raw("\n");
  return b;
}

/// One word, dimension 3 in blocks of 2 and 1, norms apart, one n-gram kept of 4.
Bytes quantized_fasttext() {
  Bytes b;
  b.add_all(std::int32_t{793712314}, std::int32_t{12});
  b.add_all(std::int32_t{3}, std::int32_t{5}, std::int32_t{1}, std::int32_t{1}, std::int32_t{5},
            std::int32_t{1}, std::int32_t{3}, std::int32_t{3}, std::int32_t{4}, std::int32_t{2},
            std::int32_t{2}, std::int32_t{100});
  b.add(1e-4);
  b.add_all(std::int32_t{2}, std::int32_t{1}, std::int32_t{1}, std::int64_t{9}, std::int64_t{1});
  b.raw(std::string_view("a\0", 2)).add_all(std::int64_t{5}, std::int8_t{0});
  b.raw(std::string_view("__label__x\0", 11)).add_all(std::int64_t{4}, std::int8_t{1});
  // "<a" hashes to bucket fasttext_hash("<a") mod 4
  b.add_all(static_cast<std::int32_t>(fasttext_hash("<a") % 4), std::int32_t{0});
  b.add(std::uint8_t{1}).add(std::uint8_t{1}).add_all(std::int64_t{2}, std::int64_t{3}, std::int32_t{4});
  b.add_all(std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3});
  b.add_all(std::int32_t{3}, std::int32_t{2}, std::int32_t{2}, std::int32_t{1});
  for (int i = 0; i < 256; ++i) b.add_all(static_cast<float>(i + 1), static_cast<float>(10 * i));  // block 0
  for (int i = 0; i < 256; ++i) b.add(static_cast<float>(100 * i));                                // block 1
  b.add_all(std::uint8_t{7}, std::uint8_t{8});
  b.add_all(std::int32_t{1}, std::int32_t{1}, std::int32_t{1}, std::int32_t{1});
  for (int i = 0; i < 256; ++i) b.add(static_cast<float>(i) / 2);
  b.add(std::uint8_t{0}).add_all(std::int64_t{1}, std::int64_t{3}).add_all(1.0F, 1.0F, 1.0F);
  return b;
}

}  // namespace

TEST_CASE("word2vec's binary files are read with and without line ends") {
  for (const bool line_ends : {false, true}) {
    EmbeddingReport report;
    const EmbeddingModel m = read_bytes(word2vec(line_ends).text, {}, &report);
    CHECK(report.format == "word2vec-binary");
    CHECK(vector_of(m, "king") == std::vector<float>{1, 2});
    CHECK(vector_of(m, "queen") == std::vector<float>{3, 4});
  }
}

TEST_CASE("word2vec's binary files at fault") {
  const std::string whole = word2vec(true).text;
  CHECK_THAT(fault_of(whole.substr(0, whole.size() - 3)), ContainsSubstring("the file ends within word 2"));
  CHECK_THAT(fault_of(whole.substr(0, 18)), ContainsSubstring("too short (the file is cut short"));
  CHECK_THAT(fault_of(whole + "x"), ContainsSubstring("and the file goes on after them"));
  CHECK_THAT(fault_of("3000000000 2\n" + whole.substr(4)), ContainsSubstring("promises 3000000000 words"));
  CHECK(read_bytes(whole.substr(0, whole.size() - 3), {"", true}).dictionary.words() == 1);
}

TEST_CASE("fastText's .bin is read: a word's vector is the mean of its row and its n-grams'") {
  const EmbeddingModel m = read_bytes(small_fasttext().text);
  CHECK(m.settings.task == EmbeddingTask::skipgram);
  CHECK(m.settings.loss == EmbeddingLoss::negative_sampling);
  CHECK(m.settings.min_count == 3);
  CHECK(m.settings.buckets == 2);
  CHECK(m.settings.sample == 1e-4);
  CHECK(m.dictionary.tokens == 9);
  CHECK(m.dictionary.count(0) == 5);
  CHECK(m.output.row(1)[1] == -4);
  // <a, ab, b> and the word's own row
  float sum = 1;
  for (const char* g : {"<a", "ab", "b>"}) sum += m.input.row(2 + fasttext_hash(g) % 2)[0];
  CHECK(vector_of(m, "ab")[0] == Approx(sum / 4));
  sum = m.input.row(2 + fasttext_hash("<x") % 2)[0] + m.input.row(2 + fasttext_hash("x>") % 2)[0];
  CHECK(vector_of(m, "x")[0] == Approx(sum / 2));
}

TEST_CASE("fastText's files are written as they were read, byte for byte") {
  const Folder folder;
  for (const std::string& bytes : {small_fasttext().text, quantized_fasttext().text}) {
    write_embedding(read_bytes(bytes), folder / "x.bin");
    CHECK(contents(folder / "x.bin") == bytes);
  }
}

TEST_CASE("fastText's .ftz: centroids, a shorter last block, norms and pruned n-grams") {
  const EmbeddingModel m = read_bytes(quantized_fasttext().text);
  REQUIRE(m.quantized_input);
  CHECK(m.dictionary.labels() == 1);
  CHECK(m.kept_buckets.size() == 4);
  // the word: codes 0, 1, norm 3.5: (1, 0, 100) * 3.5; the n-gram: codes 2, 3, norm 4: (3, 20, 300) * 4
  std::vector<std::int64_t> rows;
  m.append_rows("a", rows);
  const bool both = fasttext_hash("a>") % 4 == fasttext_hash("<a") % 4;
  CHECK(rows == (both ? std::vector<std::int64_t>{0, 1, 1} : std::vector<std::int64_t>{0, 1}));
  std::vector<float> v(3, 0.0F);
  m.quantized_input->add_row(0, 1, v);
  CHECK(v == std::vector<float>{3.5F, 0, 350});
  m.quantized_input->add_row(1, 1, v);
  CHECK(v == std::vector<float>{15.5F, 80, 1550});
}

TEST_CASE("fastText's files cut short anywhere say where") {
  for (const std::string& whole : {small_fasttext().text, quantized_fasttext().text}) {
    for (std::size_t n = 4; n < whole.size(); n += n < 200 ? 1 : 97) {
      const std::string fault = fault_of(whole.substr(0, n));
      CAPTURE(n, fault);
      CHECK((fault.find("cut short") != fault.npos && fault.find("byte") != fault.npos));
    }
    CHECK_THAT(fault_of(whole + "x"), ContainsSubstring("the model ends here"));
  }
}

TEST_CASE("fastText's files with numbers that can't be") {
  const auto changed = [](std::size_t at, std::int32_t value) {
    std::string bytes = small_fasttext().text;
    std::memcpy(bytes.data() + at, &value, sizeof value);
    return fault_of(bytes);
  };
  CHECK_THAT(changed(4, 13), ContainsSubstring("expected a file of version 12 or 11, got 13"));
  CHECK_THAT(changed(8, 0), ContainsSubstring("expected the dimension between 1 and"));
  CHECK_THAT(changed(8, 2000000000), ContainsSubstring("columns of the input matrix"));
  CHECK_THAT(changed(32, 9), ContainsSubstring("expected the loss between 1 and 4, got 9"));
  CHECK_THAT(changed(40, 2000000000), ContainsSubstring("rows"));
  CHECK_THAT(changed(64, 1000000000), ContainsSubstring("the number of labels"));
  std::string many = small_fasttext().text;
  const std::int32_t entries = 1000000000;
  for (const std::size_t at : {std::size_t{64}, std::size_t{68}})
    std::memcpy(many.data() + at, &entries, sizeof entries);
  CHECK_THAT(fault_of(many), ContainsSubstring("within the dictionary (it is cut short"));
  CHECK_THAT(changed(64 + 3 * 4 + 8, 7), ContainsSubstring("the number of n-grams kept"));
  std::string twice = small_fasttext().text;
  twice.replace(twice.find("ab"), 2, "c\0", 2);
  CHECK(fault_of(twice) != "");
  std::string diverged = small_fasttext().text;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(diverged.data() + diverged.size() - 4, &nan, 4);
  CHECK_THAT(fault_of(diverged),
             ContainsSubstring("row 2 of the output matrix is no finite number (its training diverged"));
}

TEST_CASE("words that aren't UTF-8 in a .bin are an error, or mended") {
  std::string bytes = small_fasttext().text;
  bytes[bytes.find("ab")] = '\xff';
  CHECK_THAT(fault_of(bytes), ContainsSubstring("entry 1 of the dictionary, `?b`, isn't UTF-8"));
  CHECK(read_bytes(bytes, {"", true}).dictionary.text(0) ==
        "\xEF\xBF\xBD"
        "b");
}

TEST_CASE("the words' vectors alone have their n-grams in them") {
  const EmbeddingModel m = read_bytes(small_fasttext().text), words = words_only(m);
  CHECK(words.dictionary.words() == 2);
  CHECK(words.dictionary.count(1) == 4);
  CHECK(vector_of(words, "ab") == vector_of(m, "ab"));
  CHECK(vector_of(words, "x").empty());
}

TEST_CASE("npy arrays of both widths are read, with their words") {
  const Folder folder;
  const auto npy = [&](const std::string& type, const std::string& shape, const Bytes& data) {
    Bytes b;
    std::string head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
    b.raw(std::string_view("\x93NUMPY\x01\x00", 8))
        .add(static_cast<std::uint16_t>(head.size()))
        .raw(head)
        .raw(data.text);
    put_file(folder / "x.npy", b.text);
  };
  put_file(folder / "x.words", "a b\nc\n");
  npy("<f8", "(2, 2)", Bytes().add_all(1.0, 2.0, 3.0, 4.0));
  CHECK(vector_of(read_embedding(folder / "x.npy"), "a b") == std::vector<float>{1, 2});
  npy("<f4", "(2, 2)", Bytes().add_all(1.0F, 2.0F, 3.0F, 4.0F));
  CHECK(vector_of(read_embedding(folder / "x.npy"), "c") == std::vector<float>{3, 4});
  npy("<f4", "(9000000000000, 9000000000000)", Bytes().add_all(1.0F, 2.0F));
  CHECK_THROWS_WITH(read_embedding(folder / "x.npy"),
                    ContainsSubstring("expected an array of 9000000000000 x"));
  npy("<i4", "(2, 2)", Bytes().add_all(1, 2, 3, 4));
  CHECK_THROWS_WITH(read_embedding(folder / "x.npy"), ContainsSubstring("astype('float32')"));
  npy("<f4", "(2,)", Bytes().add_all(1.0F, 2.0F));
  CHECK_THROWS_WITH(read_embedding(folder / "x.npy"), ContainsSubstring("two axes"));
  put_file(folder / "x.words", "a\n");
  npy("<f4", "(2, 1)", Bytes().add_all(1.0F, 2.0F));
  CHECK_THROWS_WITH(read_embedding(folder / "x.npy"),
                    ContainsSubstring("a line for each of the 2 vectors, got 1"));
  std::filesystem::remove(folder / "x.words");
  CHECK_THROWS_WITH(read_embedding(folder / "x.npy"), ContainsSubstring("no such file"));
}

TEST_CASE("safetensors of others: one table and its words") {
  const Folder folder;
  SafetensorsFile file;
  const auto tensor = [](const char* type, std::vector<std::int64_t> shape, std::string_view bytes) {
    StoredTensor t{type, std::move(shape), std::vector<std::byte>(bytes.size())};
    std::memcpy(t.bytes.data(), bytes.data(), bytes.size());
    return t;
  };
  // 1.5 and -2 as half floats and as bfloat16
  file.tensors["w"] =
      tensor("F16", {2, 1}, Bytes().add_all(std::uint16_t{0x3E00}, std::uint16_t{0xC000}).text);
  file.tensors["words"] = tensor("U8", {4}, "a\nb\n");
  write_safetensors(folder / "x.safetensors", file);
  CHECK(vector_of(read_embedding(folder / "x.safetensors"), "b") == std::vector<float>{-2});
  file.tensors["w"] =
      tensor("BF16", {2, 1}, Bytes().add_all(std::uint16_t{0x3FC0}, std::uint16_t{0xC000}).text);
  write_safetensors(folder / "x.safetensors", file);
  CHECK(vector_of(read_embedding(folder / "x.safetensors"), "a") == std::vector<float>{1.5F});
  file.tensors.erase("words");
  write_safetensors(folder / "x.safetensors", file);
  CHECK_THROWS_WITH(read_embedding(folder / "x.safetensors"), ContainsSubstring("no table of word vectors"));
}
