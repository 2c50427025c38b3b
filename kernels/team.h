#pragma once

#include <memory>

namespace weft {

/// Threads that do one thing together: the door to the scheduler, behind Workers. oneTBB's (team_tbb.cpp);
/// under ThreadSanitizer, which doesn't see how oneTBB's own code orders what threads do and so would take
/// every loop for a race, threads of our own (team_threads.cpp).
class Team {
 public:
  /// threads >= 1, the caller included.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return size_; }

  /// What a thread does: `thread` is 0 for the caller of `run`, and for others a number below size() that a
  /// thread keeps from one run to the next for as long as it is awake.
  using Work = void (*)(void* context, int thread);

  /// Calls work(context, thread) `times` times, 1 <= times <= size(), on as many threads as are free, the
  /// caller's among them, and returns when all have returned. What one of them throws is thrown here. May be
  /// called from several threads and from within work.
  void run(int times, Work work, void* context);

 private:
  struct Threads;
  int size_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace weft
