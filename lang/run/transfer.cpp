#include "lang/run/transfer.h"

#include <cstring>
#include <stdexcept>

namespace weft {

bool matches(std::string_view pattern, std::string_view path) {
  std::size_t p = 0, s = 0, star = pattern.npos, resume = 0;
  while (s < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = s;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == path[s])) {
      ++p;
      ++s;
    } else if (star != pattern.npos) {  // let the last star take one more
      p = star + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

namespace {

template <class To, class From>
void copy(Tensor& target, const StoredTensor& stored, const std::vector<AxisTransfer>& axes) {
  const auto out = target.values<To>();
  std::vector<std::int64_t> strides(axes.size(), 1), at(axes.size(), 0);
  for (std::size_t d = axes.size(); d-- > 1;) strides[d - 1] = strides[d] * stored.shape[d];
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::int64_t from = 0;
    bool there = true;
    for (std::size_t d = 0; d < axes.size() && there; ++d) {
      const std::int64_t source = axes[d].from[static_cast<std::size_t>(at[d])];
      there = source >= 0;
      from += source * strides[d];
    }
    if (there) {
      From value;
      std::memcpy(&value, stored.bytes.data() + static_cast<std::size_t>(from) * sizeof(From), sizeof value);
      out[i] = static_cast<To>(value);
    }
    for (std::size_t d = axes.size(); d-- > 0;) {
      if (++at[d] < target.axes()[d].extent) break;
      at[d] = 0;
    }
  }
}

template <class To>
void copy_from(Tensor& target, const StoredTensor& stored, const std::vector<AxisTransfer>& axes) {
  if (stored.dtype == "F32") return copy<To, float>(target, stored, axes);
  if (stored.dtype == "F64") return copy<To, double>(target, stored, axes);
  throw std::invalid_argument("[transfer] expected F32 or F64, got " + stored.dtype);
}

}  // namespace

void transfer(Tensor& target, const StoredTensor& stored, const std::vector<AxisTransfer>& axes) {
  if (target.dtype() == DType::f32) return copy_from<float>(target, stored, axes);
  if (target.dtype() == DType::f64) return copy_from<double>(target, stored, axes);
  throw std::invalid_argument("[transfer] expected a tensor of reals");
}

}  // namespace weft
