#include "tests/catch2.h"
#include "tests/nlp/embedding_files.h"

using namespace weft;
using namespace weft::nlp;

namespace {

const std::string kText = "2 3\nking 1 -2.5 3e-1 \nqueen 4 5 +6\r\n";

}  // namespace

TEST_CASE("word2vec's text is read, with CRLF, spaces at ends and a missing last line end") {
  EmbeddingReport report;
  const EmbeddingModel m = read_bytes(kText, {}, &report);
  CHECK(report.format == "word2vec-text");
  CHECK(m.dictionary.words() == 2);
  CHECK(vector_of(m, "king") == std::vector<float>{1, -2.5F, 0.3F});
  CHECK(vector_of(m, "queen") == std::vector<float>{4, 5, 6});
  CHECK(vector_of(m, "prince").empty());
  CHECK(vector_of(read_bytes("1 2\na 1 2"), "a") == std::vector<float>{1, 2});
}

TEST_CASE("numbers too small for a float become zero, too large ones are faults") {
  CHECK(vector_of(read_bytes("1 2\na 1e-60 -1e-60\n"), "a") == std::vector<float>{0, 0});
  CHECK_THAT(fault_of("1 2\na 1 1e60\n"),
             ContainsSubstring("f:2: element 2 of the vector of `a` is no finite"));
}

TEST_CASE("GloVe's text has no head, and its words may hold spaces and numbers") {
  EmbeddingReport report;
  const EmbeddingModel m = read_bytes("2012 0.5 1.5\n. . 2 3\nat 7 4 5\n\xC2\xA0 6 7\n", {}, &report);
  CHECK(report.format == "glove");
  CHECK(m.dimension() == 2);
  CHECK(vector_of(m, "2012") == std::vector<float>{0.5F, 1.5F});
  CHECK(vector_of(m, ". .") == std::vector<float>{2, 3});
  CHECK(vector_of(m, "at 7") == std::vector<float>{4, 5});
  CHECK(vector_of(m, "\xC2\xA0") == std::vector<float>{6, 7});
}

TEST_CASE("faults of text files name line, fault and mending") {
  CHECK(fault_of("") == "f: the file is empty (expected word vectors)");
  CHECK_THAT(fault_of("3 2\na 1 2\nb 1 2\n"), ContainsSubstring("promises 3 words of 2 numbers"));
  CHECK_THAT(fault_of("3 1\na 1.25\nb 1.5\n"),
             ContainsSubstring("expected 3 words, as the first line says, got 2 (the file is cut short"));
  CHECK_THAT(fault_of("1 2\na 1 2\nb 1 2\n"),
             ContainsSubstring("f:3: a line more than the 1 that the first line"));
  CHECK_THAT(fault_of("2 2\na 1 2\na 3 4\n"),
             ContainsSubstring("f:3: the word `a` is listed a second time (--skip-faults"));
  CHECK_THAT(fault_of("2 2\na 1.5 2.5\nb 3\n"),
             ContainsSubstring("f:3: expected a word and 2 numbers, got 2 fields"));
  CHECK_THAT(fault_of("2 2\na 1 2\nb 3 4 5\n"),
             ContainsSubstring("f:3: expected a word and 2 numbers, got 4 fields"));
  CHECK_THAT(fault_of("2 2\na 1 2\nb 3 x\n"),
             ContainsSubstring("f:3: expected a word and 2 numbers, got `x` as number 2"));
  CHECK_THAT(fault_of("2 2\na 1 2\nb nan 4\n"),
             ContainsSubstring("f:3: element 1 of the vector of `b` is no finite number"));
  CHECK_THAT(fault_of("2 2\na 1 2\n\xff 3 4\n", {"word2vec-text"}),
             ContainsSubstring("f:3: the word `?` isn't UTF-8"));
  CHECK_THAT(fault_of("a 1 2\nb 1\nc 1 2\n"),
             ContainsSubstring("f:2: expected a word and 2 numbers, got 2 fields"));
  CHECK_THAT(fault_of("hello\n"), ContainsSubstring("no file of word vectors that Weft knows"));
  CHECK_THAT(fault_of("0 5\n"), ContainsSubstring("has no words"));
}

TEST_CASE("numbers in a head that the file can't hold allocate nothing") {
  CHECK_THAT(fault_of("9000000000000000000 2\na 1 2\n"), ContainsSubstring("too short"));
  CHECK_THAT(fault_of("1 9000000000000000000\na 1 2\n"),
             ContainsSubstring("vectors of 9000000000000000000 numbers"));
  CHECK_THAT(fault_of("9000000000000000000 100000\n\x01\x02\x03"), ContainsSubstring("f:1:"));
}

TEST_CASE("faulty words are left out on request, and counted") {
  EmbeddingReport report;
  const EmbeddingModel m =
      read_bytes("9 2\na 1 2\na 3 4\nb nan 4\n\xff 1 1\nc 5\nd 7 8\n", {"word2vec-text", true}, &report);
  CHECK(m.dictionary.words() == 2);
  CHECK(m.input.rows() == 2);
  CHECK(vector_of(m, "d") == std::vector<float>{7, 8});
  CHECK(report.skipped == 4);
  CHECK(report.notes.size() == 5);
}

TEST_CASE("text is written so that the same floats come back") {
  const Folder folder;
  const EmbeddingModel m = read_bytes("2 2\nking 0.1 3.4028235e38\nqueen 1e-45 -0.33333334\n");
  for (const char* name :
       {"x.vec", "x.txt", "x.glove", "x.vec.gz", "x.npy", "x.w2v", "x.safetensors", "x.bin"}) {
    CAPTURE(name);
    write_embedding(m, folder / name);
    EmbeddingReport report;
    const EmbeddingModel back = read_embedding(folder / name, EmbeddingReading{}, &report);
    CHECK(back.dictionary.words() == 2);
    CHECK(vector_of(back, "king") == vector_of(m, "king"));
    CHECK(vector_of(back, "queen") == vector_of(m, "queen"));
  }
  CHECK(contents(folder / "x.vec").substr(0, 8) == "2 2\nking");
  CHECK(contents(folder / "x.vec.gz").substr(0, 2) == "\x1f\x8b");
  CHECK(contents(folder / "x.words") == "king\nqueen\n");
}

TEST_CASE("words with spaces can't be written where they would be torn") {
  const Folder folder;
  const EmbeddingModel m = read_bytes("a b 1 2\nc 3 4\nd 3 4\n");
  CHECK_THROWS_WITH(write_embedding(m, folder / "x.vec"), ContainsSubstring("can't hold the word `a b`"));
  CHECK(!std::filesystem::exists(folder / "x.vec"));
  write_embedding(m, folder / "x.glove");
  CHECK(vector_of(read_embedding(folder / "x.glove"), "a b") == std::vector<float>{1, 2});
  write_embedding(m, folder / "x.safetensors");
  CHECK(vector_of(read_embedding(folder / "x.safetensors"), "a b") == std::vector<float>{1, 2});
}

TEST_CASE("a name that says no format, and a format that there isn't") {
  const Folder folder;
  const EmbeddingModel m = read_bytes(kText);
  CHECK_THROWS_WITH(write_embedding(m, folder / "x.foo"), ContainsSubstring("`.foo` names no format"));
  CHECK_THROWS_WITH(write_embedding(m, folder / "x", "foo"),
                    ContainsSubstring("no format of word vectors is called `foo`"));
  CHECK_THROWS_WITH(read_embedding(folder.path), ContainsSubstring("found a directory"));
  CHECK_THROWS_AS(read_embedding(folder / "none"), EmbeddingFileError);
}

TEST_CASE("gzip cut short, damaged or swelling is told") {
  const Folder folder;
  write_embedding(read_bytes(kText), folder / "x.vec.gz");
  const std::string whole = contents(folder / "x.vec.gz");
  put_file(folder / "cut.gz", whole.substr(0, whole.size() - 9));
  CHECK_THROWS_WITH(read_embedding(folder / "cut.gz"), ContainsSubstring("cut short"));
  std::string bad = whole;
  bad[bad.size() - 6] ^= 1;
  put_file(folder / "bad.gz", bad);
  CHECK_THROWS_WITH(read_embedding(folder / "bad.gz"), ContainsSubstring("damaged"));
}
