#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "kernels/team.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace weft {

namespace {

using Clock = std::chrono::steady_clock;

/// How long a thread that has done its part looks for more before it goes back to sleep. The calls of a step
/// follow each other within microseconds, and waking a thread takes some tens of them.
constexpr std::chrono::microseconds kPatience{100};

void pause() {
#if defined(__SSE2__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Lets some time pass, more as it goes on: then others may need the processor.
class Wait {
 public:
  void once() {
    if (++turns_ < 4096) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }

 private:
  int turns_ = 0;
};

/// What is to be done now, and who is at it. One job at a time; who comes meanwhile, or from within, works
/// alone.
struct Desk {
  std::atomic<bool> busy{false};
  std::atomic<int> left{0};    // calls of the job that nobody has taken; 0: there is no job
  std::atomic<int> inside{0};  // threads that may be at the job
  std::atomic<int> awake{0};   // threads that look for a job, or are on their way
  std::atomic<bool> over{false};

  // of the job; written while left and inside are 0
  Team::Work work = nullptr;
  void* context = nullptr;
  std::exception_ptr error;  // by whoever sets `failed`
  std::atomic<bool> failed{false};

  void do_one(int thread) {
    try {
      work(context, thread);
    } catch (...) {
      if (!failed.exchange(true)) error = std::current_exception();
    }
  }

  /// Takes one call of the job where one is left. Only what is between the counts of `inside` may read it:
  /// its owner closes the job first and then waits for `inside` to be 0.
  bool help(int thread) {
    ++inside;
    int n = left.load();
    while (n > 0 && !left.compare_exchange_weak(n, n - 1)) {
    }
    if (n > 0) do_one(thread);
    --inside;
    return n > 0;
  }

  void look_for_jobs() {
    const int thread = std::max(1, tbb::this_task_arena::current_thread_index());
    for (auto last = Clock::now(); !over.load(std::memory_order_relaxed);) {
      bool helped = false;
      for (int i = 0; i < 64 && !helped; ++i) {
        helped = left.load(std::memory_order_relaxed) > 0 && help(thread);
        pause();
      }
      const auto now = Clock::now();
      if (helped) {
        last = now;
      } else if (now - last > kPatience) {
        break;
      }
    }
    --awake;
  }
};

}  // namespace

struct Team::Threads {
  explicit Threads(int threads) : arena(threads) {
    // Without this oneTBB lends no more threads than there are cores, which is right for all but tests.
    if (threads > tbb::info::default_concurrency())
      more.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
  }
  /// Helpers leave the desk; those that no thread has come for are run, and leave, here.
  ~Threads() {
    desk.over = true;
    if (arena.is_active()) arena.execute([this] { helpers.wait(); });
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  tbb::task_arena arena;
  std::optional<tbb::global_control> more;
  tbb::task_group helpers;
  Desk desk;
};

Team::Team(int threads) : size_(threads), threads_(std::make_unique<Threads>(threads)) {}

Team::~Team() = default;

void Team::run(int times, Work work, void* context) {
  Desk& desk = threads_->desk;
  if (times == 1 || desk.busy.exchange(true)) {
    for (int i = 0; i < times; ++i) work(context, 0);
    return;
  }
  desk.work = work;
  desk.context = context;
  desk.left = times - 1;
  for (int missing = times - 1 - desk.awake.load(); missing > 0; --missing) {
    ++desk.awake;
    threads_->arena.enqueue(threads_->helpers.defer([&desk] { desk.look_for_jobs(); }));
  }
  desk.do_one(0);
  // What nobody has taken is done here.
  while (desk.help(0)) {
  }
  for (Wait wait; desk.inside.load() != 0;) wait.once();
  std::exception_ptr error;
  if (desk.failed.exchange(false)) error = std::exchange(desk.error, nullptr);
  desk.busy = false;
  if (error) std::rethrow_exception(error);
}

}  // namespace weft
