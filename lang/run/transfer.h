#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tensor/safetensors.h"
#include "tensor/tensor.h"

/// Tensors of a model file copied into those of another model.
namespace weft {

/// Whether a path fits a pattern, in which `*` stands for any text, dots too, and `?` for one character.
bool matches(std::string_view pattern, std::string_view path);

/// One axis of a transfer: for each position here the position in the file, or -1 where the file has none.
struct AxisTransfer {
  std::vector<std::int64_t> from;
};

/// target[i, j, ..] = stored[axes[0].from[i], axes[1].from[j], ..]; what has no source keeps its value. Reals
/// of either width. Errors: invalid_argument for other elements.
void transfer(Tensor& target, const StoredTensor& stored, const std::vector<AxisTransfer>& axes);

}  // namespace weft
