#include "nlp/embedding/train/checkpoint.h"

#include <cstring>

#include "tensor/safetensors.h"

namespace weft::nlp {

namespace {

StoredTensor stored(const Matrix& m) {
  StoredTensor t{"F32", {m.rows(), m.columns()}, {}};
  const auto bytes = static_cast<std::size_t>(m.columns()) * sizeof(float);
  t.bytes.resize(static_cast<std::size_t>(m.rows()) * bytes);
  for (std::int64_t i = 0; i < m.rows(); ++i)
    std::memcpy(t.bytes.data() + static_cast<std::size_t>(i) * bytes, m.row(i), bytes);
  return t;
}

void take(const SafetensorsFile& file, const char* name, const std::filesystem::path& path, Matrix& m) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end() || found->second.dtype != "F32" ||
      found->second.shape != std::vector<std::int64_t>{m.rows(), m.columns()}) {
    throw ModelFileError(path.string() + ": the checkpoint has no `" + name + "` of " +
                         std::to_string(m.rows()) + " x " + std::to_string(m.columns()));
  }
  const auto bytes = static_cast<std::size_t>(m.columns()) * sizeof(float);
  for (std::int64_t i = 0; i < m.rows(); ++i)
    std::memcpy(m.row(i), found->second.bytes.data() + static_cast<std::size_t>(i) * bytes, bytes);
}

std::int64_t whole(const SafetensorsFile& file, const char* name, const std::filesystem::path& path) {
  const auto found = file.metadata.find(name);
  try {
    if (found != file.metadata.end()) return std::stoll(found->second);
  } catch (const std::exception&) {
  }
  throw ModelFileError(path.string() + ": the checkpoint doesn't say `" + name + "`");
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const std::string& run, const EmbeddingModel& model,
                      const TrainingPlace& place) {
  SafetensorsFile file;
  file.metadata = {{"weft.embedding_run", run},
                   {"epoch", std::to_string(place.epoch)},
                   {"chunk", std::to_string(place.chunk)},
                   {"finished", place.finished ? "1" : "0"}};
  file.tensors.emplace("input", stored(model.input));
  file.tensors.emplace("output", stored(model.output));
  write_safetensors(path, file);
}

bool read_checkpoint(const std::filesystem::path& path, const std::string& run, EmbeddingModel& model,
                     TrainingPlace& place) {
  if (!std::filesystem::exists(path)) return false;
  const SafetensorsFile file = read_safetensors(path);
  const auto of = file.metadata.find("weft.embedding_run");
  if (of == file.metadata.end())
    throw ModelFileError(path.string() + " is no checkpoint of word vectors; give --checkpoint another name");
  if (of->second != run) {
    throw ModelFileError(
        path.string() +
        " is the checkpoint of other options or of another corpus; delete it to start afresh");
  }
  place.epoch = whole(file, "epoch", path);
  place.chunk = whole(file, "chunk", path);
  place.finished = whole(file, "finished", path) != 0;
  take(file, "input", path, model.input);
  take(file, "output", path, model.output);
  return true;
}

}  // namespace weft::nlp
