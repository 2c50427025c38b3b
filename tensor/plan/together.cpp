#include "tensor/plan/together.h"

#include <algorithm>
#include <vector>

#include "tensor/plan/call_cost.h"

namespace weft::planning {

namespace {

/// Loops are run together where none takes longer than another by this factor.
constexpr double kBalance = 1.25;

/// The buffers that a step reads and writes.
struct Access {
  std::vector<BufferId> reads, writes;
};

/// Seconds, roughly, for comparisons: at 50 GF/s and 10 GB/s.
double seconds_of(const PlanCost::Share& cost) {
  return cost.flops / 50e9 + cost.bytes / 10e9;
}

class Accesses {
 public:
  explicit Accesses(const Program& program) : program_(program) {}

  Access of(const Step& step) const {
    Access access;
    add(step, access);
    for (std::vector<BufferId>* list : {&access.reads, &access.writes}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    return access;
  }

  double seconds(const Step& step) const {
    if (step.kind == Step::Kind::call)
      return seconds_of(cost_of(program_.calls[static_cast<std::size_t>(step.index)]));
    const Loop& loop = program_.loops[static_cast<std::size_t>(step.index)];
    double turn = 0;
    for (const Step& inner : loop.body) turn += seconds(inner);
    return turn * static_cast<double>(loop.extent);
  }

 private:
  void add(const Step& step, Access& access) const {
    if (step.kind == Step::Kind::loop) {
      for (const Step& inner : program_.loops[static_cast<std::size_t>(step.index)].body) add(inner, access);
      return;
    }
    const Call& call = program_.calls[static_cast<std::size_t>(step.index)];
    for (const Operand& input : call.inputs) access.reads.push_back(input.buffer);
    access.writes.push_back(call.output.buffer);
    for (const Operand& output : call.more_outputs) access.writes.push_back(output.buffer);
    // Who updates an input, as optimizers do, may have more of its state among the others.
    if (is_input(call.output.buffer))
      for (const Operand& input : call.inputs)
        if (is_input(input.buffer)) access.writes.push_back(input.buffer);
    if (call.workspace != kNoBuffer) access.writes.push_back(call.workspace);
  }

  bool is_input(BufferId id) const {
    return program_.buffers[static_cast<std::size_t>(id)].kind == Buffer::Kind::input;
  }

  const Program& program_;
};

/// The buffers of several steps.
class Touched {
 public:
  explicit Touched(std::size_t buffers) : read_(buffers), written_(buffers) {}

  void add(const Access& access) {
    for (BufferId id : access.reads) read_[static_cast<std::size_t>(id)] = true;
    for (BufferId id : access.writes) written_[static_cast<std::size_t>(id)] = true;
  }
  /// Whether the order of these steps and another one matters.
  bool conflicts(const Access& access) const {
    const auto in = [](const std::vector<char>& set) {
      return [&set](BufferId id) { return set[static_cast<std::size_t>(id)] != 0; };
    };
    return std::any_of(access.reads.begin(), access.reads.end(), in(written_)) ||
           std::any_of(access.writes.begin(), access.writes.end(), in(written_)) ||
           std::any_of(access.writes.begin(), access.writes.end(), in(read_));
  }

 private:
  std::vector<char> read_, written_;
};

class Arrangement {
 public:
  explicit Arrangement(Program& program) : program_(program), accesses_(program), steps_(program.steps) {
    for (const Step& step : steps_) access_.push_back(accesses_.of(step));
  }

  void run() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].kind == Step::Kind::loop) gather(i);
    }
  }

 private:
  /// Looks for loops after step i that may run beside it.
  void gather(std::size_t i) {
    const double cost = accesses_.seconds(steps_[i]);
    Touched late(program_.buffers.size());  // the loop, its companions, and what has to come after them
    late.add(access_[i]);
    std::vector<std::size_t> early, before, members{i};
    for (std::size_t j = i + 1; j < steps_.size(); ++j) {
      if (late.conflicts(access_[j])) {
        late.add(access_[j]);
      } else if (steps_[j].kind == Step::Kind::loop && is_balanced(cost, accesses_.seconds(steps_[j]))) {
        members.push_back(j);
        move_what_it_needs(j, early, before);
        late.add(access_[j]);
      } else {
        early.push_back(j);
      }
    }
    if (members.size() > 1) put(i, before, members);
  }

  static bool is_balanced(double a, double b) { return std::max(a, b) <= kBalance * std::min(a, b); }

  /// Moves those of the `early` steps on which step j depends, in their order, to `before`.
  void move_what_it_needs(std::size_t j, std::vector<std::size_t>& early, std::vector<std::size_t>& before) {
    Touched needed(program_.buffers.size());
    needed.add(access_[j]);
    std::vector<std::size_t> moved;
    for (std::size_t k = early.size(); k-- > 0;) {
      if (!needed.conflicts(access_[early[k]])) continue;
      needed.add(access_[early[k]]);
      moved.push_back(early[k]);
      early.erase(early.begin() + static_cast<std::ptrdiff_t>(k));
    }
    before.insert(before.end(), moved.rbegin(), moved.rend());
  }

  void put(std::size_t i, const std::vector<std::size_t>& before, const std::vector<std::size_t>& members) {
    std::vector<char> taken(steps_.size());
    for (const auto* list : {&before, &members})
      for (std::size_t k : *list) taken[k] = true;
    std::vector<Step> steps(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(i));
    std::vector<Access> access(access_.begin(), access_.begin() + static_cast<std::ptrdiff_t>(i));
    const auto take = [&](std::size_t k) {
      steps.push_back(steps_[k]);
      access.push_back(std::move(access_[k]));
    };
    Group group;
    const auto turns = static_cast<double>(program_.loops[static_cast<std::size_t>(steps_[i].index)].extent);
    group.turn_seconds = accesses_.seconds(steps_[i]) / turns;
    Access all;
    for (std::size_t k : members) {
      group.loops.push_back(steps_[k].index);
      all.reads.insert(all.reads.end(), access_[k].reads.begin(), access_[k].reads.end());
      all.writes.insert(all.writes.end(), access_[k].writes.begin(), access_[k].writes.end());
    }
    for (std::size_t k : before) take(k);
    steps.push_back({Step::Kind::group, static_cast<int>(program_.groups.size())});
    access.push_back(std::move(all));
    program_.groups.push_back(std::move(group));
    for (std::size_t k = i + 1; k < steps_.size(); ++k)
      if (!taken[k]) take(k);
    steps_ = std::move(steps);
    access_ = std::move(access);
  }

  Program& program_;
  const Accesses accesses_;
  std::vector<Step>& steps_;
  std::vector<Access> access_;  // by step
};

}  // namespace

void put_together(Program& program) {
  const auto is_loop = [](const Step& step) { return step.kind == Step::Kind::loop; };
  if (std::count_if(program.steps.begin(), program.steps.end(), is_loop) > 1) Arrangement(program).run();
}

}  // namespace weft::planning
