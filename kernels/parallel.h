#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace weft {

class Team;

/// A non-owning reference to something callable: `void(begin, end)` without std::function's allocation.
class RangeBody {
 public:
  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, RangeBody>>>
  RangeBody(F&& f)  // NOLINT: implicit so that a lambda can be passed
      : object_(const_cast<void*>(static_cast<const void*>(&f))),
        call_([](void* o, std::int64_t b, std::int64_t e) {
          (*static_cast<std::remove_reference_t<F>*>(o))(b, e);
        }) {}
  void operator()(std::int64_t begin, std::int64_t end) const { call_(object_, begin, end); }

 private:
  void* object_;
  void (*call_)(void*, std::int64_t, std::int64_t);
};

/// The threads that kernels share.
class Workers {
 public:
  /// threads: how many take part, the caller included; 0 takes one for each core.
  explicit Workers(int threads = 0);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int size() const;

  /// Calls body(begin, end) over [0, n) in pieces of exactly `grain` (the last may be smaller), in any order
  /// and on any thread. Pieces depend on n and grain alone, never on the number of threads, so a kernel that
  /// gives each piece its own result and joins them in order is reproducible bit for bit. One piece, or one
  /// thread, runs in place without touching the scheduler. All pieces run in the caller's floating-point
  /// mode.
  void for_each_range(std::int64_t n, std::int64_t grain, RangeBody body) const;

 private:
  std::unique_ptr<Team> team_;
};

}  // namespace weft
