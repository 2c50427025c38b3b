#include "kernels/fused.h"

#include <cstring>
#include <memory>
#include <vector>

#include "kernels/instruction_set.h"
#include "kernels/kernel.h"
#include "tests/catch2.h"

using namespace weft;

namespace {

View rows(std::vector<float>& values, std::int64_t count, std::int64_t length, std::int64_t stride) {
  View view;
  view.data = reinterpret_cast<std::byte*>(values.data());
  view.rank = 2;
  view.extents = {count, length};
  view.strides = {stride, 1};
  return view;
}

void run(const Kernel* kernel, std::vector<View> inputs, const View& output, std::vector<View> more,
         std::shared_ptr<const FusedProgram> program) {
  const Workers workers(2);
  KernelParams params;
  params.program = std::move(program);
  KernelCall call;
  call.inputs = inputs;
  call.output = output;
  call.more_outputs = more;
  call.params = &params;
  call.workers = &workers;
  kernel->run(call);
}

}  // namespace

TEST_CASE("fused: on each instruction set what single kernels give, to rows of any stride") {
  for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4}) {
    if (!is_supported(set)) continue;
    for (const std::int64_t length : {1, 7, 130, 512, 777}) {
      CAPTURE(static_cast<int>(set), length);
      const std::int64_t count = 19;
      const auto size = static_cast<std::size_t>(count * length);
      std::vector<float> a(2 * size), b(size), product(size), expected(size), first(size), second(3 * size);
      for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 83) / 20 - 2;
      for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 47) / 30 - 1;
      const View x = rows(a, count, length, 2 * length), y = rows(b, count, length, length);
      run(find_cpu_kernel("mul", set, DType::f32), {x, y}, rows(product, count, length, length), {}, nullptr);
      run(find_cpu_kernel("tanh", set, DType::f32), {rows(product, count, length, length)},
          rows(expected, count, length, length), {}, nullptr);

      auto program = std::make_shared<FusedProgram>();
      const auto f32 = DType::f32;
      program->instructions.push_back({TileOp::mul, f32, f32, 2, {0, 1, 0}});
      program->instructions.push_back({TileOp::tanh, f32, f32, 3, {2, 2, 2}});
      program->stores.push_back({2, 0, true});
      program->stores.push_back({3, 1, true});
      program->slots = 4;
      run(find_cpu_kernel("fused", set, f32), {x, y}, rows(first, count, length, length),
          {rows(second, count, length, 3 * length)}, program);
      CHECK(std::memcmp(first.data(), product.data(), size * sizeof(float)) == 0);
      for (std::int64_t i = 0; i < count; ++i) {
        CHECK(std::memcmp(second.data() + 3 * i * length, expected.data() + i * length,
                          static_cast<std::size_t>(length) * sizeof(float)) == 0);
      }
    }
  }
}
