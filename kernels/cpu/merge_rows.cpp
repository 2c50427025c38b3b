#include <algorithm>

#include "kernels/cpu/owners.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out[r] = the sum of dy over all rows with r's index, in their order, where r is the first of them; 0 for
// the others. inputs idx, dy; groups {rows, row elements}. Linear in the rows: a hash table finds the first
// one of an index.
std::int64_t slots_for(std::int64_t rows) {
  std::int64_t slots = 16;
  while (slots < 2 * rows) slots *= 2;
  return slots;
}

std::int64_t row_count(const KernelCall& call) {
  std::int64_t rows = 1;
  for (int d = 0; d < call.params->groups[0]; ++d) rows *= call.output.extents[d];
  return rows;
}

// first[r]: the first row with r's index
void find_firsts(const Space<3>& rows, const Pointers<3>& data, std::int64_t slots, std::int32_t* first,
                 std::int32_t* indices, std::int32_t* table) {
  std::int64_t r = 0;
  walk(rows, data, [&](const Pointers<3>& p, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
      indices[r++] = *reinterpret_cast<const std::int32_t*>(p[2] + i * rows.inner_strides()[2]);
  });
  std::fill_n(table, slots, -1);
  for (std::int64_t row = 0; row < r; ++row) {
    auto slot =
        static_cast<std::int64_t>(static_cast<std::uint32_t>(indices[row]) * 0x9E3779B1u) & (slots - 1);
    while (table[slot] >= 0 && indices[table[slot]] != indices[row]) slot = (slot + 1) & (slots - 1);
    if (table[slot] < 0) table[slot] = static_cast<std::int32_t>(row);
    first[row] = table[slot];
  }
}

template <class T>
void merge_rows(const KernelCall& call) {
  const int split = call.params->groups[0];
  const View &idx = call.inputs[0], &dy = call.inputs[1];
  const std::array<const View*, 3> views{&call.output, &dy, &idx};
  const Space<3> rows = space_of<3>(views, 0, split);
  const Space<2> elements = space_of<2>({&call.output, &dy}, split, call.output.rank);
  if (rows.size == 0 || elements.size == 0) return;
  const std::int64_t slots = slots_for(rows.size);
  auto* first = reinterpret_cast<std::int32_t*>(call.workspace + Owners::workspace_bytes(rows.size));
  find_firsts(rows, pointers_of<3>(views), slots, first, first + rows.size, first + 2 * rows.size);
  const Owners owners(rows.size, call.workspace, [&](std::int64_t r) { return first[r]; });
  const std::int64_t to = elements.inner_strides()[0], from = elements.inner_strides()[1];
  const auto row_at = [&](std::int64_t r) {
    Pointers<3> found;
    walk(rows, pointers_of<3>(views), r, r + 1, [&](const Pointers<3>& p, std::int64_t) { found = p; });
    return found;
  };
  const auto apply = [&](std::byte* out, std::byte* x, auto&& f) {
    walk(elements, {out, x}, [&](const Pointers<2>& p, std::int64_t n) {
      if (to == sizeof(T) && from == sizeof(T)) {
        auto* a = reinterpret_cast<T*>(p[0]);
        const auto* b = reinterpret_cast<const T*>(p[1]);
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < n; ++i) a[i] = f(a[i], b[i]);
      } else {
        for (std::int64_t i = 0; i < n; ++i) {
          T& a = *reinterpret_cast<T*>(p[0] + i * to);
          a = f(a, *reinterpret_cast<const T*>(p[1] + i * from));
        }
      }
    });
  };
  call.workers->for_each_range(
      kOwners, rows.size * elements.size <= kGrain ? kOwners : 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t o = begin; o < end; ++o)
          for (const std::int64_t* r = owners.begin(o); r != owners.end(o); ++r) {
            const Pointers<3> here = row_at(*r);
            if (first[*r] == *r) {
              apply(here[0], here[1], [](T, T x) { return x; });
            } else {
              apply(row_at(first[*r])[0], here[1], [](T sum, T x) { return sum + x; });
              apply(here[0], here[1], [](T, T) { return T(0); });
            }
          }
      });
}

std::int64_t workspace_bytes(const KernelCall& call) {
  const std::int64_t rows = row_count(call);
  return Owners::workspace_bytes(rows) + 4 * (2 * rows + slots_for(rows));
}

template <class T>
constexpr Kernel kKernel{&merge_rows<T>, &workspace_bytes};

}  // namespace

const Kernel* table::merge_rows(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
