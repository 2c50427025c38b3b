#pragma once

#include <cstdint>
#include <string>

#include "kernels/parallel.h"
#include "nlp/embedding/classifier/examples.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

/// What one number says how good a classifier is. Each takes the likeliest label of an example.
struct Metric {
  enum class Kind : std::uint8_t {
    accuracy,
    f1,
    precision_at_recall,
    recall_at_precision
  } kind = Kind::accuracy;
  std::int32_t label = -1;  // of this label alone; -1: of all together (micro)
  double value = 0;         // the recall or precision that is to be kept
};

/// `accuracy`, `f1`, `f1:LABEL`, `precision-at-recall:R`, `precision-at-recall:R:LABEL` and the same the
/// other way round. Labels may lack the prefix. Throws runtime_error, with what was expected.
Metric parse_metric(const std::string& text, const Dictionary& dictionary, const std::string& label_prefix);

/// From 0 to 1. The examples were read with the model's dictionary.
double evaluate(const EmbeddingModel& model, const Examples& examples, const Metric& metric,
                const Workers& workers);

}  // namespace weft::nlp
