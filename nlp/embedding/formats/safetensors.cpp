#include "tensor/safetensors.h"

#include <bit>
#include <cstring>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "nlp/embedding/formats/bytes_out.h"
#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"
#include "nlp/text/tokenizer.h"
#include "tensor/safetensors_header.h"

/// A model file that scripts load: `embed.table`, the vectors, whose rows are labelled with the words. Also
/// reads other safetensors files with one table and a tensor `words` of UTF-8 text, a word a line.
namespace weft::nlp {

namespace {

using nlohmann::json;

constexpr auto kTable = "embed.table", kTokenizer = "tokenizer", kCounts = "counts", kWords = "words";
constexpr auto kCorpus = "words", kLabelSet = "vocab";

/// What scripts see when they load the file. %: the dimension.
constexpr std::string_view kSource =
    R"(axis B, T
data words = lines[B: 1, T: 1]("", tokens = words(normalize = none, fold_case = false))
axis V = words.vocab, E = %

# Word vectors.
model Vectors {
  let embed = Embed[V, E]()

  fn (x: V[..]) -> [.., E] {
    return embed(x)
  }
}

let vectors = Vectors()
)";

/// FNV-1a, 64 bits, in hexadecimal: how a model file knows its tokenizer.
std::string hash_of(std::string_view bytes) {
  std::uint64_t h = 14695981039346656037ull;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(h));
  return text;
}

std::string_view as_text(const StoredTensor& t) {
  return {reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size()};
}

float half_to_float(std::uint16_t h) {
  const std::uint32_t sign = (h & 0x8000U) << 16, mantissa = h & 0x3FFU;
  const std::uint32_t exponent = h >> 10 & 0x1FU;
  if (exponent == 0) {
    const float v = static_cast<float>(mantissa) * 0x1p-24F;
    return sign ? -v : v;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

template <class T, class Convert>
void convert_row(const std::byte* from, std::span<float> to, Convert convert) {
  for (std::size_t d = 0; d < to.size(); ++d) {
    T value;
    std::memcpy(&value, from + d * sizeof value, sizeof value);
    to[d] = convert(value);
  }
}

bool is_table(const StoredTensor& t) {
  return t.shape.size() == 2 && t.shape[1] > 0 &&
         (t.dtype == "F32" || t.dtype == "F64" || t.dtype == "F16" || t.dtype == "BF16");
}

void convert_row(const StoredTensor& t, std::int64_t row, std::span<float> to) {
  const std::size_t width = t.dtype == "F64" ? 8 : t.dtype == "F32" ? 4 : 2;
  const std::byte* from = t.bytes.data() + static_cast<std::size_t>(row) * to.size() * width;
  if (t.dtype == "F32") std::memcpy(to.data(), from, to.size_bytes());
  if (t.dtype == "F64") convert_row<double>(from, to, [](double v) { return static_cast<float>(v); });
  if (t.dtype == "F16") convert_row<std::uint16_t>(from, to, half_to_float);
  if (t.dtype == "BF16") {
    convert_row<std::uint16_t>(
        from, to, [](std::uint16_t v) { return std::bit_cast<float>(static_cast<std::uint32_t>(v) << 16); });
  }
}

/// The labels of a tensor's first axis, as a model file has them; empty where it has none.
std::vector<std::string> labels_of(const SafetensorsFile& file, const std::string& tensor) {
  const auto known = file.metadata.find("axis_labels");
  if (known == file.metadata.end()) return {};
  const json all = json::parse(known->second);
  if (!all.contains(tensor) || all.at(tensor).empty()) return {};
  const json& axis = all.at(tensor).at(0);
  if (axis.is_array()) return axis.get<std::vector<std::string>>();
  if (!axis.is_object()) return {};
  const auto tokenizer = file.tensors.find(kTokenizer);
  if (tokenizer == file.tensors.end()) return {};
  const std::string_view text = as_text(tokenizer->second);
  const json sets = json::parse(text.begin(), text.end());
  return sets.at("labels")
      .at(axis.at("data").get<std::string>())
      .at(axis.at("set").get<std::string>())
      .get<std::vector<std::string>>();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out.emplace_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out;
}

struct Table {
  const StoredTensor* tensor = nullptr;
  std::vector<std::string> words;
};

Table find_table(const SafetensorsFile& file, const BytesIn& in) {
  Table labelled, plain;
  std::string name;
  int candidates = 0, tables = 0;
  for (const auto& [path, tensor] : file.tensors) {
    if (!is_table(tensor)) continue;
    ++tables;
    plain.tensor = &tensor;
    std::vector<std::string> words = labels_of(file, path);
    if (words.empty() || (name == kTable && path != kTable)) continue;
    ++candidates;
    if (path == kTable) candidates = 1;
    name = path;
    labelled = {&tensor, std::move(words)};
  }
  if (candidates == 1) return labelled;
  if (candidates > 1)
    in.fail("more than one table in it has labelled rows, and none is called `embed.table`",
            "save the table of word vectors alone");
  const auto words = file.tensors.find(kWords);
  if (tables == 1 && words != file.tensors.end() && words->second.dtype == "U8")
    return {plain.tensor, lines_of(as_text(words->second))};
  in.fail(
      "no table of word vectors is in it: none whose rows are labelled, and no tensor `words` of a word a "
      "line beside a single table");
}

bool fits(std::string_view bytes) {
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length + 1) return false;
  std::memcpy(&length, bytes.data(), sizeof length);
  return length < 100'000'001 && bytes[sizeof length] == '{';
}

EmbeddingModel read(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  if (std::filesystem::path(in.name()).extension() == ".gz")
    in.fail("a packed safetensors file", "unpack it first");
  const SafetensorsFile file = read_safetensors(in.name());
  Table table;
  try {
    table = find_table(file, in);
  } catch (const json::exception& e) {
    in.fail(std::string("its metadata can't be read: ") + e.what());
  }
  const StoredTensor& t = *table.tensor;
  const std::int64_t rows = t.shape[0];
  if (static_cast<std::int64_t>(table.words.size()) != rows ||
      t.shape[1] > std::numeric_limits<std::int32_t>::max())
    in.fail("expected a word for each of the " + std::to_string(rows) + " rows, got " +
            std::to_string(table.words.size()));
  const auto counted = file.tensors.find(kCounts);
  const bool counts = counted != file.tensors.end() && counted->second.dtype == "I64" &&
                      counted->second.shape == std::vector<std::int64_t>{rows};
  PlainVectors out(in, options, report, rows, static_cast<std::int32_t>(t.shape[1]));
  for (std::int64_t i = 0; i < rows; ++i) {
    convert_row(t, i, out.next_row());
    std::int64_t count = 0;
    if (counts) std::memcpy(&count, counted->second.bytes.data() + i * 8, sizeof count);
    out.add(
        table.words[static_cast<std::size_t>(i)],
        [&](const std::string& what, const std::string& hint) {
          in.fail("row " + std::to_string(i + 1) + ": " + what, hint);
        },
        count);
  }
  return out.take();
}

void write(const EmbeddingModel& model, const std::filesystem::path& path) {
  if (path.extension() == ".gz")
    throw EmbeddingFileError(path.string() + ": safetensors are not packed (leave `.gz` off the name)");
  const Dictionary& d = model.dictionary;
  const std::int64_t words = d.words(), dimension = model.dimension();
  json labels = json::array();
  for (std::int32_t i = 0; i < d.words(); ++i) labels.push_back(std::string(d.text(i)));
  TokenizerSettings tokens;
  tokens.normalize = Normalize::none;
  tokens.fold_case = false;
  const std::string tokenizer = json{{"tokenizers", {{kCorpus, json::parse(tokens.to_json())}}},
                                     {"labels", {{kCorpus, {{kLabelSet, std::move(labels)}}}}}}
                                    .dump();
  std::string source(kSource);
  source.replace(source.find('%'), 1, std::to_string(dimension));

  safetensors::Header header;
  auto& meta = header.metadata;
  meta["format"] = "weft 1";
  meta["model"] = "vectors";
  meta["main"] = "vectors.weft";
  meta["source"] = json{{"vectors.weft", source}}.dump();
  meta["options"] = meta["models"] = "{}";
  meta["axes"] = json{{kTable, {"V", "E"}}}.dump();
  meta["axis_labels"] = json{{kTable, {{{"data", kCorpus}, {"set", kLabelSet}}, nullptr}}}.dump();
  meta["history"] = "[]";
  meta["tokenizer_hash"] = hash_of(tokenizer);
  std::uint64_t end = 0;
  const auto add = [&](const char* name, const char* type, std::vector<std::int64_t> shape,
                       std::uint64_t bytes) {
    header.entries.push_back({name, type, std::move(shape), end, end + bytes});
    end += bytes;
  };
  const auto count = static_cast<std::uint64_t>(words);
  add(kCounts, "I64", {words}, count * 8);
  add(kTable, "F32", {words, dimension}, count * static_cast<std::uint64_t>(dimension) * sizeof(float));
  add(kTokenizer, "U8", {static_cast<std::int64_t>(tokenizer.size())}, tokenizer.size());

  std::string text = safetensors::header_text(header);
  text.append((8 - text.size() % 8) % 8, ' ');
  BytesOut out(path);
  out.number<std::uint64_t>(text.size());
  out.write(text);
  for (std::int32_t i = 0; i < d.words(); ++i) out.number<std::int64_t>(d.count(i));
  for_each_word(model,
                [&](std::string_view, std::span<const float> v) { out.write(v.data(), v.size_bytes()); });
  out.write(tokenizer);
  out.commit();
}

}  // namespace

EmbeddingFormat safetensors_format() {
  return {"safetensors", {".safetensors"}, "a model file that scripts load", fits, read, write};
}

}  // namespace weft::nlp
