#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "tensor/span.h"

namespace weft {

/// What one kernel call of a plan took, over all runs; a call in a loop is made once a turn.
struct CallRecord {
  std::string_view op;
  Span origin;                  // what the call computes, in the source
  double flops = 0, bytes = 0;  // of one call, as plan_cost counts them
  std::int64_t count = 0;
  std::int64_t nanoseconds = 0;
};

/// What the calls of one plan took. Times are nanoseconds since the profile began.
class PlanRecord {
 public:
  using Clock = std::chrono::steady_clock;
  struct Event {
    int call;
    std::int64_t begin, end;
  };
  struct Run {
    std::int64_t begin = 0, end = 0;
    std::vector<Event> events;
  };
  /// How many runs of each plan are kept call by call, for a trace.
  static constexpr std::size_t kKept = 3;

  PlanRecord(std::vector<CallRecord> calls, Clock::time_point start)
      : calls_(std::move(calls)), start_(start) {}

  // of a run, in this order; what lies between two calls counts with the later one
  void begin();
  void called(int call);
  void end();

  const std::vector<CallRecord>& calls() const { return calls_; }
  std::int64_t runs() const { return runs_; }
  std::int64_t nanoseconds() const { return nanoseconds_; }
  /// The last runs, the oldest first.
  std::vector<const Run*> last_runs() const;

 private:
  std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_).count();
  }

  std::vector<CallRecord> calls_;
  Clock::time_point start_;
  std::array<Run, kKept> kept_;
  Run* run_ = nullptr;  // at hand
  std::int64_t last_ = 0, runs_ = 0, nanoseconds_ = 0;
};

/// What all plans of a run of a program took, kernel call by kernel call.
class Profile {
 public:
  /// The record of one more plan; it stays where it is as long as the profile.
  PlanRecord& add(std::vector<CallRecord> calls) { return plans_.emplace_back(std::move(calls), start_); }
  const std::deque<PlanRecord>& plans() const { return plans_; }
  double seconds_since_start() const {
    return std::chrono::duration<double>(PlanRecord::Clock::now() - start_).count();
  }

 private:
  PlanRecord::Clock::time_point start_ = PlanRecord::Clock::now();
  std::deque<PlanRecord> plans_;
};

}  // namespace weft
