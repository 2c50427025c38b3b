#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "nlp/embedding/classifier/evaluate.h"
#include "nlp/embedding/classifier/examples.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

/// One set of settings that was tried.
struct SearchTrial {
  std::int64_t number = 0;  // from 1
  EmbeddingSettings settings;
  double score = 0, seconds = 0;
  std::string fault;  // why it came to nothing; empty: it didn't
  bool best = false;  // of those so far
};

struct SearchOptions {
  EmbeddingSettings start;  // also what is tried first
  Metric metric;
  double seconds = 0;       // time budget; 0: none
  std::int64_t trials = 0;  // how many; 0: as many as time allows
  std::uint64_t seed = 1;
  std::int64_t model_bytes = 0;  // the model is quantized to at most so many; 0: isn't
  double memory = 8e9;           // bytes that the models of all trials at work may take
  const EmbeddingModel* pretrained = nullptr;
  /// What stays as `start` has it.
  struct Fixed {
    bool epochs = false, rate = false, dimension = false, word_ngrams = false, subwords = false,
         buckets = false;
  } fixed;
  std::function<bool()> going_on = {};                 // asked now and then; false ends the search
  std::function<void(const SearchTrial&)> trial = {};  // told of each, in their order
};

struct SearchResult {
  EmbeddingSettings settings;
  EmbeddingModel model;  // of the best trial; without matrices where none came to one
  double score = 0;
  std::int64_t trials = 0;
  std::string fault;  // of the last trial that came to nothing
};

/// Looks for the settings whose classifier is best on `validation`: first a handful that have proved good for
/// many corpora, then Gaussian steps from the best so far, ever shorter. Trials are made four at a time, each
/// by one thread alone, and four are drawn from what the ones before came to: with a number of trials the
/// result depends on the seed and on nothing else. A trial that diverges, or has no memory, loses; at the end
/// of the time those at work are dropped, but for the first, which counts as far as it came.
SearchResult search_settings(const Examples& examples, const Examples& validation,
                             const SearchOptions& options, const Workers& workers);

/// "25 epochs, rate 0.5, 100 dimensions, 2-grams of words, ..."
std::string describe(const EmbeddingSettings& settings);

}  // namespace weft::nlp
