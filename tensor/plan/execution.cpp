#include "tensor/plan/execution.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "tensor/plan.h"

namespace weft::planning {

namespace {

/// Turns that take so many seconds gain little from more than one thread.
constexpr double kShortTurn = 200e-6;

/// Throws PlanOutOfMemory.
std::shared_ptr<std::byte> allocate_arena(const Program& program) {
  try {
    return allocate_zeros(program.arena_bytes, "what a step computes");
  } catch (const OutOfMemory& e) {
    std::int64_t largest = 0;
    Span origin;
    for (const Call& call : program.calls) {
      const Buffer& to = program.buffers[static_cast<std::size_t>(call.output.buffer)];
      if (to.kind != Buffer::Kind::arena || to.bytes <= largest) continue;
      largest = to.bytes;
      origin = call.origin;
    }
    throw PlanOutOfMemory(e.what(), largest, origin);
  }
}

}  // namespace

Execution::Execution(Program program) : program_(std::move(program)), arena_(allocate_arena(program_)) {
  fill_constants();
  counters_.assign(program_.loops.size() * kCounters, 0);
  moving_.resize(program_.loops.size());
  prepare_calls();
  for (const Location& place : program_.outputs) {
    std::vector<Tensor::Size> sizes;
    for (const PlacedAxis& axis : place.axes) sizes.push_back({axis.axis, axis.extent});
    outputs_.emplace_back(place.dtype, std::move(sizes),
                          std::shared_ptr<std::byte>(arena_, address(place.buffer) + place.offset));
  }
}

void Execution::fill_constants() {
  slots_.resize(program_.buffers.size());
  for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
    const Buffer& buffer = program_.buffers[i];
    if (buffer.kind != Buffer::Kind::constant) continue;
    slots_[i] = constants_.size();
    constants_.push_back(0);
    void* slot = &constants_.back();
    const auto write = [slot](auto value) { std::memcpy(slot, &value, sizeof value); };
    switch (buffer.dtype) {
      case DType::f32:
        write(static_cast<float>(buffer.value));
        break;
      case DType::f64:
        write(buffer.value);
        break;
      case DType::i32:
        write(static_cast<std::int32_t>(buffer.value));
        break;
      case DType::boolean:
        write(buffer.value != 0);
        break;
    }
  }
}

std::byte* Execution::address(BufferId id) const {
  const Buffer& buffer = program_.buffers[static_cast<std::size_t>(id)];
  switch (buffer.kind) {
    case Buffer::Kind::arena:
      return arena_.get() + buffer.offset;
    case Buffer::Kind::input:
      return buffer.tensor.data();
    case Buffer::Kind::constant:
      break;
  }
  const double* slot = constants_.data() + slots_[static_cast<std::size_t>(id)];
  return reinterpret_cast<std::byte*>(
      const_cast<double*>(slot));  // kernels only read what an input view shows
}

void Execution::prepare(const Operand& operand, View& view) {
  view = operand.view;
  view.data = address(operand.buffer) + operand.offset;
  if (operand.walks.empty()) return;
  // The pointer is set by the innermost of the loops that move it; those around it have set their counters by
  // then.
  int loop = 0;
  for (const Walk& walk : operand.walks) loop = std::max(loop, walk.counter / kCounters);
  moving_[static_cast<std::size_t>(loop)].push_back({&view.data, view.data, operand.walks});
}

void Execution::prepare_calls() {
  std::size_t inputs = 0;
  for (const Call& call : program_.calls) inputs += call.inputs.size() + call.more_outputs.size();
  views_.resize(inputs);
  calls_.resize(program_.calls.size());
  View* next = views_.data();
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    const Call& call = program_.calls[i];
    Ready& ready = calls_[i];
    ready.run = call.packs ? call.kernel->pack : call.kernel->run;
    ready.call.inputs = {next, call.inputs.size()};
    for (const Operand& input : call.inputs) prepare(input, *next++);
    prepare(call.output, ready.call.output);
    ready.call.more_outputs = {next, call.more_outputs.size()};
    for (const Operand& output : call.more_outputs) prepare(output, *next++);
    ready.call.params = &call.params;
    if (call.workspace != kNoBuffer) ready.call.workspace = address(call.workspace);
  }
}

bool Execution::run(const std::function<bool()>* stop, const Workers& workers, RandomKey random) {
  stop_ = stop;
  workers_ = &workers;
  for (Ready& ready : calls_) {
    ready.call.workers = &workers;
    ready.call.random = random;
  }
  if (record_) record_->begin();
  const bool done = run_steps(program_.steps, 0);
  if (record_) record_->end();
  return done;
}

bool Execution::run_steps(const std::vector<Step>& steps, std::uint32_t iteration) {
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::loop) {
      if (!run_loop(step.index, iteration)) return false;
      continue;
    }
    if (step.kind == Step::Kind::group) {
      if (!run_group(program_.groups[static_cast<std::size_t>(step.index)], iteration)) return false;
      continue;
    }
    if (stop_ && (*stop_)()) return false;
    Ready& ready = calls_[static_cast<std::size_t>(step.index)];
    ready.call.iteration = iteration;
    ready.run(ready.call);
    if (record_) record_->called(step.index);
  }
  return true;
}

// Side by side where there is a loop for each thread, or where turns are too short to be shared by threads;
// else the threads do each call of one loop after the other together. A record wants calls in order.
bool Execution::run_group(const Group& group, std::uint32_t iteration) {
  const auto count = static_cast<std::int64_t>(group.loops.size());
  std::atomic<bool> done{true};
  const auto run = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      if (!run_loop(group.loops[static_cast<std::size_t>(i)], iteration)) done = false;
    }
  };
  if (!record_ && (workers_->size() <= count || group.turn_seconds < kShortTurn)) {
    workers_->for_each_range(count, 1, run);
  } else {
    run(0, count);
  }
  return done;
}

bool Execution::run_loop(int id, std::uint32_t outer) {
  const Loop& loop = program_.loops[static_cast<std::size_t>(id)];
  for (std::int64_t turn = 0; turn < loop.extent; ++turn) {
    const std::int64_t position = loop.reverse ? loop.extent - 1 - turn : turn;
    counters_[static_cast<std::size_t>(counter_of(id, Counter::position))] = position;
    counters_[static_cast<std::size_t>(counter_of(id, Counter::present))] = turn % 2;
    counters_[static_cast<std::size_t>(counter_of(id, Counter::following))] = (turn + 1) % 2;
    for (const Pointer& pointer : moving_[static_cast<std::size_t>(id)]) {
      std::byte* at = pointer.base;
      for (const Walk& walk : pointer.walks)
        at += walk.step * counters_[static_cast<std::size_t>(walk.counter)];
      *pointer.target = at;
    }
    // Positions of nested loops are read as the digits of one number, so each turn of any has its own.
    if (!run_steps(loop.body,
                   outer * static_cast<std::uint32_t>(loop.extent) + static_cast<std::uint32_t>(position)))
      return false;
  }
  return true;
}

}  // namespace weft::planning
