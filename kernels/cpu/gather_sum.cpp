#include <algorithm>

#include "kernels/cpu/indices.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/vector.h"
#include "kernels/prefetch.h"

namespace weft::WEFT_ISA {
namespace {

// out[c] = sum of table[c, idx_1[c, t], .., idx_g[c, t]] over t, the mean where numbers[0] is 1; groups {rows
// of the output, elements of a row, summed dims, gathered dims}; inputs table, idx_1, .., idx_g. Positions
// whose index is outside its axis add nothing. Sums as `sum` does it: 32 positions in T, their sums in
// double.
constexpr std::int64_t kBlock = 32;
constexpr int kWide = 8;  // registers of a row that are summed at once

template <class T>
class GatherSum {
 public:
  explicit GatherSum(const KernelCall& call)
      : call_(call),
        table_(call.inputs[0]),
        rows_(call.params->groups[0]),
        elements_(rows_ + call.params->groups[1]),
        summed_(elements_ + call.params->groups[2]),
        indices_(table_, summed_, call.inputs.subspan(1)),
        row_space_(call.output, call.output, call.inputs.subspan(1), 0, rows_),
        bag_space_(call.output, call.output, call.inputs.subspan(1), elements_, summed_),
        element_space_(space_of<2>({&call.output, &table_}, rows_, elements_)) {
    const auto& strides = element_space_.inner_strides();
    dense_ = element_space_.rank == 1 && strides[0] == kSize && strides[1] == kSize;
    count_ = bag_space_.space.size;
  }

  /// Where each row is, by bag.
  static std::int64_t workspace_bytes(const KernelCall& call) {
    std::int64_t n = static_cast<std::int64_t>(sizeof(std::int64_t));
    const auto& groups = call.params->groups;
    for (int d = 0; d < groups[0] + groups[1] + groups[2]; ++d)
      if (d < groups[0] || d >= groups[0] + groups[1]) n *= call.inputs[0].extents[d];
    return n;
  }

  void run() const {
    const std::int64_t each = std::max<std::int64_t>(1, count_ * element_space_.size);
    call_.workers->for_each_range(row_space_.space.size, std::max<std::int64_t>(1, kGrain / each),
                                  [&](std::int64_t begin, std::int64_t end) { bags(begin, end); });
  }

 private:
  static constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));

  /// Bags [begin, end): first where their rows are, so that they can be asked for ahead.
  void bags(std::int64_t begin, std::int64_t end) const {
    auto* const offsets = reinterpret_cast<std::int64_t*>(call_.workspace);
    const auto for_each_bag = [&](auto&& f) {
      const auto strides = row_space_.space.inner_strides();
      walk(row_space_.space, row_space_.data, begin, end, [&](Pointers<kIndexed> p, std::int64_t n) {
        for (std::int64_t i = 0; i < n; ++i) {
          f(p);
          for (std::size_t k = 0; k < 2 + indices_.count(); ++k) p[k] += strides[k];
        }
      });
    };
    const auto list = [&](auto count) {
      // Copies, as an offset that is stored could be one of these numbers for all the compiler knows.
      const Indices indices = indices_;
      const auto strides = bag_space_.space.inner_strides();
      std::int64_t* next = offsets + begin * count_;
      for_each_bag([&](const Pointers<kIndexed>& bag) {
        walk(bag_space_.space, bag, [&](Pointers<kIndexed> p, std::int64_t n) {
          for (std::int64_t i = 0; i < n; ++i) {
            *next++ = indices.offset(&p[2], count);
            for (std::size_t k = 2; k < 2 + count; ++k) p[k] += strides[k];
          }
        });
      });
    };
    if (indices_.count() == 1)
      list(std::integral_constant<std::size_t, 1>());
    else
      list(indices_.count());
    std::int64_t done = begin;
    for_each_bag([&](const Pointers<kIndexed>& bag) {
      const std::int64_t* at = offsets + done++ * count_;
      if (dense_) {
        sum_dense(reinterpret_cast<T*>(bag[0]), at, offsets + end * count_);
      } else {
        walk(element_space_, {bag[0], table_.data}, [&](const Pointers<2>& p, std::int64_t n) {
          const std::int64_t to = element_space_.inner_strides()[0], from = element_space_.inner_strides()[1];
          for (std::int64_t i = 0; i < n; ++i)
            *reinterpret_cast<T*>(p[0] + i * to) = element(p[1] + i * from, at);
        });
      }
    });
  }

  T finished(double total) const {
    return static_cast<T>(call_.params->numbers[0] == 1 ? total / static_cast<double>(count_) : total);
  }

  T element(const std::byte* column, const std::int64_t* at) const {
    double total = 0;
    for (std::int64_t first = 0; first < count_; first += kBlock) {
      T sum = 0;
      for (std::int64_t r = first; r < std::min(first + kBlock, count_); ++r)
        if (at[r] >= 0) sum += *reinterpret_cast<const T*>(column + at[r]);
      total += static_cast<double>(sum);
    }
    return finished(total);
  }

  /// A bag whose rows' elements lie side by side. `end`: of the rows of all bags.
  void sum_dense(T* out, const std::int64_t* at, const std::int64_t* end) const {
    constexpr std::int64_t kLane = kLanes<T>;
    const std::int64_t length = element_space_.size;
    if (length < kLane) {
      for (std::int64_t c = 0; c < length; ++c) out[c] = element(table_.data + c * kSize, at);
      return;
    }
    // The last register ends with the row and may overlap the one before it.
    const std::int64_t registers = (length + kLane - 1) / kLane;
    for (std::int64_t first = 0; first < registers; first += kWide) {
      const std::int64_t n = std::min<std::int64_t>(kWide, registers - first);
      static constexpr auto kSums = sums(std::make_integer_sequence<int, kWide>());
      (this->*kSums[static_cast<std::size_t>(n - 1)])(out, at, end, first * kLane,
                                                      std::min((first + n - 1) * kLane, length - kLane));
    }
  }

  using Sum = void (GatherSum::*)(T*, const std::int64_t*, const std::int64_t*, std::int64_t,
                                  std::int64_t) const;
  template <int... N>
  static constexpr std::array<Sum, kWide> sums(std::integer_sequence<int, N...>) {
    return {&GatherSum::sum_columns<N + 1>...};
  }

  /// N registers of the result, from column `first` on, but the last of them at column `last`.
  template <int N>
  void sum_columns(T* out, const std::int64_t* at, const std::int64_t* end, std::int64_t first,
                   std::int64_t last) const {
    constexpr int kLane = kLanes<T>;
    Vector<T> sum[N];
    const T* const columns = reinterpret_cast<const T*>(table_.data) + first;
    const auto row_at = [&](std::int64_t offset) { return columns + offset / kSize; };
    const std::int64_t ahead = rows_ahead(element_space_.size * kSize), rest = end - at - ahead;
    const auto sum_rows = [&](std::int64_t r, std::int64_t until) {
      WEFT_UNROLL
      for (int k = 0; k < N; ++k) sum[k] = Vector<T>{};
      for (; r < until; ++r) {
        if (r < rest && at[r + ahead] >= 0) prefetch(row_at(at[r + ahead]), N * kVectorBytes);
        if (at[r] < 0) continue;
        const T* row = row_at(at[r]);
        WEFT_UNROLL
        for (int k = 0; k < N - 1; ++k) sum[k] += load(row + k * kLane);
        sum[N - 1] += load(row + last - first);
      }
    };
    const auto column = [&](int k) { return k == N - 1 ? last : first + k * kLane; };
    const std::int64_t count = count_;
    if (count <= kBlock && call_.params->numbers[0] != 1) {
      sum_rows(0, count);
      for (int k = 0; k < N; ++k) store(out + column(k), sum[k]);
      return;
    }
    double totals[N][kLane] = {};
    for (std::int64_t r = 0; r < count; r += kBlock) {
      sum_rows(r, std::min(r + kBlock, count));
      for (int k = 0; k < N; ++k)
        for (int l = 0; l < kLane; ++l) totals[k][l] += static_cast<double>(sum[k][l]);
    }
    for (int k = 0; k < N; ++k)
      for (int l = 0; l < kLane; ++l) out[column(k) + l] = finished(totals[k][l]);
  }

  const KernelCall& call_;
  const View& table_;
  int rows_, elements_, summed_;  // where these groups end
  Indices indices_;
  Indexed row_space_, bag_space_;
  Space<2> element_space_;  // of the output and the table
  bool dense_;
  std::int64_t count_;  // rows of a bag
};

// The dtype to choose by is the indices', so the table's is looked at in the call.
void gather_sum(const KernelCall& call) {
  if (call.output.dtype == DType::f32)
    GatherSum<float>(call).run();
  else
    GatherSum<double>(call).run();
}

std::int64_t workspace_bytes(const KernelCall& call) {
  return GatherSum<float>::workspace_bytes(call);
}

constexpr Kernel kKernel{&gather_sum, &workspace_bytes};

}  // namespace

const Kernel* table::gather_sum(DType dtype) {
  return dtype == DType::i32 ? &kKernel : nullptr;
}

}  // namespace weft::WEFT_ISA
