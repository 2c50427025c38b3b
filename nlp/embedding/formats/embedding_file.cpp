#include "nlp/embedding/formats/embedding_file.h"

#include <algorithm>

#include "nlp/embedding/formats/format.h"
#include "nlp/embedding/formats/plain_vectors.h"

namespace weft::nlp {

namespace {

const std::vector<EmbeddingFormat>& table() {
  static const std::vector<EmbeddingFormat> formats = {
      fasttext_format(),      safetensors_format(),     npy_format(),
      word2vec_text_format(), word2vec_binary_format(), glove_format()};
  return formats;
}

std::string names() {
  std::string out;
  for (const EmbeddingFormat& f : table()) out += (out.empty() ? "" : ", ") + std::string(f.name);
  return out;
}

const EmbeddingFormat* format_named(std::string_view name) {
  for (const EmbeddingFormat& f : table())
    if (f.name == name) return &f;
  throw EmbeddingFileError("no format of word vectors is called `" + std::string(name) + "` (there are " +
                           names() + ")");
}

const EmbeddingFormat* format_for(const std::filesystem::path& path) {
  std::filesystem::path name = path;
  if (name.extension() == ".gz") name = name.stem();
  const std::string ending = name.extension().string();
  std::string endings;
  for (const EmbeddingFormat& f : table()) {
    if (std::find(f.endings.begin(), f.endings.end(), ending) != f.endings.end()) return &f;
    for (const std::string_view e : f.endings) endings += (endings.empty() ? "" : " ") + std::string(e);
  }
  throw EmbeddingFileError(path.string() + ": the ending `" + ending +
                           "` names no format of word vectors (the endings are " + endings +
                           "; or name a format: " + names() + ")");
}

}  // namespace

const EmbeddingFormat* format_of(std::string_view bytes) {
  for (const EmbeddingFormat& f : table())
    if (f.fits(bytes)) return &f;
  return nullptr;
}

EmbeddingModel read_embedding(const BytesIn& in, const EmbeddingReading& options, EmbeddingReport& report) {
  if (in.bytes().empty()) in.fail("the file is empty", "expected word vectors");
  const EmbeddingFormat* format =
      options.format.empty() ? format_of(in.bytes()) : format_named(options.format);
  if (!format)
    in.fail("this is no file of word vectors that Weft knows",
            "it knows " + names() + "; --from NAME reads it as one of them");
  report.format = format->name;
  EmbeddingModel model = format->read(in, options, report);
  if (model.dictionary.size() == 0) in.fail("the file has no words");
  return model;
}

EmbeddingModel read_embedding(const std::filesystem::path& path, const EmbeddingReading& options,
                              EmbeddingReport* report) {
  if (!options.format.empty()) format_named(options.format);
  EmbeddingReport own;
  return read_embedding(BytesIn(path), options, report ? *report : own);
}

std::string_view embedding_format_for(const std::filesystem::path& path, std::string_view format) {
  return (format.empty() ? format_for(path) : format_named(format))->name;
}

void write_embedding(const EmbeddingModel& model, const std::filesystem::path& path,
                     std::string_view format) {
  format_named(embedding_format_for(path, format))->write(model, path);
}

EmbeddingModel words_only(const EmbeddingModel& model) {
  EmbeddingModel out;
  out.settings = plain_settings(model.dimension());
  out.input = Matrix(model.dictionary.words(), model.dimension());
  out.dictionary.reserve(model.dictionary.words(), model.dictionary.words() * 8);
  out.dictionary.tokens = model.dictionary.tokens;
  for_each_word(model, [&](std::string_view word, std::span<const float> vector) {
    const std::int64_t i = out.dictionary.add(word, model.dictionary.count(out.dictionary.words()));
    std::copy(vector.begin(), vector.end(), out.input[i].begin());
  });
  return out;
}

std::vector<EmbeddingFormatName> embedding_formats() {
  std::vector<EmbeddingFormatName> out;
  for (const EmbeddingFormat& f : table()) out.push_back({f.name, f.endings, f.what});
  return out;
}

}  // namespace weft::nlp
