#include "repl/commands/train_vectors.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "corpora/dataset.h"
#include "corpora/text_blocks.h"
#include "corpora/watch.h"
#include "nlp/embedding/formats/embedding_file.h"
#include "nlp/embedding/train/spread_buckets.h"
#include "nlp/embedding/train/train_embedding.h"
#include "repl/exit_code.h"
#include "repl/interrupt.h"
#include "repl/progress_line.h"
#include "repl/progress_text.h"

namespace weft::repl {

void VectorsRecipe::bind(RecipeOptions& o) {
  o.text("corpus", corpus, "a UTF-8 text, plain, .gz or .zst: a file, a glob, or - for the standard input");
  o.text("output", output,
         "where the vectors go, in the form its name says: .vec or .txt text, .w2v word2vec's binary, .bin "
         "fastText's, .safetensors");
  o.choice("model", model, {"skipgram", "cbow"},
           "skipgram: a word predicts its context; cbow: the context the word");
  o.choice("loss", loss, {"negative_sampling", "hierarchical_softmax"},
           "what is predicted: the word against others that are drawn, or its path in a Huffman tree");
  o.whole("dimension", settings.dimension, 1, 65536, "elements of a vector");
  o.whole("window", settings.window, 1, 500, "the largest distance of a context word; drawn for each word");
  o.whole("epochs", settings.epochs, 0, 1000000, "passes over the corpus");
  o.whole("negatives", settings.negatives, 0, 1000, "words drawn against each that is predicted");
  o.whole("min_count", settings.min_count, 1, std::int64_t{1} << 62, "words seen less often are left out");
  o.real("sample", settings.sample, 0, 1,
         "share above which frequent words are left out now and then; 0: none");
  o.real("noise_power", settings.noise_power, 0, 10, "negatives are drawn by count to this power");
  o.real("rate", settings.rate, 0, std::numeric_limits<double>::infinity(),
         "learning rate at the start; falls to 0");
  o.choice("tokens", tokens, {"fields", "words", "chars"},
           "what words are: fields, what white space parts; words and chars as scripts have them");
  add_text_reading(o, reading);
  o.text("from", from, "vectors to go on from, in a file of any form; the vocabulary grows");
  o.text("checkpoint", checkpoint, "a file to go on from after a kill, written every few minutes");
  o.real("checkpoint_minutes", minutes, 0, 1e9, "how often");
  o.flag("deterministic", deterministic, "the same bits whatever the number of threads; slower");
}

int VectorsRecipe::run(const char* name, const CommonOptions& common, const RecipeOptions& options) {
  const std::string command = std::string("weft train ") + name;
  const auto refuse = [&](const std::string& why) {
    std::fprintf(stderr, "%s: %s\n", command.c_str(), why.c_str());
    return ExitCode::usage;
  };
  if (options.lacks_sample("corpus"))
    return refuse("option `--corpus` is needed: the text to learn from; its default, a sample, isn't here");
  if (output.empty()) return refuse("option `--output` needs a name");
  settings.task = model == "cbow" ? nlp::EmbeddingTask::cbow : nlp::EmbeddingTask::skipgram;
  settings.loss = loss == "negative_sampling" ? nlp::EmbeddingLoss::negative_sampling
                                              : nlp::EmbeddingLoss::hierarchical_softmax;
  if (settings.max_n < settings.min_n) return refuse("--max_n is less than --min_n");
  if (settings.max_n == 0) settings.buckets = 0;
  const std::filesystem::path folder = std::filesystem::path(output).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    return refuse("there is no folder " + folder.string() + " for --output");

  ProgressLine line;
  ReadingProgress reading_progress(name, line);
  corpora::FileBlocks text(corpus, reading.options(&reading_progress));

  std::optional<nlp::EmbeddingModel> before;
  if (!from.empty()) {
    before.emplace(nlp::read_embedding(from));
    if (options.given("dimension") && settings.dimension != before->settings.dimension)
      return refuse("--dimension is " + std::to_string(settings.dimension) + ", and " + from + " has " +
                    std::to_string(before->settings.dimension));
  }
  nlp::TokenizerSettings tokenizer;
  if (tokens != "fields") tokenizer = nlp::TokenizerSettings::of(tokens);
  nlp::EmbeddingTraining training;
  training.seed = common.seed;
  training.deterministic = deterministic;
  training.tokens = tokens == "fields" ? nullptr : &tokenizer;
  training.start = before ? &*before : nullptr;
  training.checkpoint = checkpoint;
  training.checkpoint_seconds = minutes * 60;
  training.progress = [&](const nlp::EmbeddingProgress& p) {
    const std::string text = progress_text(name, p);
    return p.epoch_done ? line.note(text) : line.show(text);
  };
  training.note = [&](const std::string& note) { line.note(note); };
  training.stop = [] { return Interrupt::requested(); };

  const Workers workers(common.threads);
  nlp::EmbeddingResult result;
  try {
    result = nlp::train_embedding(text, settings, workers, training);
  } catch (const corpora::Stopped&) {
    result.finished = false;
  } catch (const nlp::EmbeddingCorpusFault& e) {
    throw corpora::DataError(corpus, 0, e.what());
  }
  if (const std::string note = text.note(); !note.empty()) line.note(note);
  if (result.model.dictionary.words() == 0) {
    line.note("interrupted before there was anything to save");
    return ExitCode::interrupted;
  }
  before.reset();
  // fastText's form has no way to say which buckets are there.
  const std::string name_of_file = std::filesystem::path(output).filename().string();
  if (name_of_file.ends_with(".bin") || name_of_file.ends_with(".bin.gz")) nlp::spread_buckets(result.model);
  nlp::write_embedding(result.model, output);
  char summary[300];
  std::snprintf(summary, sizeof summary, "%d words x %d, from %lld tokens: read in %.2f s, trained in %.2f s",
                result.model.dictionary.words(), result.model.dimension(),
                static_cast<long long>(result.words), result.reading_seconds, result.training_seconds);
  line.note(std::string(name) + ": " + summary);
  if (!result.finished)
    line.note("interrupted; the vectors so far are in " + output);
  else
    line.note("saved " + output);
  return result.finished ? ExitCode::ok : ExitCode::interrupted;
}

}  // namespace weft::repl
