#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace weft {

/// How a thread's floating-point unit is set: rounding, and what it does with subnormal numbers.
class FloatMode {
 public:
  /// That of the running thread.
  static FloatMode current() {
#if defined(__SSE2__)
    return FloatMode(_mm_getcsr() & 0xffc0U);  // without what has happened since
#elif defined(__aarch64__)
    std::uint64_t bits;
    asm volatile("mrs %0, fpcr" : "=r"(bits));
    return FloatMode(bits);
#else
    return FloatMode(0);
#endif
  }

  /// The same, with subnormal operands and results taken as 0.
  FloatMode without_subnormals() const {
#if defined(__SSE2__)
    return FloatMode(bits_ | 0x8040U);  // flush to zero, denormals are zero
#elif defined(__aarch64__)
    return FloatMode(bits_ | std::uint64_t{1} << 24);
#else
    return *this;
#endif
  }

  void set() const {
#if defined(__SSE2__)
    _mm_setcsr(static_cast<unsigned>(bits_));
#elif defined(__aarch64__)
    asm volatile("msr fpcr, %0" : : "r"(bits_));
#endif
  }

  bool operator==(const FloatMode&) const = default;

 private:
  explicit FloatMode(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_;
};

/// Sets a mode for the running thread and puts back at its end what it found.
class FloatModeGuard {
 public:
  explicit FloatModeGuard(FloatMode mode) : saved_(FloatMode::current()), changed_(!(mode == saved_)) {
    if (changed_) mode.set();
  }
  ~FloatModeGuard() {
    if (changed_) saved_.set();
  }
  FloatModeGuard(const FloatModeGuard&) = delete;
  FloatModeGuard& operator=(const FloatModeGuard&) = delete;

 private:
  FloatMode saved_;
  bool changed_;
};

}  // namespace weft
