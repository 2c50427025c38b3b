#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/embedding/search.h"

namespace weft::nlp {

struct EvaluationOptions {
  std::int32_t words = 300000;  // only so many words of the model take part: the frequent ones come first
  bool fold_case = true;        // words that differ by case alone are one, the first of them
  bool subwords = false;        // pairs: words out of the vocabulary get the vectors of their n-grams
};

/// Of a file of word pairs that people have scored.
struct PairScores {
  std::int64_t pairs = 0, missing = 0;  // asked for; with a word that has no vector
  std::int64_t skipped = 0;             // lines that are no pair
  double spearman = 0, pearson = 0;     // of the pairs that aren't missing; NaN for fewer than two
};

/// Of one section of a file of analogies.
struct AnalogyScores {
  std::string section;
  std::int64_t right = 0, asked = 0, missing = 0;  // missing: with a word that has no vector, not asked
  bool syntactic = false;                          // its name begins with "gram"
};

/// What a file of questions is: analogies in sections that begin with ": name", or pairs.
bool is_analogy_file(std::string_view text);

/// Spearman's rank correlation, ranks of ties their mean; also Pearson's. A line is two words and a score,
/// apart by tabs, commas or white space; with a column "SimLex999" in the first line that column is the
/// score. Errors: EmbeddingFileError. Source: Finkelstein et al. 2002; Hill et al. 2015.
PairScores evaluate_pairs(const EmbeddingModel& model, const std::filesystem::path& path,
                          const EvaluationOptions& options);

/// Questions "a b c d": whether d is the word nearest to b - a + c, of unit vectors, a, b and c left out
/// (3CosAdd). Errors: EmbeddingFileError. Source: Mikolov et al. 2013, "Linguistic regularities".
std::vector<AnalogyScores> evaluate_analogies(const EmbeddingModel& model, const VectorSearch& search,
                                              const std::filesystem::path& path,
                                              const EvaluationOptions& options);

/// Rank correlation of two lists of the same length; ranks of ties are their mean. NaN where a list is
/// constant or shorter than 2.
double spearman(const std::vector<double>& x, const std::vector<double>& y);
double pearson(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace weft::nlp
