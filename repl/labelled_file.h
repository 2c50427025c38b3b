#pragma once

#include <memory>
#include <string>

#include "corpora/text_blocks.h"
#include "nlp/embedding/classifier/examples.h"
#include "repl/text_reading.h"

namespace weft::repl {

/// Labelled lines, and in which form they have their labels.
struct LabelledFile {
  std::string path;
  std::unique_ptr<corpora::FileBlocks> text;
  nlp::LabelForm form{};
};

/// form: "fasttext", "tsv" or "auto": tsv where the name says so (.tsv, packed or not) or the first line has
/// a tab and no word with the prefix. Throws DataError.
LabelledFile open_labelled(const std::string& path, const std::string& form, const std::string& prefix,
                           const TextReading& reading, ReadingProgress* progress = nullptr);

/// All examples. Throws DataError, also where there are none, with what may be the matter; empty where Ctrl-C
/// stopped it.
nlp::Examples read_examples(const LabelledFile& file, const nlp::ExampleReading& reading,
                            const Workers& workers);

/// "; 3 lines without a label and 1 without a text left out", or nothing.
std::string passed_over(const nlp::ExampleCounts& counts);

/// Bytes of memory that this machine has for a process.
double physical_memory();

}  // namespace weft::repl
