#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/view.h"

namespace weft {

/// What the kernel `fused` can do to a tile: every elementwise row of the op table, and some more. sum, mean
/// and max fold a row to one element, spread repeats one along the row.
enum class TileOp : std::uint8_t {
#define WEFT_TILE_leaf(name)
#define WEFT_TILE_view(name)
#define WEFT_TILE_kernel(name)
#define WEFT_TILE_region(name)
#define WEFT_TILE_elementwise(name) name,
#define WEFT_OP(name, kind, surface) WEFT_TILE_##kind(name)
#include "tensor/ops.def"
#undef WEFT_OP
  cast,
  dropout,
  sum,
  mean,
  max,
  spread
};

constexpr std::string_view name_of(TileOp op) {
  constexpr std::string_view names[] = {
#undef WEFT_TILE_elementwise
#define WEFT_TILE_elementwise(name) #name,
#define WEFT_OP(name, kind, surface) WEFT_TILE_##kind(name)
#include "tensor/ops.def"
#undef WEFT_OP
      "cast", "dropout", "sum", "mean", "max", "spread"};
  return names[static_cast<std::size_t>(op)];
}
#undef WEFT_TILE_leaf
#undef WEFT_TILE_view
#undef WEFT_TILE_kernel
#undef WEFT_TILE_region
#undef WEFT_TILE_elementwise

/// What one call of `fused` does to each element of its space: loads, then operations in order, then stores.
/// Values are in slots: those of the call's inputs come first, in their order, then constants, then results.
struct FusedProgram {
  struct Constant {
    DType dtype = DType::f32;
    double value = 0;
  };
  struct Instruction {
    TileOp op{};
    DType from = DType::f32;  // of the last operand, as in find_kernel
    DType to = DType::f32;
    int out = 0;
    std::array<int, 3> in{};   // those the op doesn't take repeat the first
    bool narrow = false;       // of one element a row
    double rate = 0;           // dropout
    std::uint32_t stream = 0;  // dropout
  };
  struct Store {
    int slot = 0;
    int output = 0;       // 0: the call's output, i: number i - 1 of the further ones
    bool home = false;    // the slot may be that very memory; one store of a slot at most
    bool narrow = false;  // one element a row
  };
  std::vector<Constant> constants;
  std::vector<Instruction> instructions;
  std::vector<Store> stores;
  int slots = 0;
  DType widest = DType::f32;  // of all slots
  std::int64_t row = 0;       // elements of a row, the innermost of the space; 0: nothing is folded
  bool ordered = false;       // the space's order counts elements (dropout): it has to be walked as it is
};

}  // namespace weft
