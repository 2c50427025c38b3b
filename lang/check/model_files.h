#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "lang/check/call_site.h"

namespace weft {
struct EmbeddedModel;
struct StoredModel;
struct StoredCorpus;
}  // namespace weft

namespace weft::check {

/// What `load` gives.
struct LoadedModel {
  Value model;
  std::shared_ptr<const EmbeddedModel> source;
};

/// `load`: models from files. A file holds the sources of its model; they are read again, their declarations
/// alone, in a scope of their own, with the labels and tokenizers of the file.
class ModelFiles {
 public:
  explicit ModelFiles(Elaborator& e) : e_(e) {}

  /// The model of a file: its source is read again, its declarations alone, and its parameters and labels are
  /// filled in when the program runs. Throws ModelFileError.
  LoadedModel load_model(const std::string& path);
  /// `load(path, into, only)`.
  Value load(CallSite&);
  /// Models that were loaded, by path.
  const std::map<std::string, std::shared_ptr<const EmbeddedModel>>& loaded() const { return loaded_; }

  // --- sources of model files, and of the script ---

  /// A source of the file being read, or of the script where none is.
  std::uint32_t add_source(const std::string& name, std::string text);
  /// Whether a source came with a model file.
  bool embedded(std::uint32_t file) const { return embedded_.count(file) != 0; }
  /// What a source is called where it was written.
  std::string source_name(std::uint32_t file) const;
  /// Stands before the names of data and sources of the file being read: "lm.safetensors:".
  const std::string& prefix() const { return reading_.prefix; }

  bool reading() const { return reading_.file != nullptr; }
  /// The labels and the tokenizer that the file being read has for a corpus, or null.
  std::shared_ptr<const StoredCorpus> stored_corpus(const std::string& name) const;
  /// Something was thrown out of the reading of a file.
  void stop_reading() { reading_ = {}; }

 private:
  Value load_into(const std::string& path, const ArgumentValue& into, const ArgumentValue* only, Span);
  /// Has the parameters of a model filled from its file, before the actions from number `actions` on.
  void fill(const Instance&, const std::shared_ptr<const StoredModel>&, const std::string& path,
            std::size_t actions);

  /// The file whose source is being read; null in the script.
  struct Reading {
    std::shared_ptr<const StoredModel> file;
    std::string prefix;
    std::size_t outer = 0;  // how much of the prefix isn't in the names that the file knows
  };

  Elaborator& e_;
  Reading reading_;
  std::map<std::string, std::shared_ptr<const EmbeddedModel>> loaded_;
  std::map<std::uint32_t, std::string> embedded_;  // sources of model files: their names there
};

}  // namespace weft::check
