#pragma once

#include <string>

#include "lang/program.h"
#include "tensor/tensor.h"

namespace weft {

/// A tensor as a person reads it: a scalar as its number, more as a table with axis names and labels; long
/// axes are elided in the middle. Indices of a labelled axis are shown by their labels.
std::string print(const Tensor& tensor, const Element& element, const AxisTable& axes);

/// A number with six significant digits.
std::string print(double value);

/// "book: kjv.txt, 31102 lines, ..." for the log.
std::string describe_corpus(const DataSource& source, const corpora::Dataset& dataset);

}  // namespace weft
