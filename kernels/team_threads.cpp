#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/team.h"

namespace weft {

namespace {

struct Job {
  Team::Work work;
  void* context;
  int left;         // calls that nobody has taken
  int running = 0;  // calls that have not returned
  std::exception_ptr error;
};

}  // namespace

/// Threads that wait for a job. One job at a time; who comes meanwhile, or from within, works alone.
struct Team::Threads {
  explicit Threads(int more) {
    for (int i = 1; i <= more; ++i) threads.emplace_back([this, i] { wait(i); });
  }

  ~Threads() {
    {
      const std::lock_guard lock(mutex);
      over = true;
    }
    changed.notify_all();
    for (std::thread& t : threads) t.join();
  }

  void wait(int thread) {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return over || (job && job->left > 0); });
      if (over) return;
      take(lock, thread);
    }
  }

  /// One call of the present job.
  void take(std::unique_lock<std::mutex>& lock, int thread) {
    Job& mine = *job;
    --mine.left;
    ++mine.running;
    lock.unlock();
    std::exception_ptr error;
    try {
      mine.work(mine.context, thread);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error && !mine.error) mine.error = error;
    if (--mine.running == 0 && mine.left == 0) changed.notify_all();
  }

  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable changed;
  Job* job = nullptr;
  bool over = false;
};

Team::Team(int threads) : size_(threads), threads_(std::make_unique<Threads>(threads - 1)) {}

Team::~Team() = default;

void Team::run(int times, Work work, void* context) {
  Threads& t = *threads_;
  std::unique_lock lock(t.mutex);
  if (t.job) {
    lock.unlock();
    for (int i = 0; i < times; ++i) work(context, 0);
    return;
  }
  Job job{work, context, times, 0, nullptr};
  t.job = &job;
  t.changed.notify_all();
  while (job.left > 0) t.take(lock, 0);
  t.changed.wait(lock, [&] { return job.running == 0; });
  t.job = nullptr;
  lock.unlock();
  if (job.error) std::rethrow_exception(job.error);
}

}  // namespace weft
