#include "lang/run/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "lang/run/print.h"
#include "lang/utf8.h"

namespace weft {

namespace {

constexpr std::size_t kLineRows = 10;   // lines of text of a line chart, four dots each
constexpr std::size_t kMostBars = 30;   // more positions than this are drawn as a line
constexpr std::size_t kShownBars = 20;  // of many labels, the largest
constexpr std::size_t kHeatRows = 24;
constexpr std::size_t kLongestName = 20;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  bool empty() const { return low > high; }
  void take(double x) {
    if (!std::isfinite(x)) return;
    low = std::min(low, x);
    high = std::max(high, x);
  }
};

Range range_of(const std::vector<double>& values) {
  Range r;
  for (const double x : values) r.take(x);
  return r;
}

/// Where x lies between low and high, 0 to 1; the middle where they are one. No overflow for any finite
/// numbers.
double share(double x, const Range& r) {
  if (r.low == r.high) return 0.5;
  return std::clamp((x / 2 - r.low / 2) / (r.high / 2 - r.low / 2), 0.0, 1.0);
}

/// Cut to so many columns.
std::string cut(const std::string& text, std::size_t most) {
  if (print_width(text) <= most) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = decode_utf8(text, i).length;
    const std::string next = out + text.substr(i, length);
    if (print_width(next) + 1 > most) break;
    out = next;
    i += length;
  }
  return out + "…";
}

std::string left(const std::string& text, std::size_t width) {
  const std::size_t w = print_width(text);
  return text + std::string(width > w ? width - w : 0, ' ');
}
std::string right(const std::string& text, std::size_t width) {
  const std::size_t w = print_width(text);
  return std::string(width > w ? width - w : 0, ' ') + text;
}

/// Two dots by four a character: U+2800 and a bit for each dot.
class Canvas {
 public:
  Canvas(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows), cells_(columns * rows, 0) {}
  std::size_t width() const { return columns_ * 2; }
  std::size_t height() const { return rows_ * 4; }
  void dot(std::size_t x, std::size_t y) {  // y counts upwards
    static constexpr std::array<std::array<unsigned char, 4>, 2> kBits = {
        {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}};
    const std::size_t down = height() - 1 - y;
    cells_[down / 4 * columns_ + x / 2] |= kBits[x % 2][down % 4];
  }
  void line(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1) {
    const std::size_t rise = y1 > y0 ? y1 - y0 : y0 - y1;
    const std::size_t steps = std::max({x1 - x0, rise, std::size_t{1}});
    for (std::size_t i = 0; i <= steps; ++i) {
      const double t = static_cast<double>(i) / static_cast<double>(steps);
      dot(x0 + static_cast<std::size_t>(std::lround(t * static_cast<double>(x1 - x0))),
          static_cast<std::size_t>(std::lround(static_cast<double>(y0) +
                                               t * (static_cast<double>(y1) - static_cast<double>(y0)))));
    }
  }
  std::string row(std::size_t r) const {
    std::string out;
    for (std::size_t c = 0; c < columns_; ++c) {
      const unsigned char bits = cells_[r * columns_ + c];
      if (bits) {
        append_utf8(out, 0x2800 + bits);
      } else {
        out += ' ';
      }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
  }

 private:
  std::size_t columns_, rows_;
  std::vector<unsigned char> cells_;
};

/// Eighths of a character, 0 to 8.
const char* block(std::size_t eighths) {
  static constexpr std::array<const char*, 9> kBlocks = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
  return kBlocks[eighths];
}

std::string times(const char* text, std::size_t n) {
  std::string out;
  while (n-- > 0) out += text;
  return out;
}

std::string without_trailing(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

std::string line_chart(const std::vector<double>& y, const std::string& first, const std::string& last,
                       std::size_t width) {
  const Range range = range_of(y);
  if (range.empty()) return "  nothing to draw: no value is a number";
  const std::string high = print(range.high), low = print(range.low);
  const std::size_t gutter = std::max(high.size(), low.size()) + 2;
  Canvas canvas(std::max<std::size_t>(width > gutter + 2 ? width - gutter - 2 : 1, 10), kLineRows);
  std::size_t before_x = 0, before_y = 0;
  bool joined = false;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) {
      joined = false;
      continue;
    }
    const std::size_t x = y.size() == 1 ? 0 : i * (canvas.width() - 1) / (y.size() - 1);
    const auto h =
        static_cast<std::size_t>(std::lround(share(y[i], range) * static_cast<double>(canvas.height() - 1)));
    if (joined) {
      canvas.line(before_x, before_y, x, h);
    } else {
      canvas.dot(x, h);
    }
    before_x = x;
    before_y = h;
    joined = true;
  }
  std::string out;
  for (std::size_t r = 0; r < kLineRows; ++r) {
    const bool edge = r == 0 || r + 1 == kLineRows;
    out += right(r == 0               ? high
                 : r + 1 == kLineRows ? low
                                      : "",
                 gutter) +
           (edge ? " ┤" : " │") + canvas.row(r) + "\n";
  }
  const std::size_t columns = canvas.width() / 2;
  out += std::string(gutter + 1, ' ') + "└" + times("─", columns) + "\n";
  const std::size_t ends = print_width(first) + print_width(last);
  out += std::string(gutter + 2, ' ') + first;
  if (last != first) out += std::string(columns > ends ? columns - ends : 1, ' ') + last;
  return out;
}

std::string bar_chart(const std::vector<std::string>& names, const std::vector<double>& values,
                      std::size_t width) {
  std::size_t widest_name = 0, widest_number = 0;
  Range range = range_of(values);
  range.take(0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    widest_name = std::max(widest_name, std::min(print_width(names[i]), kLongestName));
    widest_number = std::max(widest_number, print(values[i]).size());
  }
  const std::size_t gutter = 2 + widest_name + 1 + widest_number + 1;
  const std::size_t columns = std::max<std::size_t>(width > gutter ? width - gutter : 0, 10);
  // Bars to the left of 0 are drawn in whole and half characters, those to the right in eighths.
  const bool both = range.low < 0;
  const auto zero =
      both ? static_cast<std::size_t>(std::lround(share(0, range) * static_cast<double>(columns))) : 0;
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string bar;
    const double x = values[i];
    if (std::isfinite(x) && range.low != range.high) {
      const double end = share(x, range) * static_cast<double>(columns);
      if (x >= 0) {
        const auto eighths =
            static_cast<std::size_t>(std::lround(std::max(end - static_cast<double>(zero), 0.0) * 8));
        bar = std::string(zero, ' ') + times("█", eighths / 8) + block(eighths % 8);
      } else {
        const auto halves =
            static_cast<std::size_t>(std::lround(std::max(static_cast<double>(zero) - end, 0.0) * 2));
        const std::size_t drawn = (halves + 1) / 2;
        bar =
            std::string(zero - std::min(drawn, zero), ' ') + (halves % 2 ? "▐" : "") + times("█", halves / 2);
      }
    }
    out += (i ? "\n  " : "  ") + without_trailing(left(cut(names[i], kLongestName), widest_name) + " " +
                                                  right(print(x), widest_number) + " " + bar);
  }
  return out;
}

std::string heat_map(const HeatMap& map, std::size_t width) {
  static constexpr std::array<const char*, 5> kShades = {" ", "░", "▒", "▓", "█"};
  std::size_t widest = std::min(print_width(map.row_axis), kLongestName);
  for (const std::string& r : map.rows) widest = std::max(widest, std::min(print_width(r), kLongestName));
  const std::size_t gutter = widest + 3;
  const std::size_t room = std::max<std::size_t>(width > gutter ? width - gutter : 0, 10);
  const std::size_t columns = map.columns.size(), rows = map.rows.size();

  // Cells wide enough for the columns' names where they fit; else two characters, else one and several
  // columns in it.
  std::size_t name = 0;
  for (const std::string& c : map.columns) name = std::max(name, print_width(c));
  const bool named = columns * (name + 1) <= room;
  const std::size_t cell = named ? std::max<std::size_t>(name + 1, 2) : columns * 2 <= room ? 2 : 1;
  const std::size_t across = std::min(columns, room / cell), down = std::min(rows, kHeatRows);

  std::vector<double> cells(across * down);
  Range range;
  for (std::size_t r = 0; r < down; ++r) {
    for (std::size_t c = 0; c < across; ++c) {
      double sum = 0;
      std::size_t n = 0;
      for (std::size_t i = r * rows / down; i < (r + 1) * rows / down; ++i) {
        for (std::size_t j = c * columns / across; j < (c + 1) * columns / across; ++j, ++n)
          sum += map.values[i * columns + j];
      }
      cells[r * across + c] = sum / static_cast<double>(n);
      range.take(cells[r * across + c]);
    }
  }
  if (range.empty()) return "  nothing to draw: no value is a number";

  std::string out = "  " + left(cut(map.row_axis, kLongestName), widest) + " ";
  if (named) {
    for (const std::string& c : map.columns) out += left(c, cell);
  } else {
    const std::size_t whole = across * cell;
    const std::string first = cut(map.columns.front(), columns > 1 ? whole / 2 - 1 : room),
                      last = cut(map.columns.back(), whole / 2 - 1);
    out += first;
    if (columns > 1) out += std::string(whole - print_width(first) - print_width(last), ' ') + last;
  }
  out = without_trailing(out);
  for (std::size_t r = 0; r < down; ++r) {
    std::string line = "  " + left(cut(map.rows[r * rows / down], kLongestName), widest) + " ";
    for (std::size_t c = 0; c < across; ++c) {
      const double x = cells[r * across + c];
      if (!std::isfinite(x)) {
        line += times("?", cell);
        continue;
      }
      const auto shade = static_cast<std::size_t>(share(x, range) * static_cast<double>(kShades.size()));
      line += times(kShades[std::min(shade, kShades.size() - 1)], cell);
    }
    out += "\n" + without_trailing(line);
  }
  return out + "\n  " + cut(map.column_axis, kLongestName) + " across; blank " + print(range.low) + " to █ " +
         print(range.high);
}

std::string plot(const Tensor& t, const AxisTable& axes, std::size_t width) {
  const auto name = [&](const Tensor::Size& s, std::int64_t i) {
    const auto& labels = axes[s.axis].labels;
    return labels && i < labels->size() ? print_label(labels->at(i)) : std::to_string(i);
  };
  const auto names = [&](const Tensor::Size& s) {
    std::vector<std::string> out;
    for (std::int64_t i = 0; i < s.extent; ++i) out.push_back(name(s, i));
    return out;
  };
  std::vector<double> values(static_cast<std::size_t>(t.size()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = t.at(static_cast<std::int64_t>(i));
  if (values.empty()) return "  nothing to draw: there are no values";
  if (t.axes().size() == 2) {
    const Tensor::Size &rows = t.axes()[0], &columns = t.axes()[1];
    return heat_map({axes.name(rows.axis), axes.name(columns.axis), names(rows), names(columns), values},
                    width);
  }
  if (t.axes().size() != 1) throw std::invalid_argument("[plot] expected one or two axes");
  const Tensor::Size& axis = t.axes()[0];
  if (values.size() <= kMostBars) return bar_chart(names(axis), values, width);
  if (!axes[axis.axis].labels) return line_chart(values, "0", std::to_string(axis.extent - 1), width);
  // Labels have no order that a line could follow.
  std::vector<std::int64_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    const double x = t.at(a), y = t.at(b);
    return std::isnan(y) ? !std::isnan(x) : x > y;
  });
  order.resize(kShownBars);
  std::vector<std::string> largest;
  std::vector<double> theirs;
  for (const std::int64_t i : order) {
    largest.push_back(name(axis, i));
    theirs.push_back(t.at(i));
  }
  return bar_chart(largest, theirs, width) + "\n  .. and " + std::to_string(values.size() - kShownBars) +
         " more";
}

}  // namespace weft
