#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "kernels/parallel.h"
#include "kernels/view.h"

namespace weft {

struct FusedProgram;

/// What a step draws its random numbers from. Counter-based (Philox 4x32-10): key = (seed, step), counter =
/// (element / 4, iteration, stream), so a number depends on what it is for and never on which thread asked.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
};

/// What a kernel is told beside its views. Filled by the plan from the node's attributes.
///
/// The iteration space. Every operand of a call, the output too, is a view over the same ordered list of
/// axes; an operand that lacks an axis has stride 0 there. Elementwise kernels walk the whole space. Others
/// have their own axes last: `groups` counts them from the front of the space, as each kernel documents.
struct KernelParams {
  std::array<int, 4> groups{};      // dot: batch, m, n, k; reductions: kept, reduced; softmax: rows, classes
  std::array<double, 6> numbers{};  // op-specific constants: eps, beta1, ...; dot: which factor is packed
  std::uint32_t stream = 0;         // random kernels: which sequence of the key
  std::shared_ptr<const FusedProgram> program{};  // fused: what it computes
};

/// One call, as the plan hands it over. Kernels never see graph nodes.
struct KernelCall {
  std::span<const View> inputs;
  View output;  // for updates this is the parameter itself; other state is in `inputs`
  std::span<const View> more_outputs{};  // of ops with several results: those after the first
  const KernelParams* params = nullptr;
  std::byte* workspace = nullptr;  // workspace_bytes(...) bytes, 64-byte aligned, contents undefined
  const Workers* workers = nullptr;
  RandomKey random;
  std::uint32_t iteration = 0;  // of the innermost scan, for random kernels
};

struct Kernel {
  void (*run)(const KernelCall&) = nullptr;
  /// Scratch a call of these shapes needs; null where none ever does. Data pointers are not read.
  std::int64_t (*workspace_bytes)(const KernelCall&) = nullptr;
  /// For products. A factor that stays the same over many calls, as weights do over a loop, can be laid out
  /// once as the product wants it: input params.numbers[0] (0 or 1) of a call of these shapes takes so many
  /// bytes then; 0 where nothing is gained over so many calls. Null where a kernel has no such thing. Data
  /// pointers are not read.
  std::int64_t (*packed_bytes)(const KernelCall&, std::int64_t calls) = nullptr;
  /// Does it: inputs are those of the product and then its output, of which only the factor's data is read;
  /// output is the memory. `run` takes that memory as a third input in the factor's place, and gives the same
  /// bits.
  void (*pack)(const KernelCall&) = nullptr;
};

/// The kernel of an op row (`tensor/ops.def`) on a device for a dtype, or nullptr where there is none.
/// `dtype` is that of the call's last input (of the output where there are no inputs). Resolved when a plan
/// is made, never in a step.
const Kernel* find_kernel(std::string_view op, Device device, DType dtype);

}  // namespace weft
