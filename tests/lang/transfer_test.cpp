#include "lang/run/transfer.h"

#include <cstring>

#include "tests/catch2.h"

using namespace weft;

TEST_CASE("a pattern's star stands for any text") {
  CHECK(matches("*", "embed.table"));
  CHECK(matches("*", ""));
  CHECK(matches("embed.*", "embed.table"));
  CHECK(matches("embed.*", "embed."));
  CHECK(matches("*.weight", "blocks.0.out.weight"));
  CHECK(matches("b*.?.*t", "blocks.0.out.weight"));
  CHECK(matches("a**b", "ab"));
  CHECK_FALSE(matches("embed.*", "embed"));
  CHECK_FALSE(matches("embed", "embed.table"));
  CHECK_FALSE(matches("*.bias", "out.weight"));
  CHECK_FALSE(matches("", "a"));
  CHECK_FALSE(matches("?", ""));
}

TEST_CASE("rows without a source keep their values") {
  AxisTable table;
  const AxisId a = table.declare("A", Extent(3)), b = table.declare("B", Extent(2));
  StoredTensor stored{"F64", {2, 2}, std::vector<std::byte>(4 * sizeof(double))};
  const double values[] = {1, 2, 3, 4};
  std::memcpy(stored.bytes.data(), values, sizeof values);
  Tensor target(DType::f32, {{a, 3}, {b, 2}});
  std::fill(target.values<float>().begin(), target.values<float>().end(), 9.0f);

  transfer(target, stored, {{{1, -1, 0}}, {{1, 0}}});
  const auto got = target.values<float>();
  const float expected[] = {4, 3, 9, 9, 2, 1};
  CHECK(std::equal(got.begin(), got.end(), expected));

  stored.dtype = "I32";
  CHECK_THROWS_AS(transfer(target, stored, {{{1, -1, 0}}, {{1, 0}}}), std::invalid_argument);
}

TEST_CASE("one number is transferred") {
  StoredTensor stored{"F32", {}, std::vector<std::byte>(sizeof(float))};
  const float value = 2.5f;
  std::memcpy(stored.bytes.data(), &value, sizeof value);
  Tensor target(DType::f64, {});
  transfer(target, stored, {});
  CHECK(target.item() == 2.5);
}
