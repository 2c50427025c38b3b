#include <algorithm>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

/// A value as a number that orders like it, larger first for `largest`; -0 is 0, NaN the largest of all.
std::uint64_t key_of(double x) {
  const auto bits = __builtin_bit_cast(std::uint64_t, x + 0.0);
  if (x != x) return ~std::uint64_t{0};
  return (bits >> 63) != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

struct Entry {
  std::uint64_t key;
  std::int32_t at;
  /// Whether this one comes first: the larger key, of equal ones the first position.
  bool operator<(const Entry& other) const { return key != other.key ? key > other.key : at < other.at; }
};

/// Up to so many are kept in order while a row is read; more are sorted.
constexpr std::int64_t kFew = 32;
/// Pieces of work, each with room for one row.
constexpr std::int64_t kPieces = 16;

std::int64_t rows_of(const KernelCall& call) {
  std::int64_t rows = 1;
  for (int d = 0; d < call.params->groups[0]; ++d) rows *= call.output.extents[d];
  return rows;
}

// out = positions of the k largest x (of the smallest where numbers[0] is 1), in their order; groups {others,
// 1: the axis searched, 1: the axis of the positions}.
template <class T>
void top_k(const KernelCall& call) {
  const View &x = call.inputs[0], &out = call.output;
  const int others = call.params->groups[0];
  const std::int64_t n = out.extents[others], k = std::min(out.extents[others + 1], n);
  const std::uint64_t turn = call.params->numbers[0] != 0 ? ~std::uint64_t{0} : 0;
  const std::int64_t from = x.strides[others] * size_of(x.dtype), to = out.strides[others + 1] * 4;
  const Space<2> rows = space_of<2>({&out, &x}, 0, others);
  if (rows.size == 0 || k == 0) return;
  const auto row = [&](std::byte* y, const std::byte* v, Entry* room) {
    const auto entry = [&](std::int64_t i) {
      const auto value = static_cast<double>(*reinterpret_cast<const T*>(v + i * from));
      return Entry{key_of(value) ^ turn, static_cast<std::int32_t>(i)};
    };
    if (k <= kFew) {
      for (std::int64_t i = 0; i < n; ++i) {
        const Entry e = entry(i);
        std::int64_t j = std::min(i, k);
        if (j == k && !(e < room[k - 1])) continue;
        if (j == k) --j;
        for (; j > 0 && e < room[j - 1]; --j) room[j] = room[j - 1];
        room[j] = e;
      }
    } else if (2 * k <= n) {
      // Only what comes before the last of the best so far is kept; they are chosen anew with every k more.
      std::int64_t count = 0;
      Entry last{};
      bool full = false;
      for (std::int64_t i = 0; i < n; ++i) {
        const Entry e = entry(i);
        if (full && !(e < last)) continue;
        room[count++] = e;
        if (count < 2 * k) continue;
        std::nth_element(room, room + k - 1, room + count);
        last = room[k - 1];
        full = true;
        count = k;
      }
      if (count > k) std::nth_element(room, room + k - 1, room + count);
      std::sort(room, room + k);
    } else {
      for (std::int64_t i = 0; i < n; ++i) room[i] = entry(i);
      if (k < n) std::nth_element(room, room + k, room + n);
      std::sort(room, room + k);
    }
    for (std::int64_t i = 0; i < k; ++i) *reinterpret_cast<std::int32_t*>(y + i * to) = room[i].at;
  };
  const std::int64_t grain = (rows.size + kPieces - 1) / kPieces;
  auto* room = reinterpret_cast<Entry*>(call.workspace);
  call.workers->for_each_range(rows.size, grain, [&](std::int64_t begin, std::int64_t end) {
    Entry few[kFew];
    Entry* mine = k <= kFew ? few : room + begin / grain * n;
    walk(rows, {out.data, x.data}, begin, end, [&](const Pointers<2>& p, std::int64_t count) {
      const auto [row_to, row_from] = rows.inner_strides();
      for (std::int64_t i = 0; i < count; ++i) row(p[0] + i * row_to, p[1] + i * row_from, mine);
    });
  });
}

std::int64_t workspace_bytes(const KernelCall& call) {
  const int others = call.params->groups[0];
  const std::int64_t n = call.output.extents[others], k = std::min(call.output.extents[others + 1], n);
  if (k <= kFew) return 0;
  return std::min(rows_of(call), kPieces) * n * static_cast<std::int64_t>(sizeof(Entry));
}

template <class T>
constexpr Kernel kKernel{&top_k<T>, &workspace_bytes};

}  // namespace

const Kernel* table::top_k(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
