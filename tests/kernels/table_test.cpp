#include <string_view>

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

struct Row {
  std::string_view op, kind;
};

const std::vector<Row> kRows = {
#define WEFT_OP(name, kind, surface) {#name, #kind},
#include "tensor/ops.def"
#undef WEFT_OP
};

}  // namespace

TEST_CASE("every row that needs a kernel has one, on every instruction set") {
  for (const auto& [op, kind] : kRows)
    for (const auto set : instruction_sets()) {
      int found = 0;
      for (const DType dtype : {DType::f32, DType::f64, DType::i32, DType::boolean})
        found += find_cpu_kernel(op, set, dtype) != nullptr;
      INFO(op);
      CHECK((found > 0) == (kind == "elementwise" || kind == "kernel"));
    }
}

TEST_CASE("whatever takes float32 takes float64") {
  for (const auto& [op, kind] : kRows) {
    INFO(op);
    CHECK((find_kernel(op, Device::cpu, DType::f32) != nullptr) ==
          (find_kernel(op, Device::cpu, DType::f64) != nullptr));
  }
}

TEST_CASE("what there is no kernel for") {
  CHECK(find_kernel("no_such_op", Device::cpu, DType::f32) == nullptr);
  CHECK(find_kernel("rename", Device::cpu, DType::f32) == nullptr);
  CHECK(find_kernel("add", Device::cuda, DType::f32) == nullptr);
  CHECK(find_kernel("exp", Device::cpu, DType::i32) == nullptr);
  CHECK(find_kernel("logical_and", Device::cpu, DType::f32) == nullptr);
}

TEST_CASE("find_kernel takes the best instruction set") {
  CHECK(is_supported(InstructionSet::baseline));
  CHECK(is_supported(best_instruction_set()));
  CHECK(find_kernel("dot", Device::cpu, DType::f32) ==
        find_cpu_kernel("dot", best_instruction_set(), DType::f32));
}
