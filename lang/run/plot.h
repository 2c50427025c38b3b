#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tensor/tensor.h"

/// Pictures of numbers in text: lines of braille dots, bars of block characters, heat maps of shades. Each is
/// at most `width` columns of a terminal wide and the same for the same numbers.
namespace weft {

/// A line through y[0], y[1], ... with the range of y at its left and `first` to `last`, what x is called at
/// both ends, below. What is no number leaves a gap.
std::string line_chart(const std::vector<double>& y, const std::string& first, const std::string& last,
                       std::size_t width);

/// One bar a value, from 0, with its name and number.
std::string bar_chart(const std::vector<std::string>& names, const std::vector<double>& values,
                      std::size_t width);

/// Rows and columns as shades from the smallest value to the largest. More than fit are put together, each
/// cell then being a mean.
struct HeatMap {
  std::string row_axis, column_axis;
  std::vector<std::string> rows, columns;  // names of the positions
  std::vector<double> values;              // row by row
};
std::string heat_map(const HeatMap& map, std::size_t width);

/// A tensor of one axis as bars, a long one as a line; of two as a heat map, the first axis downwards.
/// Throws invalid_argument for other numbers of axes.
std::string plot(const Tensor& tensor, const AxisTable& axes, std::size_t width);

}  // namespace weft
