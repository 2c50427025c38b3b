#include <cmath>

#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;

namespace {

constexpr std::int64_t kMany = 20001;

reference::Array drawn(Sample& s, OpId op, double a, double b, std::uint32_t stream) {
  Attributes attributes{.numbers = {a, b}, .index = stream};
  attributes.type = s.real({s.axis("N", kMany)});
  return s.planned({s.emit(op, {}, attributes)})[0];
}

}  // namespace

TEST_CASE("uniform numbers fill their interval evenly, each stream its own") {
  Sample s;
  const auto x = drawn(s, OpId::random_uniform, -1, 3, 1), y = drawn(s, OpId::random_uniform, -1, 3, 2);
  double sum = 0, squares = 0, product = 0;
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    REQUIRE((x.values[i] >= -1 && x.values[i] < 3));
    sum += x.values[i];
    squares += (x.values[i] - 1) * (x.values[i] - 1);
    product += (x.values[i] - 1) * (y.values[i] - 1);
  }
  // Mean 1, variance 16 / 12; bounds at about 5 standard errors.
  CHECK(std::abs(sum / kMany - 1) < 0.04);
  CHECK(std::abs(squares / kMany - 16.0 / 12) < 0.05);
  CHECK(std::abs(product / kMany) < 0.05);
}

TEST_CASE("normal numbers have their mean, deviation and kurtosis") {
  Sample s;
  const auto x = drawn(s, OpId::random_normal, 2, 0.5, 3);
  double sum = 0, squares = 0, fourth = 0;
  for (double v : x.values) {
    const double z = (v - 2) / 0.5;
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  CHECK(std::abs(sum / kMany) < 0.04);
  CHECK(std::abs(squares / kMany - 1) < 0.05);
  CHECK(std::abs(fourth / kMany - 3) < 0.35);
}

TEST_CASE("dropout zeroes its share, scales the rest, and its gradient meets the same elements") {
  Sample s;
  const AxisId R = s.axis("R", 101), C = s.axis("C", 99);
  const NodeId x = s.input_between(s.real({R, C}), 1, 2);
  const NodeId y = s.emit(OpId::dropout, {x}, {.numbers = {0.25}, .index = 7});
  const NodeId dy = s.input_between(s.real({C, R}), 1, 2);
  // As its backward has it: the same op on what came back, in the order the numbers were drawn for.
  const NodeId dx = s.emit(OpId::dropout, {dy}, {.axes = {R, C}, .numbers = {0.25}, .index = 7});
  const auto values = s.planned({y, dx});
  std::int64_t dropped = 0;
  reference::for_each_place(values[0].axes, [&](const reference::Place& p) {
    const double out = values[0].at(p), back = values[1].at(p);
    REQUIRE((out == 0) == (back == 0));
    if (out == 0) {
      ++dropped;
      return;
    }
    REQUIRE(out == Approx(s.values[0].at(p) / 0.75));
    REQUIRE(back == Approx(s.values[1].at(p) / 0.75));
  });
  CHECK(std::abs(static_cast<double>(dropped) / (101.0 * 99) - 0.25) < 0.025);
}

TEST_CASE("dropout with rate 0 changes nothing") {
  Sample s;
  const NodeId x = s.input(s.real({s.axis("R", 37)}));
  const auto values = s.planned({s.emit(OpId::dropout, {x}, {.numbers = {0}})});
  CHECK(values[0].values == s.values[0].values);
}
