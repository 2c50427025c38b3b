#include "corpora/in_order.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

namespace weft::corpora {

namespace {

class Turns {
 public:
  void run(PieceWork& worker) {
    while (piece(worker)) {
    }
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  bool piece(PieceWork& worker) {
    std::exception_ptr error;
    std::int64_t number = 0;
    {
      const std::lock_guard lock(taking_);
      if (over()) return false;
      number = taken_++;
      try {
        if (!worker.take()) {
          const std::lock_guard end(joining_);
          ended_ = true;
          return false;
        }
      } catch (...) {
        error = std::current_exception();
      }
    }
    try {
      if (!error) worker.work();
    } catch (...) {
      error = std::current_exception();
    }
    std::unique_lock lock(joining_);
    changed_.wait(lock, [&] { return joined_ == number || error_; });
    if (error_) return false;
    try {
      if (error) std::rethrow_exception(error);
      // Nobody else has this turn: those who wait may look at it.
      lock.unlock();
      worker.join();
      lock.lock();
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      error_ = std::current_exception();
    }
    ++joined_;
    changed_.notify_all();
    return !error_;
  }

  bool over() {
    const std::lock_guard lock(joining_);
    return ended_ || error_;
  }

  std::mutex taking_, joining_;
  std::condition_variable changed_;
  std::int64_t taken_ = 0, joined_ = 0;
  bool ended_ = false;
  std::exception_ptr error_;
};

}  // namespace

void run_in_order(const std::vector<std::unique_ptr<PieceWork>>& workers) {
  Turns turns;
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < workers.size(); ++i) {
    try {
      threads.emplace_back([&turns, worker = workers[i].get()] { turns.run(*worker); });
    } catch (const std::system_error&) {
      break;  // no more threads are to be had: fewer do it all
    }
  }
  turns.run(*workers.front());
  for (std::thread& thread : threads) thread.join();
  turns.rethrow();
}

int thread_count(int asked) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(asked > 0 ? asked : cores, 1, 64);
}

}  // namespace weft::corpora
