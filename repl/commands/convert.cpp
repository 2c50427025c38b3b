#include <algorithm>
#include <cstdio>
#include <limits>

#include "nlp/embedding/classifier/quantize.h"
#include "repl/commands/embedding_input.h"
#include "repl/exit_code.h"
#include "repl/usage.h"

/// `weft convert`: word vectors from one format to another.
namespace weft::repl {

namespace {

struct Convert {
  EmbeddingInput in;
  std::string out, to;
  bool words_only = false;
  std::int32_t most = 0;
  bool quantize = false;
  nlp::QuantizeOptions quantizing;
};

/// The first words alone; they keep their order.
nlp::EmbeddingModel first_words(const nlp::EmbeddingModel& model, std::int32_t most) {
  nlp::EmbeddingModel out;
  out.settings = model.settings;
  const std::int32_t words = std::min(most, model.dictionary.words());
  out.input = nlp::Matrix(words, model.dimension());
  for (std::int32_t i = 0; i < words; ++i) {
    out.dictionary.add(model.dictionary.text(i), model.dictionary.count(i));
    std::copy_n(model.input.row(i), model.dimension(), out.input.row(i));
  }
  return out;
}

int convert(const Convert& c, int threads) {
  nlp::EmbeddingModel model = read_input(c.in);
  if (c.words_only || c.most > 0) model = nlp::words_only(model);
  if (c.most > 0) model = first_words(model, c.most);
  if (model.dictionary.words() == 0)
    throw nlp::EmbeddingFileError(c.in.path + ": it has no words, labels alone");
  if ((c.quantize || c.out.ends_with(".ftz")) && !model.quantized_input)
    nlp::quantize(model, c.quantizing, Workers(threads));
  const std::string_view format = nlp::embedding_format_for(c.out, c.to);
  nlp::write_embedding(model, c.out, c.to);
  if (format != "fasttext" && (model.settings.has_subwords() || model.dictionary.labels() > 0))
    std::fprintf(stderr, "%s: %s holds words alone; n-grams and labels are left out\n", c.out.c_str(),
                 std::string(format).c_str());
  std::fprintf(stderr, "%s: %d words of %d dimensions\n", c.out.c_str(), model.dictionary.words(),
               model.dimension());
  return ExitCode::ok;
}

}  // namespace

void add_convert(CommandLine& line) {
  CLI::App* c = add_command(line, "convert", "Word vectors from one file format to another");
  auto options = std::make_shared<Convert>();
  add_embedding_input(*c, options->in, "IN");
  c->add_option("OUT", options->out, "The file to write; its ending names the format")->required();
  c->add_option("--to", options->to, "Its format, where the ending doesn't tell")
      ->type_name("FORMAT")
      ->check(one_of(embedding_format_names()));
  c->add_flag("--words-only", options->words_only,
              "Keep the words' vectors alone: no n-grams, labels or output matrix");
  c->add_option("--first", options->most, "Keep only the first N words (and no n-grams)")
      ->type_name("N")
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  c->add_flag("--quantize", options->quantize,
              "Make it small: two elements to a byte; a name that ends in .ftz asks for it too");
  c->add_option("--cutoff", options->quantizing.cutoff, "Then keep only the N rows of the largest norms")
      ->type_name("N")
      ->check(whole_number(256, std::numeric_limits<std::int32_t>::max()));
  c->add_option("--block", options->quantizing.block, "Elements to a byte (default 2)")
      ->type_name("N")
      ->check(whole_number(1, 64));
  c->add_flag("--norms", options->quantizing.norms, "Keep the rows' norms apart, in a byte of their own");
  c->add_flag("--quantize-output", options->quantizing.output, "Quantize the output matrix too");
  std::string formats = "Formats and the endings that name them:\n";
  for (const nlp::EmbeddingFormatName& f : nlp::embedding_formats()) {
    std::string endings;
    for (const std::string_view e : f.endings) endings += (endings.empty() ? "" : " ") + std::string(e);
    formats += "  " + padded(std::string(f.name), 16) + padded(endings, 14) + std::string(f.what) + "\n";
  }
  c->footer(formats +
            "What is read is told by its contents. `.gz` after the ending compresses.\n\n"
            "Example: weft convert cc.en.300.bin english.safetensors");
  c->callback([options, &line] {
    line.run = [options, &common = line.common] { return convert(*options, common.threads); };
  });
}

}  // namespace weft::repl
