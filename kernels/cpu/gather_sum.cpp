#include <algorithm>

#include "kernels/cpu/indices.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/vector.h"

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
    std::int64_t* next = offsets + begin * count_;
    const auto for_each_bag = [&](auto&& f) {
      walk(row_space_.space, row_space_.data, begin, end, [&](Pointers<kIndexed> p, std::int64_t n) {
        for (std::int64_t i = 0; i < n; ++i) {
          f(p);
          for (std::size_t k = 0; k < 2 + indices_.count(); ++k) p[k] += row_space_.space.inner_strides()[k];
        }
      });
    };
    for_each_bag([&](const Pointers<kIndexed>& bag) {
      walk(bag_space_.space, bag, [&](Pointers<kIndexed> p, std::int64_t n) {
        for (std::int64_t i = 0; i < n; ++i) {
          *next++ = indices_.offset(&p[2]);
          for (std::size_t k = 0; k < 2 + indices_.count(); ++k) p[k] += bag_space_.space.inner_strides()[k];
        }
      });
    });
    std::int64_t done = begin;
    for_each_bag([&](const Pointers<kIndexed>& bag) {
      const std::int64_t* at = offsets + done * count_;
      const std::int64_t* ahead = ++done < end ? at + count_ : nullptr;
      if (dense_) {
        sum_dense(reinterpret_cast<T*>(bag[0]), at, ahead);
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

  /// A bag whose rows' elements lie side by side. `ahead`: the rows of the next one, or null.
  void sum_dense(T* out, const std::int64_t* at, const std::int64_t* ahead) const {
    constexpr std::int64_t kLane = kLanes<T>;
    const std::int64_t length = element_space_.size;
    if (length < kLane) {
      for (std::int64_t c = 0; c < length; ++c) out[c] = element(table_.data + c * kSize, at);
      return;
    }
    // The last register ends with the row and may overlap the one before it.
    const std::int64_t registers = (length + kLane - 1) / kLane;
    for (std::int64_t first = 0; first < registers; first += kWide) {
      std::int64_t columns[kWide];
      const std::int64_t n = std::min<std::int64_t>(kWide, registers - first);
      for (std::int64_t k = 0; k < n; ++k) columns[k] = std::min((first + k) * kLane, length - kLane);
      static constexpr auto kSums = sums(std::make_integer_sequence<int, kWide>());
      (this->*kSums[static_cast<std::size_t>(n - 1)])(out, at, first == 0 ? ahead : nullptr, columns);
    }
  }

  using Sum = void (GatherSum::*)(T*, const std::int64_t*, const std::int64_t*, const std::int64_t*) const;
  template <int... N>
  static constexpr std::array<Sum, kWide> sums(std::integer_sequence<int, N...>) {
    return {&GatherSum::sum_columns<N + 1>...};
  }

  /// N registers of the result, at these columns.
  template <int N>
  void sum_columns(T* out, const std::int64_t* at, const std::int64_t* ahead,
                   const std::int64_t* columns) const {
    constexpr int kLane = kLanes<T>;
    const bool one_block = count_ <= kBlock;
    double totals[N][kLane] = {};
    Vector<T> sum[N];
    for (std::int64_t first = 0; first < count_ || first == 0; first += kBlock) {
      for (int k = 0; k < N; ++k) sum[k] = Vector<T>{};
      for (std::int64_t r = first; r < std::min(first + kBlock, count_); ++r) {
        if (ahead && ahead[r] >= 0) {
          const std::byte* row = table_.data + ahead[r];
          for (std::int64_t i = 0; i < element_space_.size * kSize; i += 64) __builtin_prefetch(row + i);
        }
        if (at[r] < 0) continue;
        const T* row = reinterpret_cast<const T*>(table_.data + at[r]);
        WEFT_UNROLL
        for (int k = 0; k < N; ++k) sum[k] += load(row + columns[k]);
      }
      if (one_block) break;
      for (int k = 0; k < N; ++k)
        for (int l = 0; l < kLane; ++l) totals[k][l] += static_cast<double>(sum[k][l]);
    }
    for (int k = 0; k < N; ++k) {
      if (one_block && call_.params->numbers[0] != 1) {
        store(out + columns[k], sum[k]);
      } else {
        for (int l = 0; l < kLane; ++l)
          out[columns[k] + l] = finished(one_block ? static_cast<double>(sum[k][l]) : totals[k][l]);
      }
    }
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
