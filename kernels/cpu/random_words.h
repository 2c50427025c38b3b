#pragma once

#include "kernels/cpu/philox_vector.h"
#include "kernels/cpu/space.h"

namespace weft::WEFT_ISA {

/// The words of consecutive elements, many at a time.
class RandomWords {
 public:
  /// Elements in one filling; a multiple of what a vector of counters gives on every instruction set.
  static constexpr std::int64_t kWords = 1024;

  RandomWords(const KernelCall& call, std::uint32_t stream)
      : key_(philox::key_of(call.random)), iteration_(call.iteration), stream_(stream) {}

  /// words[j] of element first + j for j < n; first is a multiple of 4, n <= kWords. What lies behind is
  /// overwritten up to kWords.
  void fill(std::int64_t first, std::int64_t n, std::uint32_t* words) const {
    static_assert(kWords % (4 * philox::kCounters) == 0);
    for (std::int64_t done = 0; done < n; done += 4 * philox::kCounters) {
      const std::uint64_t counter = static_cast<std::uint64_t>(first + done) / 4;
      // a filling never begins near enough to a multiple of 2^32 counters to cross it
      philox::blocks(static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
                     iteration_, stream_, key_, words + done);
    }
  }

  /// f(pointers, numbers, n) for stretches of n elements along the last dim that cover the space, in
  /// parallel; transform(words, numbers, count) makes the numbers of whole fillings, a multiple of 4 elements
  /// at a time.
  template <class T, std::size_t N, class Transform, class F>
  void for_each_stretch(const Space<N>& space, const Pointers<N>& data, const Workers& workers,
                        Transform&& transform, F&& f) const {
    workers.for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
      alignas(64) std::uint32_t words[kWords];
      alignas(64) T numbers[kWords];
      for (std::int64_t first = begin; first < end; first += kWords) {
        const std::int64_t n = end - first < kWords ? end - first : kWords;
        fill(first, n, words);
        transform(words, numbers, (n + 3) / 4 * 4);
        std::int64_t at = 0;
        walk(space, data, first, first + n, [&](const Pointers<N>& p, std::int64_t m) {
          f(p, numbers + at, m);
          at += m;
        });
      }
    });
  }

 private:
  philox::Key key_;
  std::uint32_t iteration_, stream_;
};

}  // namespace weft::WEFT_ISA
