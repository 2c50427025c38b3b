#include "repl/labelled_file.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>

#include "corpora/watch.h"
#include "repl/interrupt.h"

namespace weft::repl {

namespace {

/// The first line of a file that can be read again; empty: it can't be.
std::string first_line(corpora::FileBlocks& text) {
  if (!text.can_rewind()) return "";
  nlp::TextBlock block;
  std::string line;
  if (text.next(block)) line = std::string(block.text.substr(0, block.text.find('\n')));
  text.rewind();
  return line;
}

bool names_tsv(std::string path) {
  for (const char* packed : {".gz", ".zst"})
    if (path.ends_with(packed)) path.resize(path.rfind('.'));
  return path.ends_with(".tsv");
}

}  // namespace

LabelledFile open_labelled(const std::string& path, const std::string& form, const std::string& prefix,
                           const TextReading& reading, ReadingProgress* progress) {
  LabelledFile out;
  out.path = path == "-" ? "<stdin>" : path;
  out.text = std::make_unique<corpora::FileBlocks>(path, reading.options(progress));
  out.form = form == "tsv" ? nlp::LabelForm::tsv : nlp::LabelForm::prefix;
  if (form != "auto") return out;
  if (names_tsv(path)) {
    out.form = nlp::LabelForm::tsv;
  } else {
    const std::string line = first_line(*out.text);
    const bool prefixed = line.starts_with(prefix) || line.find(" " + prefix) != std::string::npos;
    if (!prefixed && line.find('\t') != std::string::npos) out.form = nlp::LabelForm::tsv;
  }
  return out;
}

nlp::Examples read_examples(const LabelledFile& file, const nlp::ExampleReading& reading,
                            const Workers& workers) {
  nlp::Examples out;
  try {
    out = nlp::Examples::read(*file.text, reading, workers, [] { return !Interrupt::requested(); });
  } catch (const corpora::Stopped&) {
    return out;
  }
  if (out.size() > 0 || Interrupt::requested()) return out;
  const nlp::ExampleCounts& c = out.counts();
  const bool tsv = reading.form == nlp::LabelForm::tsv;
  if (c.lines == 0) throw corpora::DataError(file.path, 0, "the file is empty", "");
  if (c.unlabelled > 0) {
    throw corpora::DataError(file.path, 1, "no line has a label",
                             tsv ? "a line is label, tab, text; words with a prefix are --form fasttext"
                                 : "labels are words that begin with " + reading.label_prefix +
                                       " (--label_prefix); label, tab, text is --form tsv");
  }
  if (c.unknown_labels > 0)
    throw corpora::DataError(file.path, 1, "no label of it is one of the model's",
                             "are they spelt the same?");
  if (c.rare_labels > 0)
    throw corpora::DataError(file.path, 0, "every label is too rare", "lower --min_label_count");
  throw corpora::DataError(file.path, 1, "no line has a text beside its label", "");
}

std::string passed_over(const nlp::ExampleCounts& c) {
  std::string out;
  const auto add = [&](std::int64_t n, const char* what) {
    if (n > 0) out += (out.empty() ? "; left out: " : ", ") + std::to_string(n) + what;
  };
  add(c.empty, " empty lines");
  add(c.unlabelled, " without a label");
  add(c.textless, " without a text");
  add(c.unknown_labels, " of labels that the model doesn't have");
  add(c.rare_labels, " of rare labels");
  return out;
}

double physical_memory() {
  double bytes = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  double limit = 0;  // of a container
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit && limit > 0) bytes = std::min(bytes, limit);
  return bytes;
}

}  // namespace weft::repl
