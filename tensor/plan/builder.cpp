#include "tensor/plan/builder.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "tensor/passes/prepare.h"
#include "tensor/plan/check_extents.h"
#include "tensor/plan/in_place.h"
#include "tensor/plan/together.h"
#include "tensor/plan/updates.h"

namespace weft::planning {

namespace {

std::string quoted(std::string_view name) {
  return "[" + std::string(name) + "] ";
}

}  // namespace

std::int64_t Builder::evaluate(const Extent& extent) const {
  const auto value = axes_.symbols().evaluate(extent, extents_);
  if (!value) {
    throw std::invalid_argument("[plan] expected a value for every extent, got none for " +
                                axes_.symbols().describe(extent));
  }
  return *value;
}

std::vector<Size> Builder::sizes(std::span<const Dim> dims) const {
  if (dims.size() > kMaxRank) {
    throw std::invalid_argument("[plan] expected at most " + std::to_string(kMaxRank) + " axes, got " +
                                std::to_string(dims.size()));
  }
  std::vector<Size> result;
  for (const Dim& d : dims) {
    result.push_back({d.axis, evaluate(d.extent)});
    if (result.back().extent < 0) {
      throw std::invalid_argument("[plan] expected extents of at least 0, got " + axes_.name(d.axis) + " = " +
                                  std::to_string(result.back().extent));
    }
  }
  return result;
}

BufferId Builder::add_buffer(Buffer buffer) {
  program_.buffers.push_back(std::move(buffer));
  return static_cast<BufferId>(program_.buffers.size()) - 1;
}

BufferId Builder::add_arena_buffer(std::int64_t bytes, LoopId loop) {
  Buffer buffer;
  buffer.bytes = bytes;
  buffer.loop = loop;
  return add_buffer(std::move(buffer));
}

Location Builder::new_value(DType dtype, std::span<const Size> sizes, LoopId loop) {
  return dense(add_arena_buffer(bytes_of(dtype, sizes), loop), 0, dtype, sizes);
}

void Builder::add_nodes(Scope& scope) {
  for (NodeId id = 0; id < scope.graph.size(); ++id) {
    if (scope.live.nodes[static_cast<std::size_t>(id)] && scope.graph[id].op == OpId::concat)
      want_pieces(scope, id);
  }
  for (NodeId id = 0; id < scope.graph.size(); ++id) {
    if (!scope.live.nodes[static_cast<std::size_t>(id)]) continue;
    const Span origin = scope.graph[id].origin;
    try {
      add_node(scope, id);
    } catch (const PlanError&) {  // of a loop's body, which knows better
      throw;
    } catch (const PlanOutOfMemory&) {
      throw;
    } catch (const std::invalid_argument& e) {
      throw PlanError(e.what(), origin);
    } catch (const OutOfMemory& e) {
      throw PlanOutOfMemory(e.what(), 0, origin);
    }
    note_place(scope, id);
  }
}

void Builder::add_node(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  switch (op(node.op).kind) {
    case OpKind::leaf:
      // Inputs have their places before anything else.
      if (node.op == OpId::constant) scope.at(id) = constant(node, node.attributes.numbers.at(0));
      if (node.op == OpId::extent) {
        scope.at(id) = constant(node, static_cast<double>(evaluate(node.attributes.extents.at(0))));
      }
      break;
    case OpKind::view:
      add_view(scope, id);
      break;
    case OpKind::region:
      add_scan(scope, id);
      break;
    case OpKind::elementwise:
    case OpKind::kernel:
      if (node.op == OpId::concat && add_pieces(scope, id)) break;
      if (node.op == OpId::fused) {
        add_fused(scope, id);
        break;
      }
      add_kernel(scope, id);
      break;
  }
}

void Builder::note_place(Scope& scope, NodeId id) const {
  const BufferId buffer = scope.at(id).buffer;
  if (scope.loop != kTop || buffer == kNoBuffer) return;
  if (program_.buffers[static_cast<std::size_t>(buffer)].kind == Buffer::Kind::input)
    scope.in_input[buffer].push_back(id);
}

Location Builder::constant(const Node& node, double value) {
  Buffer buffer;
  buffer.kind = Buffer::Kind::constant;
  buffer.dtype = storage(node.type);
  buffer.bytes = size_of(buffer.dtype);
  buffer.value = value;
  const DType dtype = buffer.dtype;
  return repeated(add_buffer(std::move(buffer)), dtype, sizes(node.type.dims));
}

void Builder::add_kernel(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  const Op& row = op(node.op);
  const std::vector<TensorType> types = row.results ? row.results(scope.graph, id) : std::vector{node.type};
  const std::vector<Size> result = sizes(types.front().dims);
  const IterationSpace space = iteration_space(scope.graph, id);
  const std::vector<Size> walked = sizes(space.dims);
  check_extents(scope.graph, id, space, walked);

  Call call;
  call.name = row.name;
  call.node = id;
  call.params.groups = space.groups;
  call.params.stream = node.attributes.index;
  const std::vector<double>& numbers = node.attributes.numbers;
  if (numbers.size() > call.params.numbers.size())
    throw std::logic_error(quoted(row.name) + "has too many numbers");
  std::copy(numbers.begin(), numbers.end(), call.params.numbers.begin());

  // Places that are written are looked up before old values move away from them.
  const std::vector<int> written = written_inputs(node.op);
  std::vector<Location> places(node.inputs.size());
  for (int i : written) places[static_cast<std::size_t>(i)] = written_place(scope, id, i);
  if (!written.empty()) save_old_values(scope, id, written);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (places[i].buffer == kNoBuffer) places[i] = scope.at(node.inputs[i]);
  }

  Location& place = scope.at(id);
  if (row.in_place >= 0) {
    place = places.at(static_cast<std::size_t>(row.in_place));
  } else if (const auto wanted = scope.wanted.find(id); wanted != scope.wanted.end()) {
    place = wanted->second;
  } else {
    place = new_value(storage(types.front()), result, scope.loop);
  }
  if (row.results) {
    std::vector<Location>& results = scope.results[id];
    results = {place};
    for (std::size_t i = 1; i < types.size(); ++i) {
      results.push_back(new_value(storage(types[i]), sizes(types[i].dims), scope.loop));
      call.more_outputs.push_back(operand(results.back(), walked));
    }
  }

  for (const Location& input : places) {
    std::vector<Size> own = walked;
    if (node.op == OpId::concat || node.op == OpId::pad) {
      // The last axis is as long as this operand has it.
      const PlacedAxis* last = find(input, own.back().axis);
      own.back().extent = last ? last->extent : 1;
    }
    call.inputs.push_back(operand(input, own));
  }
  call.output = operand(place, walked);
  if (node.op == OpId::pad) {
    const std::int64_t offset = evaluate(node.attributes.extents.at(0));
    const std::int64_t length = call.inputs.at(0).view.extents[walked.size() - 1];
    if (offset < 0 || offset > walked.back().extent - length) {
      throw std::invalid_argument("[pad] expected room for " + std::to_string(length) + " positions of " +
                                  axes_.name(walked.back().axis) + " = " +
                                  std::to_string(walked.back().extent) + ", got them from " +
                                  std::to_string(offset) + " on");
    }
    call.params.numbers[0] = static_cast<double>(offset);
  }
  if (node.op == OpId::scatter_add) {
    std::int64_t elements = 1;
    for (const Size& s : result) elements *= s.extent;
    call.params.numbers[0] = static_cast<double>(elements);
  }
  const bool nothing_to_write = std::all_of(types.begin(), types.end(), [&](const TensorType& type) {
    const std::vector<Size> all = sizes(type.dims);
    return std::any_of(all.begin(), all.end(), [](const Size& s) { return s.extent == 0; });
  });
  if (!nothing_to_write) add_call(scope, std::move(call));
}

void Builder::add_call(Scope& scope, Call call) {
  const DType dtype = call.inputs.empty() ? call.output.view.dtype : call.inputs.back().view.dtype;
  call.kernel = find_kernel(call.name, options_.device, dtype);
  if (!call.kernel) {
    throw std::logic_error(quoted(call.name) + "expected a kernel for " + name_of(dtype) + " on the " +
                           (options_.device == Device::cpu ? "CPU" : "GPU") + ", got none");
  }
  pack_factor(scope, call);
  if (call.kernel->workspace_bytes) {
    std::vector<View> views, more;
    for (const Operand& input : call.inputs) views.push_back(input.view);
    for (const Operand& output : call.more_outputs) more.push_back(output.view);
    KernelCall shapes;
    shapes.inputs = views;
    shapes.more_outputs = more;
    shapes.output = call.output.view;
    shapes.params = &call.params;
    const std::int64_t bytes = call.kernel->workspace_bytes(shapes);
    if (bytes > 0) call.workspace = add_arena_buffer(bytes, scope.loop);
  }
  call.origin = scope.graph[call.node].origin;
  program_.calls.push_back(std::move(call));
  scope.steps.push_back({Step::Kind::call, static_cast<int>(program_.calls.size()) - 1});
}

void Builder::add_copy(Scope& scope, NodeId node, const Location& from, const Location& to) {
  Call call;
  call.name = op(OpId::copy).name;
  call.node = node;
  std::vector<Size> space;
  bool empty = false;
  for (const PlacedAxis& axis : to.axes) {
    space.push_back({axis.axis, axis.extent});
    empty = empty || axis.extent == 0;
  }
  if (empty) return;
  call.inputs.push_back(operand(from, space));
  call.output = operand(to, space);
  add_call(scope, std::move(call));
}

const Location& Builder::written_place(Scope& scope, NodeId effect, int input) const {
  const NodeId id = scope.graph[effect].inputs[static_cast<std::size_t>(input)];
  const auto home = scope.homes.find(id);
  const Location& place = home != scope.homes.end() ? home->second : scope.at(id);
  if (scope.loop != kTop ||
      program_.buffers[static_cast<std::size_t>(place.buffer)].kind != Buffer::Kind::input) {
    throw std::invalid_argument(quoted(op(scope.graph[effect].op).name) +
                                "expected an input of the graph to update, got a computed value");
  }
  return place;
}

void Builder::save_old_values(Scope& scope, NodeId effect, std::span<const int> written) {
  std::vector<NodeId> there;
  for (int input : written) {
    // Whoever isn't read from now on needn't be looked at again.
    std::vector<NodeId>& known = scope.in_input[written_place(scope, effect, input).buffer];
    there.insert(there.end(), known.begin(), known.end());
    known.clear();
  }
  for (NodeId id : there) {
    const std::size_t i = static_cast<std::size_t>(id);
    if (scope.last_read[i] < effect) continue;
    const Location place = scope.locations[i];
    Location copy = new_value(place.dtype, sizes(scope.graph.type(id).dims), scope.loop);
    add_copy(scope, id, place, copy);
    scope.homes.emplace(id, place);
    scope.locations[i] = std::move(copy);
  }
}

namespace {

/// The location of an input node on its tensor: by axis, since the tensor's may lie in another order.
void place_input(Builder& builder, Scope& scope, Program& program, NodeId id, const Tensor& tensor) {
  const TensorType& type = scope.graph.type(id);
  const std::vector<Size> expected = builder.sizes(type.dims);
  const DType dtype = builder.storage(type);
  bool fits = tensor && tensor.dtype() == dtype && tensor.axes().size() == expected.size();
  for (const Size& size : expected) {
    fits = fits && std::find(tensor.axes().begin(), tensor.axes().end(), size) != tensor.axes().end();
  }
  if (!fits) {
    const auto text = [&](DType t, std::span<const Size> sizes) {
      std::string list;
      for (const Size& s : sizes) {
        list +=
            (list.empty() ? "" : ", ") + scope.graph.axes().name(s.axis) + " = " + std::to_string(s.extent);
      }
      return std::string(name_of(t)) + "[" + list + "]";
    };
    throw std::invalid_argument("[plan] expected " + text(dtype, expected) + " as input " +
                                std::to_string(scope.graph[id].attributes.index) + ", got " +
                                (tensor ? text(tensor.dtype(), tensor.axes()) : "nothing"));
  }
  // Two inputs may be one tensor; then an update of one is an update of the other.
  BufferId buffer = 0;
  const int known = static_cast<int>(program.buffers.size());
  while (buffer < known && program.buffers[static_cast<std::size_t>(buffer)].tensor.data() != tensor.data())
    ++buffer;
  if (buffer == known) {
    Buffer memory;
    memory.kind = Buffer::Kind::input;
    // A tensor without memory, of which only the cost is asked, may be of any size.
    memory.bytes = checked_product(tensor.size(), size_of(tensor.dtype()));
    memory.tensor = tensor;
    builder.add_buffer(std::move(memory));
  }
  scope.at(id) = dense(buffer, 0, dtype, tensor.axes());
}

/// The last node to read each node's value. Operands that are only written, and results that leave the plan,
/// count as what they are: no read, and a read after everything.
std::vector<NodeId> find_last_reads(const Graph& graph, const Liveness& live,
                                    std::span<const NodeId> outputs) {
  std::vector<NodeId> last(static_cast<std::size_t>(graph.size()), kNoNode);
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!live.nodes[static_cast<std::size_t>(id)]) continue;
    const std::vector<int> written = written_inputs(graph[id].op);
    for (std::size_t i = 0; i < graph[id].inputs.size(); ++i) {
      if (std::find(written.begin(), written.end(), static_cast<int>(i)) != written.end()) continue;
      last[static_cast<std::size_t>(graph[id].inputs[i])] = id;
    }
  }
  for (NodeId id : outputs) last[static_cast<std::size_t>(id)] = std::numeric_limits<NodeId>::max();
  return last;
}

}  // namespace

Program build(const Graph& written, std::span<const NodeId> asked, std::span<const NodeId> updates,
              const Bindings& extents, const std::vector<Tensor>& inputs, const PlanOptions& options) {
  const SharedGraph shared = prepared(written, asked, updates, extents, options);
  const Graph& graph = shared.graph;
  const std::vector<NodeId>& outputs = shared.outputs;
  const std::vector<NodeId>& effects = shared.effects;
  if (inputs.size() != graph.inputs().size()) {
    throw std::invalid_argument("[plan] expected " + std::to_string(graph.inputs().size()) + " inputs, got " +
                                std::to_string(inputs.size()));
  }
  std::vector<NodeId> roots(outputs.begin(), outputs.end());
  roots.insert(roots.end(), effects.begin(), effects.end());
  const Liveness live = find_live(graph, roots);

  Program program;
  Builder builder(program, graph.axes(), extents, options);
  Scope scope{graph, live, kTop, program.steps, {}, {}, {}, {}, find_last_reads(graph, live, outputs)};
  scope.locations.resize(static_cast<std::size_t>(graph.size()));
  for (std::size_t slot = 0; slot < inputs.size(); ++slot) {
    const NodeId id = graph.inputs()[slot];
    if (live.nodes[static_cast<std::size_t>(id)]) place_input(builder, scope, program, id, inputs[slot]);
  }
  builder.add_nodes(scope);

  for (NodeId id : outputs) {
    const std::vector<Size> sizes = builder.sizes(graph.type(id).dims);
    Location place = scope.at(id);
    const Buffer::Kind kind = program.buffers.at(static_cast<std::size_t>(place.buffer)).kind;
    if (kind != Buffer::Kind::arena || !is_dense(place, sizes) || place.offset % 64 != 0) {
      place = builder.new_value(place.dtype, sizes, kTop);
      builder.add_copy(scope, id, scope.at(id), place);
    } else {
      // A view may list its axes in another order than they lie in.
      place = dense(place.buffer, place.offset, place.dtype, sizes);
    }
    program.buffers[static_cast<std::size_t>(place.buffer)].output = true;
    program.outputs.push_back(std::move(place));
  }
  put_together(program);
  if (options.in_place) write_in_place(program);
  return program;
}

}  // namespace weft::planning
