#include "lang/run/print.h"

#include <algorithm>
#include <cstdio>

#include "lang/text_width.h"
#include "lang/utf8.h"

namespace weft {

namespace {

constexpr std::int64_t kShownRows = 8, kShownColumns = 10;

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
    if (labels && k >= 0 && k < labels->size()) return labels->at(k);
  }
  if (element.kind != ElementKind::real) return std::to_string(static_cast<std::int64_t>(x));
  return print(x);
}

std::string position_name(AxisId axis, std::int64_t i, const AxisTable& axes) {
  if (i < 0) return "..";
  const auto& labels = axes[axis].labels;
  return labels && i < labels->size() ? labels->at(i) : std::to_string(i);
}

/// How many columns of a terminal a UTF-8 text takes.
std::size_t width(const std::string& s) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < s.size();) {
    const Utf8Character c = decode_utf8(s, i);
    columns += static_cast<std::size_t>(text_width(c.value));
    i += c.length;
  }
  return columns;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    out += "\n ";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += " " + std::string(widths[i] - width(row[i]), ' ') + row[i];
  }
  return out;
}

/// The matrix (or vector) of the last axes that starts at `offset`.
std::string last_axes(const Tensor& t, std::int64_t offset, const Element& element, const AxisTable& axes) {
  const auto& sizes = t.axes();
  const Tensor::Size column = sizes.back();
  std::vector<std::vector<std::string>> rows(1);
  const auto columns = shown_positions(column.extent, kShownColumns);
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
  return table(rows);
}

}  // namespace

std::string print(double value) {
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
    if (b >= 0) out += last_axes(t, b * block, element, axes);
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
