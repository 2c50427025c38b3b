#include "lang/run/plot.h"

#include <cmath>
#include <limits>

#include "lang/run/loss_curve.h"
#include "lang/run/print.h"
#include "tests/catch2.h"

using namespace weft;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == '\n') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const std::string& line : lines_of(text)) most = std::max(most, print_width(line));
  return most;
}

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kMost = std::numeric_limits<double>::max();

}  // namespace

TEST_CASE("Plots keep to their width") {
  const std::vector<std::vector<double>> series = {{1},
                                                   {0, 0, 0},
                                                   {1, 2, 3},
                                                   {-1, 5, kNaN, 2},
                                                   {kInf, -kInf, 1},
                                                   {kMost, -kMost, 0},
                                                   {1e-300, 2e-300, 0},
                                                   std::vector<double>(1000, 3.25)};
  for (const std::size_t width : {60u, 80u}) {
    for (const auto& y : series) {
      CHECK(widest(line_chart(y, "1", std::to_string(y.size()), width)) <= width);
      std::vector<std::string> names;
      for (std::size_t i = 0; i < y.size(); ++i)
        names.push_back(i % 2 ? "狗狗" : "a rather long name of a label");
      CHECK(widest(bar_chart(names, y, width)) <= width + 8);  // bars are ten columns wide at least
      CHECK(widest(heat_map({"Row", "Column", {"only"}, names, y}, width)) <= width);
    }
  }
}

TEST_CASE("A line goes from the lowest to the highest value") {
  const auto lines = lines_of(line_chart({0, 1}, "a", "b", 40));
  REQUIRE(lines.size() == 12);
  CHECK(lines.front().starts_with("  1 ┤"));
  CHECK(lines[9].starts_with("  0 ┤"));
  CHECK(print_width(lines[0]) >= 39);
  CHECK(print_width(lines[9]) < 12);
  CHECK(lines.back().ends_with("b"));
}

TEST_CASE("Bars are as long as their values") {
  const auto lines = lines_of(bar_chart({"x", "y"}, {1, 2}, 46));
  REQUIRE(lines.size() == 2);
  CHECK(print_width(lines[0]) == 6 + 20);
  CHECK(print_width(lines[1]) == 6 + 40);
}

TEST_CASE("A loss curve keeps means of bins") {
  LossCurve curve;
  for (int i = 0; i < 3; ++i) curve.add(i);
  CHECK(curve.bins() == std::vector<double>{0, 1, 2});
  LossCurve lengthy;
  for (int i = 0; i < 512; ++i) lengthy.add(i);
  REQUIRE(lengthy.bins().size() == 256);
  CHECK(lengthy.bins()[0] == 0.5);
  CHECK(lengthy.bins()[255] == 510.5);
  lengthy.add(7);
  CHECK(lengthy.bins().back() == 7);
  for (int i = 0; i < 100000; ++i) lengthy.add(1);
  CHECK(lengthy.bins().size() < 512);
}
