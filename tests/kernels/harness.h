#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "kernels/instruction_set.h"
#include "kernels/kernel.h"

/// What the kernel tests share: arrays with strides, a way to run one op on them, and element by element
/// references.
namespace weft::test {

using Extents = std::vector<std::int64_t>;
using Coordinates = std::vector<std::int64_t>;

template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  if constexpr (std::is_same_v<T, double>) return DType::f64;
  if constexpr (std::is_same_v<T, std::int32_t>) return DType::i32;
  return DType::boolean;
}

/// Calls f for each coordinate of a space, the last dim fastest.
inline void for_each(const Extents& extents, const std::function<void(const Coordinates&)>& f) {
  for (const std::int64_t e : extents)
    if (e == 0) return;
  Coordinates at(extents.size(), 0);
  for (;;) {
    f(at);
    std::size_t d = extents.size();
    while (d > 0 && ++at[d - 1] == extents[d - 1]) at[--d] = 0;
    if (d == 0) return;
  }
}

inline Extents dense_strides(const Extents& extents) {
  Extents strides(extents.size());
  std::int64_t stride = 1;
  for (std::size_t d = extents.size(); d-- > 0; stride *= extents[d]) strides[d] = stride;
  return strides;
}

/// Elements with extents and strides, in memory of their own (exactly as much as the strides reach, so that
/// sanitizers see what is read beside it).
template <class T>
class Array {
 public:
  explicit Array(Extents extents) : Array(extents, dense_strides(extents)) {}
  Array(Extents extents, Extents strides) : extents_(std::move(extents)), strides_(std::move(strides)) {
    count_ = 1;
    for (std::size_t d = 0; d < extents_.size(); ++d) {
      if (strides_[d] == 0) continue;
      if (extents_[d] == 0) count_ = 0;
      if (count_ > 0) count_ += (extents_[d] - 1) * strides_[d];
    }
    values_ = std::make_shared<T[]>(static_cast<std::size_t>(std::max<std::int64_t>(count_, 0)));
  }

  View view() const {
    View v;
    v.data = reinterpret_cast<std::byte*>(values_.get());
    v.dtype = dtype_of<T>();
    v.rank = static_cast<int>(extents_.size());
    for (std::size_t d = 0; d < extents_.size(); ++d) {
      v.extents[d] = extents_[d];
      v.strides[d] = strides_[d];
    }
    return v;
  }
  T& operator()(const Coordinates& at) const {
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < at.size(); ++d) offset += at[d] * strides_[d];
    return values_[static_cast<std::size_t>(offset)];
  }
  T& operator[](std::int64_t i) const { return values_[static_cast<std::size_t>(i)]; }
  std::int64_t count() const { return count_; }
  std::size_t bytes() const { return static_cast<std::size_t>(count_) * sizeof(T); }
  const Extents& extents() const { return extents_; }
  std::vector<T> copy() const { return std::vector<T>(values_.get(), values_.get() + count_); }
  void set(const std::vector<T>& from) const { std::copy(from.begin(), from.end(), values_.get()); }

  /// Normal numbers, or integers below `range`.
  const Array& randomize(unsigned seed, std::int64_t range = 100) const {
    std::mt19937 engine(seed);
    for (std::int64_t i = 0; i < count_; ++i) {
      if constexpr (std::is_floating_point_v<T>) {
        (*this)[i] = static_cast<T>(std::normal_distribution<double>()(engine));
      } else {
        (*this)[i] = static_cast<T>(engine() % static_cast<std::uint64_t>(range));
      }
    }
    return *this;
  }
  const Array& fill(T value) const {
    std::fill_n(values_.get(), count_, value);
    return *this;
  }

 private:
  Extents extents_, strides_;
  std::int64_t count_ = 0;
  std::shared_ptr<T[]> values_;
};

struct Options {
  InstructionSet set = best_instruction_set();
  int threads = 2;
  RandomKey random = {1, 2};
  std::uint32_t iteration = 0;
};

/// Finds the kernel as a plan does and runs it once, with a workspace full of NaN.
inline void run(const std::string& op, const std::vector<View>& inputs, const View& output,
                const KernelParams& params = {}, const Options& options = {}) {
  const DType dtype = inputs.empty() ? output.dtype : inputs.back().dtype;
  const Kernel* kernel = find_cpu_kernel(op, options.set, dtype);
  if (kernel == nullptr) throw std::logic_error("no kernel " + op);
  const Workers workers(options.threads);
  KernelCall call;
  call.inputs = inputs;
  call.output = output;
  call.params = &params;
  call.workers = &workers;
  call.random = options.random;
  call.iteration = options.iteration;
  std::byte* workspace = nullptr;
  std::vector<std::byte> memory;
  if (kernel->workspace_bytes != nullptr) {
    const auto bytes = static_cast<std::size_t>(kernel->workspace_bytes(call));
    memory.assign(bytes + 64, std::byte{0xFF});
    workspace = memory.data() + (64 - reinterpret_cast<std::uintptr_t>(memory.data()) % 64) % 64;
  }
  call.workspace = workspace;
  kernel->run(call);
}

inline std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets;
  for (const auto set : {InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4})
    if (is_supported(set)) sets.push_back(set);
  return sets;
}

/// Whether one, two and three threads leave the same bits in `output`, whose contents are restored before
/// each run.
template <class T>
bool same_bits_on_any_threads(const std::string& op, const std::vector<View>& inputs, const Array<T>& output,
                              const KernelParams& params = {}) {
  const std::vector<T> before = output.copy();
  std::vector<T> first;
  for (const int threads : {1, 2, 3}) {
    output.set(before);
    Options options;
    options.threads = threads;
    run(op, inputs, output.view(), params, options);
    if (threads == 1)
      first = output.copy();
    else if (!first.empty() && std::memcmp(first.data(), &output[0], output.bytes()) != 0)
      return false;
  }
  return true;
}

inline KernelParams groups(int a, int b = 0, int c = 0, int d = 0) {
  KernelParams params;
  params.groups = {a, b, c, d};
  return params;
}

inline KernelParams numbers(std::initializer_list<double> values, KernelParams params = {}) {
  std::copy(values.begin(), values.end(), params.numbers.begin());
  return params;
}

/// |a - b| <= tolerance * max(1, |b|); NaN and infinities have to be the same.
inline bool close(double a, double b, double tolerance) {
  if (std::isnan(b)) return std::isnan(a);
  if (std::isinf(b)) return a == b;
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

template <class T>
constexpr double tolerance_of() {
  return sizeof(T) == 4 ? 1e-5 : 1e-12;
}

inline const float kInf = std::numeric_limits<float>::infinity();
inline const float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace weft::test
