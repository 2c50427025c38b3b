#pragma once

#include <string>

#include "lang/program.h"
#include "lang/report/extents.h"

/// Reports on checked programs: parameters of models, what a step of a training takes.
namespace weft::report {

/// 1536 -> "1.5 KiB".
std::string bytes_text(double bytes);
/// 1234567 -> "1,234,567".
std::string count_text(std::int64_t n);

/// A model's parameters: path, shape, how many numbers, bytes.
std::string model_report(const Program&, const Explain&, const Extents&, DType real);

/// A training: its batch, the FLOPs and bytes of a step, the memory planned for it. Extents that nothing has
/// given yet are assumed and added to what is known.
std::string training_report(const Program&, const Training&, Extents&, DType real);

/// A line for each extent that came from outside of the source, and how it is known.
std::string extents_report(const Extents&);

/// Either; the training is the last one of that name.
std::string report(const Program&, const Explain&, Extents&, DType real);

}  // namespace weft::report
