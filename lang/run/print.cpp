#include "lang/run/print.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "lang/text_width.h"
#include "lang/utf8.h"

namespace weft {

namespace {

constexpr std::int64_t kShownRows = 8, kShownColumns = 10;
constexpr std::size_t kTableWidth = 100;  // columns of a terminal; wider tables leave out more
constexpr std::size_t kRanked = 10;       // labels shown of a ranking

/// Which positions of an axis are shown; -1 stands for those left out.
std::vector<std::int64_t> shown_positions(std::int64_t extent, std::int64_t most) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < extent; ++i) {
    if (extent > most && i == most / 2) {
      out.push_back(-1);
      i = extent - most / 2;
    }
    out.push_back(i);
  }
  return out;
}

std::string cell(const Tensor& t, std::int64_t i, const Element& element, const AxisTable& axes) {
  const double x = t.at(i);
  if (element.kind == ElementKind::boolean) return x != 0 ? "true" : "false";
  if (element.kind == ElementKind::index) {
    const auto& labels = axes[element.of].labels;
    const auto k = static_cast<std::int64_t>(x);
    if (labels && k >= 0 && k < labels->size()) return print_label(labels->at(k));
  }
  if (element.kind != ElementKind::real) return std::to_string(static_cast<std::int64_t>(x));
  return print(x);
}

std::string position_name(AxisId axis, std::int64_t i, const AxisTable& axes) {
  if (i < 0) return "..";
  const auto& labels = axes[axis].labels;
  return labels && i < labels->size() ? print_label(labels->at(i)) : std::to_string(i);
}

using Rows = std::vector<std::vector<std::string>>;

/// The matrix (or vector) of the last axes that starts at `offset`, with at most so many columns.
Rows last_axes(const Tensor& t, std::int64_t offset, const Element& element, const AxisTable& axes,
               std::int64_t most) {
  const auto& sizes = t.axes();
  const Tensor::Size column = sizes.back();
  Rows rows(1);
  const auto columns = shown_positions(column.extent, most);
  const bool matrix = sizes.size() > 1;
  rows[0].push_back(matrix ? axes.name(sizes[sizes.size() - 2].axis) + " \\ " + axes.name(column.axis)
                           : axes.name(column.axis));
  for (const std::int64_t c : columns) rows[0].push_back(position_name(column.axis, c, axes));
  const auto lines =
      matrix ? shown_positions(sizes[sizes.size() - 2].extent, kShownRows) : std::vector<std::int64_t>{0};
  for (const std::int64_t r : lines) {
    std::vector<std::string> row{matrix ? position_name(sizes[sizes.size() - 2].axis, r, axes) : ""};
    for (const std::int64_t c : columns) {
      row.push_back(r < 0 || c < 0 ? ".." : cell(t, offset + r * column.extent + c, element, axes));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string fitted_table(const Tensor& t, std::int64_t offset, const Element& element,
                         const AxisTable& axes) {
  for (std::int64_t most = kShownColumns;; most -= 2) {
    std::string text = print_table(last_axes(t, offset, element, axes, most));
    if (most <= 2 || print_width(text.substr(1, text.find('\n', 1) - 1)) <= kTableWidth) return text;
  }
}

/// Reals over one labelled axis, a distribution or scores: the labels with their values, the largest first
/// and no more than can be taken in. What is no number comes last.
std::string ranking(const Tensor& t, const AxisTable& axes) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(t.size()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    const double x = t.at(a), y = t.at(b);
    return std::isnan(y) ? !std::isnan(x) : x > y;
  });
  const std::size_t rest = order.size() > kRanked ? order.size() - kRanked : 0;
  order.resize(order.size() - rest);
  std::size_t widest = 0;
  bool signs = false;
  for (const std::int64_t i : order) {
    widest = std::max(widest, print_width(position_name(t.axes()[0].axis, i, axes)));
    signs = signs || std::signbit(t.at(i));
  }
  std::string out;
  for (const std::int64_t i : order) {
    const std::string name = position_name(t.axes()[0].axis, i, axes);
    out += "\n  " + name +
           std::string(widest - print_width(name) + (signs && !std::signbit(t.at(i)) ? 2 : 1), ' ') +
           print(t.at(i));
  }
  return rest ? out + "\n  .. and " + std::to_string(rest) + " more" : out;
}

}  // namespace

std::size_t print_width(const std::string& s) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < s.size();) {
    const Utf8Character c = decode_utf8(s, i);
    columns += static_cast<std::size_t>(text_width(c.value));
    i += c.length;
  }
  return columns;
}

std::string print_label(const std::string& label) {
  constexpr std::size_t kLongest = 32;
  if (label.empty() || label.front() == ' ' || label.back() == ' ') return "\"" + label + "\"";
  std::string out;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < label.size();) {
    const Utf8Character c = decode_utf8(label, i);
    const auto w = static_cast<std::size_t>(text_width(c.value));
    if (columns + w > kLongest) return out + "…";
    if (c.value == '\n' || c.value == '\t' || c.value == '\r') {
      out += c.value == '\n' ? "\\n" : c.value == '\t' ? "\\t" : "\\r";
    } else {
      append_utf8(out, c.valid && !is_control(c.value) ? c.value : 0xFFFD);
    }
    columns += w;
    i += c.length;
  }
  return out;
}

std::string print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], print_width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    out += "\n ";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += " " + std::string(widths[i] - print_width(row[i]), ' ') + row[i];
  }
  return out;
}

std::string print(double value) {
  if (std::isnan(value)) return "nan";  // whose sign says nothing
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string print(const Tensor& t, const Element& element, const AxisTable& axes) {
  if (t.axes().empty()) return cell(t, 0, element, axes);
  TensorType type{element, {}};
  for (const Tensor::Size& s : t.axes()) type.dims.push_back({s.axis, Extent(s.extent)});
  std::string out = describe_with_extents(type, axes);
  if (t.size() == 0) return out;
  if (t.axes().size() == 1 && element.kind == ElementKind::real && axes[t.axes()[0].axis].labels)
    return out + ranking(t, axes);
  // Outer axes one position after the other, the last two as a table.
  const std::size_t outer = t.axes().size() > 2 ? t.axes().size() - 2 : 0;
  std::int64_t block = 1;
  for (std::size_t i = outer; i < t.axes().size(); ++i) block *= t.axes()[i].extent;
  const std::int64_t blocks = t.size() / block;
  for (const std::int64_t b : shown_positions(blocks, 4)) {
    if (outer > 0) {
      std::string where;
      std::int64_t left = b;
      for (std::size_t i = outer; b >= 0 && i-- > 0;) {
        const Tensor::Size s = t.axes()[i];
        where = axes.name(s.axis) + " = " + position_name(s.axis, left % s.extent, axes) +
                (where.empty() ? "" : ", ") + where;
        left /= s.extent;
      }
      out += "\n" + (b < 0 ? std::string("..") : where + ":");
    }
    if (b >= 0) out += fitted_table(t, b * block, element, axes);
  }
  return out;
}

std::string describe_corpus(const DataSource& source, const corpora::Dataset& dataset) {
  std::string out = source.name + ": " + source.request.path + ", " +
                    std::to_string(dataset.tokens(corpora::Split::train)) + " training tokens";
  if (const std::int64_t n = dataset.tokens(corpora::Split::valid); n > 0) {
    out += ", " + std::to_string(n) + " for validation";
  }
  for (const std::string& set : source.schema->label_sets) {
    out += ", " + set + " of " + std::to_string(dataset.labels(set).size());
  }
  char share[32];
  std::snprintf(share, sizeof share, ", %.1f %% <unk>", 100 * dataset.unknown_share());
  return out + share;
}

}  // namespace weft
