#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "kernels/isa.h"
#include "kernels/view.h"

namespace weft::WEFT_ISA {

/// One operand of a walk over many, each with dims of its own: those that can be walked as one are one, so an
/// operand that lies side by side is one run however the others are cut.
struct Strided {
  std::byte* data = nullptr;
  std::int64_t size = 0;  // bytes of an element
  int rank = 0;
  std::array<std::int64_t, kMaxRank> extents;
  std::array<std::int64_t, kMaxRank> strides;  // bytes

  /// How many elements from the start of a run on have one stride.
  std::int64_t run() const { return extents[static_cast<std::size_t>(rank - 1)]; }
};

/// The view's dims in the order given, of `rank` of them.
inline Strided strided(const View& view, const std::array<std::int64_t, kMaxRank>& extents,
                       const std::array<int, kMaxRank>& order, int rank) {
  Strided s;
  s.data = view.data;
  s.size = size_of(view.dtype);
  for (int i = 0; i < rank; ++i) {
    const std::int64_t extent = extents[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
    const std::int64_t stride =
        view.strides[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] * s.size;
    if (extent == 1) continue;
    if (s.rank > 0 && s.strides[static_cast<std::size_t>(s.rank - 1)] == stride * extent) {
      s.extents[static_cast<std::size_t>(s.rank - 1)] *= extent;
      s.strides[static_cast<std::size_t>(s.rank - 1)] = stride;
      continue;
    }
    s.extents[static_cast<std::size_t>(s.rank)] = extent;
    s.strides[static_cast<std::size_t>(s.rank)] = stride;
    ++s.rank;
  }
  if (s.rank == 0) {
    s.rank = 1;
    s.extents[0] = 1;
    s.strides[0] = s.size;
  }
  return s;
}

/// Copies n elements of `kSize` bytes between strides.
template <std::int64_t kSize>
inline void move_strided(std::byte* to, std::int64_t to_stride, const std::byte* from,
                         std::int64_t from_stride, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) std::memcpy(to + i * to_stride, from + i * from_stride, kSize);
}

inline void move_elements(std::int64_t size, std::byte* to, std::int64_t to_stride, const std::byte* from,
                          std::int64_t from_stride, std::int64_t n) {
  if (to_stride == size && from_stride == size) {
    std::memcpy(to, from, static_cast<std::size_t>(size * n));
  } else if (size == 4) {
    move_strided<4>(to, to_stride, from, from_stride, n);
  } else if (size == 1) {
    move_strided<1>(to, to_stride, from, from_stride, n);
  } else {
    move_strided<8>(to, to_stride, from, from_stride, n);
  }
}

/// A place in an operand, going forward.
class Cursor {
 public:
  void seek(const Strided& s, std::int64_t element) {
    at_ = s.data;
    held_ = nullptr;
    for (int d = s.rank - 1; d >= 0; --d) {
      const auto i = static_cast<std::size_t>(d);
      index_[i] = d == 0 ? element : element % s.extents[i];
      element = d == 0 ? 0 : element / s.extents[i];
      at_ += index_[i] * s.strides[i];
    }
  }

  /// Where the next n elements lie side by side; null where they don't.
  std::byte* direct(const Strided& s, std::int64_t n) const {
    const auto last = static_cast<std::size_t>(s.rank - 1);
    return s.strides[last] == s.size && index_[last] + n <= s.extents[last] ? at_ : nullptr;
  }

  /// The next n elements side by side: where they lie, else in `scratch`, which is the cursor's alone.
  const std::byte* read(const Strided& s, std::int64_t n, std::byte* scratch) {
    if (const std::byte* there = direct(s, n)) {
      advance(s, n);
      return there;
    }
    const auto last = static_cast<std::size_t>(s.rank - 1);
    if (s.strides[last] == 0 && index_[last] + n <= s.extents[last]) {
      if (held_ != at_ || held_count_ < n) move_elements(s.size, scratch, s.size, at_, 0, n);
      held_count_ = held_ == at_ ? std::max(held_count_, n) : n;
      held_ = at_;
    } else {
      held_ = nullptr;
      each_run(s, n, [&](std::byte* there, std::int64_t done, std::int64_t m) {
        move_elements(s.size, scratch + done * s.size, s.size, there, s.strides[last], m);
      });
      return scratch;
    }
    advance(s, n);
    return scratch;
  }

  void write(const Strided& s, std::int64_t n, const std::byte* values) {
    const std::int64_t stride = s.strides[static_cast<std::size_t>(s.rank - 1)];
    each_run(s, n, [&](std::byte* there, std::int64_t done, std::int64_t m) {
      move_elements(s.size, there, stride, values + done * s.size, s.size, m);
    });
  }

  /// One element, here.
  void put(const Strided& s, const std::byte* value) {
    std::memcpy(at_, value, static_cast<std::size_t>(s.size));
  }

  /// n elements on, all of one run.
  void advance(const Strided& s, std::int64_t n) {
    const auto last = static_cast<std::size_t>(s.rank - 1);
    at_ += n * s.strides[last];
    index_[last] += n;
    for (std::size_t d = last; d > 0 && index_[d] == s.extents[d]; --d) {
      at_ += s.strides[d - 1] - s.extents[d] * s.strides[d];
      index_[d] = 0;
      ++index_[d - 1];
    }
  }

 private:
  template <class F>
  void each_run(const Strided& s, std::int64_t n, F&& f) {
    const auto last = static_cast<std::size_t>(s.rank - 1);
    for (std::int64_t done = 0; done < n;) {
      const std::int64_t m = std::min(n - done, s.extents[last] - index_[last]);
      f(at_, done, m);
      advance(s, m);
      done += m;
    }
  }

  std::byte* at_ = nullptr;
  const std::byte* held_ = nullptr;  // the one element that the scratch repeats
  std::int64_t held_count_ = 0;
  std::array<std::int64_t, kMaxRank> index_;
};

}  // namespace weft::WEFT_ISA
