#include "tensor/tensor.h"

#include <cstdint>
#include <string>

#include "tests/catch2.h"

using namespace weft;

namespace {

constexpr AxisId kRow{3}, kColumn{7};

}  // namespace

TEST_CASE("a tensor is zeros, aligned, row-major") {
  Tensor t(DType::f32, {{kRow, 3}, {kColumn, 5}});
  REQUIRE(t);
  CHECK(t.size() == 15);
  CHECK(t.bytes() == 60);
  CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
  for (float x : t.values<float>()) CHECK(x == 0);
  const View v = t.view();
  CHECK(v.rank == 2);
  CHECK(v.extents[0] == 3);
  CHECK(v.strides[0] == 5);
  CHECK(v.strides[1] == 1);
}

TEST_CASE("copies of a tensor share its elements, a clone has its own") {
  Tensor t(DType::i32, {{kRow, 2}});
  Tensor same = t;
  Tensor other = t.clone();
  t.values<std::int32_t>()[1] = 7;
  CHECK(same.at(1) == 7);
  CHECK(other.at(1) == 0);
  CHECK(other.axes() == t.axes());
  CHECK_FALSE(Tensor().clone());
}

TEST_CASE("elements of every dtype are read as doubles") {
  Tensor f(DType::f32, {}), d(DType::f64, {}), i(DType::i32, {}), b(DType::boolean, {});
  f.values<float>()[0] = 0.5F;
  d.values<double>()[0] = 1e300;
  i.values<std::int32_t>()[0] = -9;
  b.values<bool>()[0] = true;
  CHECK(f.item() == 0.5);
  CHECK(d.item() == 1e300);
  CHECK(i.item() == -9);
  CHECK(b.item() == 1);
  CHECK_THROWS_AS(f.at(1), std::out_of_range);
  CHECK_THROWS_AS(f.at(-1), std::out_of_range);
  CHECK_THROWS_AS(Tensor().item(), std::out_of_range);
}

TEST_CASE("empty and impossible extents") {
  Tensor none(DType::f64, {{kRow, 0}, {kColumn, 4}});
  CHECK(none);
  CHECK(none.size() == 0);
  CHECK_THROWS_AS(Tensor(DType::f32, {{kRow, -1}}), std::invalid_argument);
  // More than 63 bits of bytes, with and without an empty axis: no wrap-around, no huge stride.
  const std::int64_t huge = std::int64_t{1} << 40;
  CHECK_THROWS_AS(Tensor(DType::f32, {{kRow, huge}, {kColumn, huge}}), OutOfMemory);
  CHECK_THROWS_AS(Tensor(DType::f32, {{kRow, huge}, {kColumn, huge}, {AxisId{9}, 0}}), OutOfMemory);
}

#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // whose allocators stop the program instead
TEST_CASE("memory that can't be had is an error that says how much") {
  try {
    Tensor(DType::f32, {{kRow, std::int64_t{1} << 58}});
    FAIL("memory for 2^58 floats");
  } catch (const OutOfMemory& error) {
    CHECK(std::string(error.what()).find("could not get 1.00 EiB of memory for") != std::string::npos);
  }
}
#endif
