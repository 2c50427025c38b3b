#include "repl/commands/tokenizer_options.h"

#include <algorithm>

#include "nlp/text/piece_model.h"
#include "nlp/text/tokenizer.h"
#include "repl/usage.h"
#include "tensor/safetensors.h"

namespace weft::repl {

void TokenizerOptions::check() const {
  if (!model.empty() && !kind.empty() && kind != "sentencepiece")
    throw CLI::ValidationError("--model is a SentencePiece model, and --kind says " + kind);
  if (model.empty() && kind == "sentencepiece")
    throw CLI::ValidationError("--kind sentencepiece needs --model; --train sentencepiece makes one");
}

nlp::TokenizerSettings TokenizerOptions::settings() const {
  auto out = nlp::TokenizerSettings::of(!model.empty() ? "sentencepiece" : kind.empty() ? "words" : kind);
  if (!normalize.empty()) {
    const auto& names = nlp::normalize_names();
    out.normalize =
        static_cast<nlp::Normalize>(std::find(names.begin(), names.end(), normalize) - names.begin());
  }
  if (!fold_case.empty()) out.fold_case = fold_case == "true";
  out.strip_accents = strip_accents;
  out.locale = locale;
  if (model.empty()) return out;
  out.file = model;
  try {
    out.pieces = nlp::PieceModel::read(model);
  } catch (const std::invalid_argument& e) {
    throw ModelFileError(e.what());
  }
  return out;
}

std::unique_ptr<corpora::FileBlocks> TokenizerOptions::blocks(ReadingProgress* progress) const {
  return blocks(files.empty() ? std::vector<std::string>{"-"} : files, progress);
}

std::unique_ptr<corpora::FileBlocks> TokenizerOptions::blocks(const std::vector<std::string>& paths,
                                                              ReadingProgress* progress) const {
  corpora::TextOptions options = reading.options(progress);
  options.block_bytes = std::size_t{256} << 10;
  return std::make_unique<corpora::FileBlocks>(paths, options);
}

void add_tokenizer_options(CLI::App& app, TokenizerOptions& options) {
  app.add_option(
      "FILES", options.files,
      "Texts, plain or packed by gzip or zstd; patterns such as 'news/*.txt.gz'; - or nothing: the "
      "standard input");
  app.add_option("--kind", options.kind,
                 "What a token is: words, chars, bytes, whitespace or sentencepiece (default words)")
      ->type_name("NAME")
      ->check(one_of(nlp::tokenizer_kinds()));
  app.add_option("--model", options.model, "A SentencePiece model; makes --kind sentencepiece")
      ->type_name("FILE");
  app.add_option(
         "--normalize", options.normalize,
         "Unicode normalization: none, nfc, nfkc, nfd or nfkd (default nfkc for words and chars, else "
         "none)")
      ->type_name("FORM")
      ->check(one_of(nlp::normalize_names()));
  app.add_option("--fold-case", options.fold_case,
                 "Fold case: true or false (default true for words and chars, else false)")
      ->type_name("BOOL")
      ->check(one_of({"true", "false"}));
  app.add_flag("--strip-accents", options.strip_accents, "Take accents off letters");
  app.add_option("--locale", options.locale, "Language of the text, as in BCP 47, such as tr or zh-Hant")
      ->type_name("TAG");
  add_text_reading(app, options.reading);
}

}  // namespace weft::repl
