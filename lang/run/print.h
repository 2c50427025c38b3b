#pragma once

#include <string>
#include <vector>

#include "lang/program.h"
#include "tensor/tensor.h"

namespace weft {

/// A tensor as a person reads it: a scalar as its number; reals over one axis that has labels as a ranking,
/// the largest first, at most ten; all else as tables with axis names and labels, long axes elided in the
/// middle. Indices of a labelled axis are shown by their labels.
std::string print(const Tensor& tensor, const Element& element, const AxisTable& axes);

/// A label on one line: not too long, so that blanks are seen, without what disturbs a terminal.
std::string print_label(const std::string& label);
/// How many columns of a terminal a UTF-8 text takes.
std::size_t print_width(const std::string& text);
/// Rows of cells, each column as wide as its widest; every line begins with a line break.
std::string print_table(const std::vector<std::vector<std::string>>& rows);

/// A number with six significant digits.
std::string print(double value);

/// "book: kjv.txt, 31102 lines, ..." for the log.
std::string describe_corpus(const DataSource& source, const corpora::Dataset& dataset);

}  // namespace weft
