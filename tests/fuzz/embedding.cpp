#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/embedding/formats/format.h"
#include "nlp/text/tokenizer.h"

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// What must hold of any model that a file gives.
void check(const weft::nlp::EmbeddingModel& m) {
  using namespace weft::nlp;
  const Dictionary& d = m.dictionary;
  require(d.size() > 0 && m.dimension() > 0, "a model without entries or dimensions");
  if (m.quantized_input)
    require(m.quantized_input->rows >= d.words() && m.quantized_input->columns == m.dimension(),
            "a quantized matrix that doesn't fit");
  else
    require(m.input.rows() >= d.words() && m.input.columns() == m.dimension(), "a matrix that doesn't fit");
  std::vector<float> v(static_cast<std::size_t>(m.dimension()));
  for (std::int32_t i = 0; i < d.size(); ++i) {
    require(check_utf8(d.text(i)) == std::string_view::npos, "an entry that isn't UTF-8");
    require(d.find(d.text(i)) == i, "an entry that isn't found");
    m.vector(d.text(i), v);
  }
  m.vector("a word out of the vocabulary", v);
}

}  // namespace

/// Any bytes: the first says how to read (a format or by the contents, faults passed over or not), the others
/// are the file. Gives a model that holds together, or an error that names the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::nlp;
  if (size == 0) return 0;
  constexpr std::string_view kFormats[] = {"",      "fasttext", "word2vec-text", "word2vec-binary",
                                           "glove", "npy"};
  const EmbeddingReading options{std::string(kFormats[data[0] % 6]), (data[0] & 0x80) != 0};
  const BytesIn in({reinterpret_cast<const char*>(data) + 1, size - 1}, "f");
  EmbeddingReport report;
  try {
    check(read_embedding(in, options, report));
  } catch (const weft::ModelFileError& e) {
    require(std::string_view(e.what()).substr(0, 1) == "f", "an error that doesn't name the file");
  }
  return 0;
}
