#include "kernels/fused.h"

#include <numeric>
#include <utility>

#include "kernels/cpu/cast.h"
#include "kernels/cpu/dropout_factors.h"
#include "kernels/cpu/fold.h"
#include "kernels/cpu/stored.h"
#include "kernels/cpu/strided.h"
#include "kernels/cpu/table.h"
#include "kernels/functors.h"

namespace weft::WEFT_ISA {
namespace {

/// Elements of a tile: a dozen or two of them stay in the first-level cache.
constexpr std::int64_t kTile = 512;
/// Runs shorter than this are taken several at a time.
constexpr std::int64_t kShort = 128;
/// Rows that are folded are tiles of their own, up to so many bytes long.
constexpr std::int64_t kTileBytes = kTile * 8;
constexpr std::size_t kMaxSlots = 96;
constexpr std::size_t kMaxInstructions = 256;

using Tile = void (*)(std::byte* out, const std::byte* a, const std::byte* b, const std::byte* c,
                      std::int64_t n);

/// Truth values are read as bytes: loops over bool stay scalar.
template <class T>
using Read = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;

template <class F, class T>
void apply1(std::byte* out, const std::byte* a, const std::byte*, const std::byte*, std::int64_t n) {
  auto* y = reinterpret_cast<std::invoke_result_t<F, T>*>(out);
  const auto* x = reinterpret_cast<const stored_t<T>*>(a);
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = F{}(value_of<T>(x[i]));
}

template <class F, class T>
void apply2(std::byte* out, const std::byte* a, const std::byte* b, const std::byte*, std::int64_t n) {
  auto* y = reinterpret_cast<std::invoke_result_t<F, T, T>*>(out);
  const auto* x1 = reinterpret_cast<const stored_t<T>*>(a);
  const auto* x2 = reinterpret_cast<const stored_t<T>*>(b);
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = F{}(value_of<T>(x1[i]), value_of<T>(x2[i]));
}

template <class F, class T>
void apply3(std::byte* out, const std::byte* a, const std::byte* b, const std::byte* c, std::int64_t n) {
  auto* y = reinterpret_cast<T*>(out);
  const auto* x1 = reinterpret_cast<const stored_t<bool>*>(a);
  const auto* x2 = reinterpret_cast<const stored_t<T>*>(b);
  const auto* x3 = reinterpret_cast<const stored_t<T>*>(c);
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i)
    y[i] = F{}(value_of<bool>(x1[i]), value_of<T>(x2[i]), value_of<T>(x3[i]));
}

template <class To, class From>
void apply_cast(std::byte* out, const std::byte* a, const std::byte*, const std::byte*, std::int64_t n) {
  auto* y = reinterpret_cast<To*>(out);
  const auto* x = reinterpret_cast<const stored_t<From>*>(a);
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = converted<To>(value_of<From>(x[i]));
}

/// As the reductions do it to a row that lies side by side.
template <class Op, class T>
void apply_fold(std::byte* out, const std::byte* a, const std::byte*, const std::byte*, std::int64_t n) {
  const auto total = Op::join(Op::nothing(), fold<Op>(reinterpret_cast<const T*>(a), n));
  *reinterpret_cast<T*>(out) = static_cast<T>(total);
}

template <class T>
void apply_mean(std::byte* out, const std::byte* a, const std::byte*, const std::byte*, std::int64_t n) {
  const auto total = Sum<T>::join(Sum<T>::nothing(), fold<Sum<T>>(reinterpret_cast<const T*>(a), n));
  *reinterpret_cast<T*>(out) = static_cast<T>(total / static_cast<double>(n));
}

template <class T>
void apply_spread(std::byte* out, const std::byte* a, const std::byte*, const std::byte*, std::int64_t n) {
  auto* y = reinterpret_cast<T*>(out);
  const T x = *reinterpret_cast<const T*>(a);
  for (std::int64_t i = 0; i < n; ++i) y[i] = x;
}

template <class F, class T>
constexpr Tile tile_of() {
  if constexpr (std::invocable<F, T>)
    return &apply1<F, T>;
  else if constexpr (std::invocable<F, T, T>)
    return &apply2<F, T>;
  else if constexpr (std::invocable<F, bool, T, T>)
    return &apply3<F, T>;
  else
    return nullptr;
}

template <class Table>
constexpr Tile by_dtype(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return Table::template tile<float>();
    case DType::f64:
      return Table::template tile<double>();
    case DType::i32:
      return Table::template tile<std::int32_t>();
    case DType::boolean:
      return Table::template tile<bool>();
  }
  return nullptr;
}

template <class F>
struct Functor {
  template <class T>
  static constexpr Tile tile() {
    return tile_of<F, T>();
  }
};

struct Spread {
  template <class T>
  static constexpr Tile tile() {
    return &apply_spread<T>;
  }
};

template <class From>
struct CastFrom {
  template <class To>
  static constexpr Tile tile() {
    return &apply_cast<To, From>;
  }
};

Tile tile_for(TileOp op, DType from, DType to) {
  switch (op) {
#define WEFT_TILE_leaf(name)
#define WEFT_TILE_view(name)
#define WEFT_TILE_kernel(name)
#define WEFT_TILE_region(name)
#define WEFT_TILE_elementwise(name) \
  case TileOp::name:                \
    return by_dtype<Functor<functor::name>>(from);
#define WEFT_OP(name, kind, surface) WEFT_TILE_##kind(name)
#include "tensor/ops.def"
#undef WEFT_OP
    case TileOp::cast:
      switch (from) {
        case DType::f32:
          return by_dtype<CastFrom<float>>(to);
        case DType::f64:
          return by_dtype<CastFrom<double>>(to);
        case DType::i32:
          return by_dtype<CastFrom<std::int32_t>>(to);
        case DType::boolean:
          return by_dtype<CastFrom<bool>>(to);
      }
      return nullptr;
    case TileOp::sum:
      return from == DType::f32 ? &apply_fold<Sum<float>, float> : &apply_fold<Sum<double>, double>;
    case TileOp::mean:
      return from == DType::f32 ? &apply_mean<float> : &apply_mean<double>;
    case TileOp::max:
      return from == DType::f32 ? &apply_fold<Max<float>, float> : &apply_fold<Max<double>, double>;
    case TileOp::spread:
      return by_dtype<Spread>(from);
    case TileOp::dropout:
      break;
  }
  return nullptr;
}

/// As the kernel `dropout`, for the elements from number `first` of the space on.
template <class T>
void drop(const KernelCall& call, const FusedProgram::Instruction& what, std::int64_t first, std::byte* out,
          const std::byte* in, std::int64_t n) {
  alignas(64) T factor[DropoutFactors<T>::kMost];
  DropoutFactors<T>(call, what.stream, what.rate).fill(first, n, factor);
  auto* y = reinterpret_cast<T*>(out);
  const auto* x = reinterpret_cast<const T*>(in);
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = x[i] * factor[i] + T(0);
}

template <class T>
void fill(std::byte* to, double value, std::int64_t n) {
  auto* x = reinterpret_cast<T*>(to);
  for (std::int64_t i = 0; i < n; ++i) x[i] = static_cast<T>(value);
}

void fill(std::byte* to, const FusedProgram::Constant& constant, std::int64_t n) {
  switch (constant.dtype) {
    case DType::f32:
      return fill<float>(to, constant.value, n);
    case DType::f64:
      return fill<double>(to, constant.value, n);
    case DType::i32:
      return fill<std::int32_t>(to, constant.value, n);
    case DType::boolean:
      for (std::int64_t i = 0; i < n; ++i) reinterpret_cast<bool*>(to)[i] = constant.value != 0;
  }
}

/// How a space is cut: tiles never cross a run of the operand whose runs are shortest, or are several of
/// them.
struct Tiling {
  std::int64_t size = 1, row = 1, tile = 1, each = 1;  // each: tiles of a row
  std::int64_t count() const { return each * ((size + row - 1) / row); }
  std::int64_t begin(std::int64_t i) const { return i / each * row + i % each * tile; }
  std::int64_t length(std::int64_t i) const {
    return std::min({tile, row - i % each * tile, size - begin(i)});
  }
};

Tiling tiling_of(std::int64_t size, std::int64_t run) {
  Tiling t;
  t.size = size;
  if (run < kShort) {
    t.row = t.tile = kTile / run * run;
    return t;
  }
  t.row = run;
  t.each = (run + kTile - 1) / kTile;
  t.tile = t.each == 1 ? run : std::min(kTile, ((run + t.each - 1) / t.each + 15) / 16 * 16);
  t.each = (run + t.tile - 1) / t.tile;
  return t;
}

/// Elements to a piece of work: less of what takes longer.
std::int64_t grain_of(const FusedProgram& program) {
  std::int64_t cost = 0;
  for (const auto& instruction : program.instructions) {
    switch (instruction.op) {
      case TileOp::exp:
      case TileOp::log:
      case TileOp::log1p:
      case TileOp::expm1:
      case TileOp::erf:
      case TileOp::sigmoid:
      case TileOp::tanh:
      case TileOp::dropout:
        cost += 8;
        break;
      case TileOp::pow:
      case TileOp::cos:
      case TileOp::sin:
        cost += 64;
        break;
      default:
        cost += 1;
    }
  }
  return std::clamp<std::int64_t>(65536 / std::max<std::int64_t>(cost, 1), kTile, kGrain);
}

class Fused {
 public:
  explicit Fused(const KernelCall& call) : call_(call), program_(*call.params->program) {
    const View& space = call.output;
    std::array<int, kMaxRank> order;
    std::iota(order.begin(), order.end(), 0);
    if (!program_.ordered) {
      // By hand: the library's stable sort takes memory.
      const auto stride = [&](int d) { return std::abs(space.strides[static_cast<std::size_t>(d)]); };
      for (std::size_t i = 1; i < static_cast<std::size_t>(space.rank); ++i)
        for (std::size_t j = i; j > 0 && stride(order[j - 1]) < stride(order[j]); --j)
          std::swap(order[j - 1], order[j]);
    }
    std::int64_t run = size_ = space.size();
    const auto take = [&](const View& view, Strided& to) {
      to = strided(view, space.extents, order, space.rank);
      run = std::min(run, to.run());
    };
    for (std::size_t i = 0; i < call.inputs.size(); ++i) take(call.inputs[i], inputs_[i]);
    take(call.output, outputs_[0]);
    for (std::size_t i = 0; i < call.more_outputs.size(); ++i) take(call.more_outputs[i], outputs_[i + 1]);
    tiling_ = tiling_of(size_, run);
    if (program_.row > 0) tiling_ = {size_, program_.row, program_.row, 1};
    for (std::size_t i = 0; i < program_.instructions.size(); ++i) {
      const FusedProgram::Instruction& what = program_.instructions[i];
      tiles_[i] = tile_for(what.op, what.from, what.to);
    }
  }

  void run() const {
    const std::int64_t grain = std::max<std::int64_t>(1, grain_of(program_) / tiling_.tile);
    call_.workers->for_each_range(tiling_.count(), grain,
                                  [&](std::int64_t begin, std::int64_t end) { tiles(begin, end); });
  }

 private:
  void tiles(std::int64_t first, std::int64_t last) const {
    // Not a power of two apart, which would put all slots in the same few lines of the cache.
    const std::int64_t longest = std::max(kTile, program_.row) * size_of(program_.widest);
    const std::int64_t apart = (longest + 63) / 64 * 64 + 64;
    alignas(64) std::byte memory[kMaxSlots * (kTileBytes + 64)];
    const auto scratch = [&](std::size_t slot) { return memory + static_cast<std::int64_t>(slot) * apart; };
    std::array<const std::byte*, kMaxSlots> at;
    const std::size_t inputs = call_.inputs.size(), outputs = call_.more_outputs.size() + 1;
    std::array<Cursor, kMaxSlots> from, to;
    const std::int64_t begin = tiling_.begin(first);
    for (std::size_t i = 0; i < inputs; ++i) from[i].seek(inputs_[i], begin);
    for (std::size_t i = 0; i < outputs; ++i) to[i].seek(outputs_[i], begin);
    for (std::size_t i = inputs; i < static_cast<std::size_t>(program_.slots); ++i) at[i] = scratch(i);
    for (std::size_t i = 0; i < program_.constants.size(); ++i)
      fill(scratch(inputs + i), program_.constants[i], std::max(kTile, program_.row));

    for (std::int64_t t = first; t < last; ++t) {
      const std::int64_t n = tiling_.length(t);
      for (std::size_t i = 0; i < inputs; ++i) at[i] = from[i].read(inputs_[i], n, scratch(i));
      for (const FusedProgram::Store& store : program_.stores) {
        if (!store.home) continue;
        const auto slot = static_cast<std::size_t>(store.slot),
                   output = static_cast<std::size_t>(store.output);
        std::byte* there = to[output].direct(outputs_[output], n);
        at[slot] = there ? there : scratch(slot);
      }
      for (std::size_t i = 0; i < program_.instructions.size(); ++i) {
        const FusedProgram::Instruction& what = program_.instructions[i];
        const auto operand = [&](std::size_t k) { return at[static_cast<std::size_t>(what.in[k])]; };
        auto* out = const_cast<std::byte*>(at[static_cast<std::size_t>(what.out)]);
        if (tiles_[i]) {
          tiles_[i](out, operand(0), operand(1), operand(2), what.narrow ? 1 : n);
        } else if (what.to == DType::f32) {
          drop<float>(call_, what, tiling_.begin(t), out, operand(0), n);
        } else {
          drop<double>(call_, what, tiling_.begin(t), out, operand(0), n);
        }
      }
      for (const FusedProgram::Store& store : program_.stores) {
        const auto slot = static_cast<std::size_t>(store.slot),
                   output = static_cast<std::size_t>(store.output);
        if (store.narrow) {
          to[output].put(outputs_[output], at[slot]);
          to[output].advance(outputs_[output], n);
        } else if (store.home && at[slot] != scratch(slot)) {
          to[output].advance(outputs_[output], n);
        } else {
          to[output].write(outputs_[output], n, at[slot]);
        }
      }
    }
  }

  const KernelCall& call_;
  const FusedProgram& program_;
  std::int64_t size_;
  Tiling tiling_;
  std::array<Strided, kMaxSlots> inputs_, outputs_;
  std::array<Tile, kMaxInstructions> tiles_;
};

// Inputs, outputs and constants as params.program says; all are views over the same space. An output may be
// the memory of an input with the same strides whose last reader comes before what is stored there.
void fused(const KernelCall& call) {
  Fused(call).run();
}

constexpr Kernel kKernel{&fused, nullptr};

}  // namespace

const Kernel* table::fused(DType) {
  return &kKernel;
}

}  // namespace weft::WEFT_ISA
