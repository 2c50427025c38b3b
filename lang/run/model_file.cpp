#include "lang/run/model_file.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>

#include "lang/run/transfer.h"

namespace weft {

namespace {

using nlohmann::json;

/// How deep models may lie in one another's files.
constexpr int kDeepestModel = 50;

json as_json(const std::map<std::string, std::shared_ptr<const EmbeddedModel>>& models) {
  json out = json::object();
  for (const auto& [path, m] : models) {
    out[path] = {{"model", m->name},
                 {"main", m->provenance.main},
                 {"source", m->provenance.files},
                 {"options", m->provenance.options},
                 {"models", as_json(m->provenance.models)}};
  }
  return out;
}

std::map<std::string, std::shared_ptr<const EmbeddedModel>> models_of(const json& stored, int depth = 0) {
  if (depth > kDeepestModel) throw std::runtime_error("models are nested too deeply");
  std::map<std::string, std::shared_ptr<const EmbeddedModel>> out;
  for (const auto& [path, m] : stored.items()) {
    auto model = std::make_shared<EmbeddedModel>();
    m.at("model").get_to(model->name);
    m.at("main").get_to(model->provenance.main);
    m.at("source").get_to(model->provenance.files);
    m.at("options").get_to(model->provenance.options);
    model->provenance.models = models_of(m.at("models"), depth + 1);
    if (!model->provenance.files.count(model->provenance.main))
      throw std::runtime_error("a source is missing");
    out[path] = std::move(model);
  }
  return out;
}

/// The labels of an axis: none, those of a corpus by its name and label set, or listed.
json labels_of(AxisId axis, const Program& program) {
  if (const auto from = program.label_sources.find(axis); from != program.label_sources.end()) {
    const DataSource& data = program.data[static_cast<std::size_t>(from->second.data)];
    return {{"data", data.name},
            {"set", data.schema->label_sets[static_cast<std::size_t>(from->second.set)]}};
  }
  const auto& labels = program.axes[axis].labels;
  return labels ? json(labels->names()) : json();
}

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
  json labels = json::object(), tokenizers = json::object(), axes = json::object(),
       axis_labels = json::object();
  for (const auto& [name, opened] : c.corpora) {
    const auto source = std::find_if(program.data.begin(), program.data.end(),
                                     [&name = name](const DataSource& d) { return d.name == name; });
    for (std::size_t s = 0; s < opened->labels.size(); ++s) {
      labels[name][source->schema->label_sets[s]] = opened->labels[s]->names();
    }
    tokenizers[name] = json::parse(opened->tokens.to_json());
  }
  for (const auto& [tensor_path, tensor] : c.tensors) {
    json names = json::array(), labelled = json::array();
    for (const Tensor::Size& s : tensor.axes()) {
      names.push_back(program.axes.name(s.axis));
      labelled.push_back(labels_of(s.axis, program));
    }
    axes[tensor_path] = names;
    axis_labels[tensor_path] = labelled;
    file.tensors.emplace(tensor_path, store(tensor));
  }
  const std::string tokenizer = json{{"tokenizers", tokenizers}, {"labels", labels}}.dump();
  StoredTensor stored{
      "U8", {static_cast<std::int64_t>(tokenizer.size())}, std::vector<std::byte>(tokenizer.size())};
  std::memcpy(stored.bytes.data(), tokenizer.data(), tokenizer.size());
  file.tensors.emplace(kTokenizerTensor, std::move(stored));

  json history = json::array();
  for (const std::string& h : c.history) history.push_back(json::parse(h));
  file.metadata["format"] = "weft 1";
  file.metadata["model"] = c.name;
  file.metadata["main"] = c.provenance.main;
  file.metadata["source"] = json(c.provenance.files).dump();
  file.metadata["options"] = json(c.provenance.options).dump();
  file.metadata["models"] = as_json(c.provenance.models).dump();
  file.metadata["axes"] = axes.dump();
  file.metadata["axis_labels"] = axis_labels.dump();
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
  const auto tokenizer = model.file.tensors.find(kTokenizerTensor);
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
    if (const auto models = m.find("models"); models != m.end())
      model.provenance.models = models_of(json::parse(models->second));
    std::map<std::string, StoredCorpus> corpora;
    for (const auto& [name, settings] : t.at("tokenizers").items()) {
      corpora[name].tokens = nlp::TokenizerSettings::from_json(settings.dump());
    }
    for (const auto& [name, sets] : t.at("labels").items()) {
      for (const auto& [set, labels] : sets.items()) {
        corpora[name].labels[set] = std::make_shared<Labels>(labels.get<std::vector<std::string>>());
      }
    }
    for (auto& [name, corpus] : corpora)
      model.corpora[name] = std::make_shared<const StoredCorpus>(std::move(corpus));
    if (const auto known = m.find("axis_labels"); known != m.end()) {
      const json stored_axes = json::parse(known->second);
      for (const auto& [tensor_path, axes] : stored_axes.items()) {
        for (const json& axis : axes) {
          std::shared_ptr<const Labels> labels;
          if (axis.is_array()) labels = std::make_shared<Labels>(axis.get<std::vector<std::string>>());
          if (axis.is_object()) labels = model.corpora.at(axis.at("data"))->labels.at(axis.at("set"));
          model.labels[tensor_path].push_back(std::move(labels));
        }
      }
    }
  } catch (const std::exception& e) {
    throw fail(std::string("its metadata can't be read: ") + e.what());
  }
  if (!model.provenance.files.count(model.provenance.main)) throw fail("its source is missing");
  return model;
}

StoredTensor store(const Tensor& tensor) {
  StoredTensor stored{safetensors_name(tensor.dtype()), {}, {}};
  for (const Tensor::Size& s : tensor.axes()) stored.shape.push_back(s.extent);
  stored.bytes.assign(tensor.data(), tensor.data() + tensor.bytes());
  return stored;
}

void fill(Tensor& tensor, const StoredTensor& stored, const std::string& name) {
  std::vector<std::int64_t> shape;
  for (const Tensor::Size& s : tensor.axes()) shape.push_back(s.extent);
  const auto is_real = [](std::string_view t) { return t == "F32" || t == "F64"; };
  if (stored.shape == shape && is_real(stored.dtype) && is_real(safetensors_name(tensor.dtype()))) {
    std::vector<AxisTransfer> axes;
    for (const std::int64_t n : shape) {
      axes.emplace_back().from.resize(static_cast<std::size_t>(n));
      std::iota(axes.back().from.begin(), axes.back().from.end(), 0);
    }
    return transfer(tensor, stored, axes);
  }
  if (stored.shape != shape || stored.dtype != safetensors_name(tensor.dtype())) {
    throw ModelFileError("tensor \"" + name + "\": expected " + safetensors_name(tensor.dtype()) + " " +
                         shape_of(shape) + ", got " + stored.dtype + " " + shape_of(stored.shape));
  }
  std::copy(stored.bytes.begin(), stored.bytes.end(), tensor.data());
}

}  // namespace weft
