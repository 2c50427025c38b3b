#include "lang/run/model_file.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

namespace weft {

namespace {

using nlohmann::json;

constexpr const char* kTokenizer = "tokenizer";

/// FNV-1a, 64 bits: tells whether tokenizer and labels are those that were saved.
std::string hash_of(std::string_view bytes) {
  std::uint64_t h = 14695981039346656037ull;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(h));
  return text;
}

std::string shape_of(const std::vector<std::int64_t>& shape) {
  std::string s = "[";
  for (const std::int64_t n : shape) s += (s.size() > 1 ? ", " : "") + std::to_string(n);
  return s + "]";
}

const char* safetensors_name(DType t) {
  switch (t) {
    case DType::f32:
      return "F32";
    case DType::f64:
      return "F64";
    case DType::i32:
      return "I32";
    case DType::boolean:
      return "BOOL";
  }
  return "";
}

}  // namespace

void write_model(const std::filesystem::path& path, const ModelContents& c, const Program& program) {
  SafetensorsFile file;
  json labels = json::object(), tokenizers = json::object(), axes = json::object();
  for (const auto& [name, opened] : c.corpora) {
    const auto source = std::find_if(program.data.begin(), program.data.end(),
                                     [&](const DataSource& d) { return d.name == name; });
    for (std::size_t s = 0; s < opened->labels.size(); ++s) {
      labels[name][source->schema->label_sets[s]] = opened->labels[s]->names();
    }
    tokenizers[name] = json::parse(opened->tokens.to_json());
  }
  for (const auto& [tensor_path, tensor] : c.tensors) {
    StoredTensor stored{safetensors_name(tensor.dtype()), {}, {}};
    json names = json::array();
    for (const Tensor::Size& s : tensor.axes()) {
      stored.shape.push_back(s.extent);
      names.push_back(program.axes.name(s.axis));
    }
    axes[tensor_path] = names;
    stored.bytes.assign(tensor.data(), tensor.data() + tensor.bytes());
    file.tensors.emplace(tensor_path, std::move(stored));
  }
  const std::string tokenizer = json{{"tokenizers", tokenizers}, {"labels", labels}}.dump();
  StoredTensor stored{
      "U8", {static_cast<std::int64_t>(tokenizer.size())}, std::vector<std::byte>(tokenizer.size())};
  std::memcpy(stored.bytes.data(), tokenizer.data(), tokenizer.size());
  file.tensors.emplace(kTokenizer, std::move(stored));

  json history = json::array();
  for (const std::string& h : c.history) history.push_back(json::parse(h));
  file.metadata["format"] = "weft 1";
  file.metadata["model"] = c.name;
  file.metadata["main"] = c.provenance.main;
  file.metadata["source"] = json(c.provenance.files).dump();
  file.metadata["options"] = json(c.provenance.options).dump();
  file.metadata["axes"] = axes.dump();
  file.metadata["history"] = history.dump();
  file.metadata["tokenizer_hash"] = hash_of(tokenizer);
  write_safetensors(path, file);
}

StoredModel read_model(const std::filesystem::path& path) {
  StoredModel model;
  model.file = read_safetensors(path);
  const auto fail = [&](const std::string& what) -> ModelFileError {
    return ModelFileError(path.string() + ": " + what);
  };
  const auto& m = model.file.metadata;
  if (const auto format = m.find("format"); format == m.end() || format->second != "weft 1") {
    throw fail("expected a model that weft saved (format \"weft 1\"), got " +
               (format == m.end() ? "a file without a format" : "format \"" + format->second + "\""));
  }
  const auto tokenizer = model.file.tensors.find(kTokenizer);
  for (const char* key : {"model", "main", "source", "options", "tokenizer_hash"}) {
    if (!m.count(key)) throw fail(std::string("expected metadata \"") + key + "\", got none");
  }
  if (tokenizer == model.file.tensors.end()) throw fail("expected a tensor \"tokenizer\", got none");
  const std::string text(reinterpret_cast<const char*>(tokenizer->second.bytes.data()),
                         tokenizer->second.bytes.size());
  if (hash_of(text) != m.at("tokenizer_hash"))
    throw fail("the tokenizer isn't the one the model was saved with");
  try {
    model.name = m.at("model");
    model.provenance.main = m.at("main");
    model.provenance.files = json::parse(m.at("source")).get<std::map<std::string, std::string>>();
    model.provenance.options = json::parse(m.at("options")).get<std::map<std::string, std::string>>();
    const json t = json::parse(text);
    for (const auto& [name, settings] : t.at("tokenizers").items()) {
      model.corpora[name].tokens = nlp::TokenizerSettings::from_json(settings.dump());
    }
    for (const auto& [name, sets] : t.at("labels").items()) {
      model.corpora[name].labels = sets.get<std::map<std::string, std::vector<std::string>>>();
    }
  } catch (const std::exception& e) {
    throw fail(std::string("its metadata can't be read: ") + e.what());
  }
  if (!model.provenance.files.count(model.provenance.main)) throw fail("its source is missing");
  return model;
}

void fill(Tensor& tensor, const StoredTensor& stored, const std::string& name) {
  std::vector<std::int64_t> shape;
  for (const Tensor::Size& s : tensor.axes()) shape.push_back(s.extent);
  if (stored.shape != shape || stored.dtype != safetensors_name(tensor.dtype())) {
    throw ModelFileError("tensor \"" + name + "\": expected " + safetensors_name(tensor.dtype()) + " " +
                         shape_of(shape) + ", got " + stored.dtype + " " + shape_of(stored.shape));
  }
  std::copy(stored.bytes.begin(), stored.bytes.end(), tensor.data());
}

}  // namespace weft
