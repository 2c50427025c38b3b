#pragma once

#include "nlp/embedding/model.h"

namespace weft::nlp {

/// Gives each bucket a row, as fastText's files want it: zeros where none was kept. Nothing where all are.
void spread_buckets(EmbeddingModel& model);

}  // namespace weft::nlp
