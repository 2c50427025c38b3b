#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lang/run/machine.h"
#include "tensor/safetensors.h"

namespace weft {

/// A model and all it needs to be used: what `save` writes.
struct ModelContents {
  std::string name;  // of its variable in the source
  const Provenance& provenance;
  const std::vector<std::pair<std::string, Tensor>>& tensors;  // by path
  const std::map<std::string, const OpenedData*>& corpora;     // by the data's name
  const std::vector<std::string>& history;
};

/// One safetensors file: weights under their paths; in the metadata the sources, resolved options, labels,
/// history and the tokenizer's hash; the tokenizer as a U8 tensor "tokenizer". Throws system_error; an older
/// file stays as it is.
void write_model(const std::filesystem::path& path, const ModelContents& contents, const Program& program);

/// A model file, read: enough to check its source again and to fill its parameters.
struct StoredModel {
  std::string name;
  Provenance provenance;
  std::map<std::string, std::shared_ptr<const StoredCorpus>> corpora;  // by the data's name
  /// By path, for each axis of the tensor its labels, or null where it has none.
  std::map<std::string, std::vector<std::shared_ptr<const Labels>>> labels;
  SafetensorsFile file;
};

/// The tensor of a model file that is no parameter.
inline constexpr auto kTokenizerTensor = "tokenizer";

/// Throws ModelFileError.
StoredModel read_model(const std::filesystem::path& path);

/// A tensor as a file holds it.
StoredTensor store(const Tensor& tensor);

/// Copies a stored tensor into one of the same shape. Throws ModelFileError naming path, tensor and both
/// shapes.
void fill(Tensor& tensor, const StoredTensor& stored, const std::string& name);

}  // namespace weft
