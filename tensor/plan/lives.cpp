#include "tensor/plan/lives.h"

namespace weft::planning {

namespace {

class Finder {
 public:
  Finder(const Program& program, bool at_once)
      : program_(program), at_once_(at_once), begins_(program.loops.size()), ends_(program.loops.size()) {
    lives_.buffers.resize(program.buffers.size());
    lives_.calls.resize(program.calls.size());
    number(program.steps);
    const std::int64_t end = now_ + 1;  // after the last call: who reads outputs comes then
    now_ = 0;
    touch_all(program.steps, kTop);
    for (std::size_t i = 0; i < lives_.buffers.size(); ++i) {
      if (program.buffers[i].output && lives_.buffers[i].used()) lives_.buffers[i].include(end);
    }
  }
  Lives take() { return std::move(lives_); }

 private:
  void number(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      ++now_;
      if (step.kind == Step::Kind::call) continue;
      if (step.kind == Step::Kind::group) {
        number(members(step));
        ++now_;
        continue;
      }
      const std::size_t loop = static_cast<std::size_t>(step.index);
      begins_[loop] = now_;
      number(program_.loops[loop].body);
      ends_[loop] = ++now_;
    }
  }

  void touch_all(const std::vector<Step>& steps, LoopId loop) {
    for (const Step& step : steps) {
      ++now_;
      if (step.kind == Step::Kind::loop) {
        touch_all(program_.loops[static_cast<std::size_t>(step.index)].body, step.index);
        ++now_;
        continue;
      }
      if (step.kind == Step::Kind::group) {
        touch_group(step, loop);
        continue;
      }
      const Call& call = program_.calls[static_cast<std::size_t>(step.index)];
      lives_.calls[static_cast<std::size_t>(step.index)] = now_;
      for (const Operand& input : call.inputs) touch(input.buffer, loop);
      touch(call.output.buffer, loop);
      for (const Operand& output : call.more_outputs) touch(output.buffer, loop);
      if (call.workspace != kNoBuffer) touch(call.workspace, loop);
    }
  }

  std::vector<Step> members(const Step& group) const {
    std::vector<Step> steps;
    for (LoopId loop : program_.groups[static_cast<std::size_t>(group.index)].loops)
      steps.push_back({Step::Kind::loop, loop});
    return steps;
  }

  /// What loops that run at once use, they use all the time.
  void touch_group(const Step& group, LoopId loop) {
    const std::int64_t begin = now_;
    group_.clear();
    in_group_ = at_once_;
    touch_all(members(group), loop);
    in_group_ = false;
    ++now_;
    for (BufferId id : group_) {
      lives_.buffers[static_cast<std::size_t>(id)].include(begin);
      lives_.buffers[static_cast<std::size_t>(id)].include(now_);
    }
  }

  void touch(BufferId id, LoopId loop) {
    if (in_group_) group_.push_back(id);
    Life& life = lives_.buffers[static_cast<std::size_t>(id)];
    const LoopId own = program_.buffers[static_cast<std::size_t>(id)].loop;
    if (loop == own) return life.include(now_);
    // Used inside a loop and kept from turn to turn of it: the outermost such loop counts whole.
    while (program_.loops[static_cast<std::size_t>(loop)].parent != own) {
      loop = program_.loops[static_cast<std::size_t>(loop)].parent;
    }
    life.include(begins_[static_cast<std::size_t>(loop)]);
    life.include(ends_[static_cast<std::size_t>(loop)]);
  }

  const Program& program_;
  const bool at_once_;
  Lives lives_;
  std::vector<std::int64_t> begins_, ends_;  // moments of loops
  std::int64_t now_ = 0;
  bool in_group_ = false;
  std::vector<BufferId> group_;  // what the group at hand uses
};

}  // namespace

Lives find_lives(const Program& program, bool at_once) {
  return Finder(program, at_once).take();
}

}  // namespace weft::planning
