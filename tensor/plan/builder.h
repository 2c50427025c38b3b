#pragma once

#include <map>
#include <span>
#include <utility>
#include <vector>

#include "tensor/graph.h"
#include "tensor/op.h"
#include "tensor/plan.h"
#include "tensor/plan/liveness.h"
#include "tensor/plan/location.h"
#include "tensor/plan/program.h"

namespace weft::planning {

/// Lowers a graph to a program. See Plan for the arguments and what is thrown.
Program build(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
              const Bindings& extents, const std::vector<Tensor>& inputs, const PlanOptions& options);

/// One graph on its way: the whole one, or the body of a scan.
struct Scope {
  const Graph& graph;
  const Liveness& live;
  LoopId loop;
  std::vector<Step>& steps;         // where its calls go
  std::vector<Location> locations;  // by node: where its value is to be read from now on
  /// Where the producing call is to put a value right away: in a carried buffer, a slice of a stacked one.
  std::map<NodeId, Location> wanted;
  std::map<NodeId, std::vector<Location>> results;  // of scans and of ops with several
  /// The memory of values that were copied away from it before it was overwritten: what a later update of
  /// them writes to.
  std::map<NodeId, Location> homes;
  std::vector<NodeId> last_read;  // the top only: the last node to read each
  Scope* outer = nullptr;         // what a loop's body is in
  /// As `wanted`, for single results of nodes that have several.
  std::map<std::pair<NodeId, std::uint32_t>, Location> wanted_results{};
  /// The top only: the values that lie in the memory of an input, which an update of it would overwrite.
  std::map<BufferId, std::vector<NodeId>> in_input{};

  Location& at(NodeId id) { return locations[static_cast<std::size_t>(id)]; }
};

class Builder {
 public:
  Builder(Program& program, const AxisTable& axes, const Bindings& extents, const PlanOptions& options)
      : program_(program), axes_(axes), extents_(extents), options_(options) {}

  /// Places every live node of the scope in the order of the ids, with the calls that compute it.
  void add_nodes(Scope& scope);
  /// A call of `copy`.
  void add_copy(Scope& scope, NodeId node, const Location& from, const Location& to);

  std::int64_t evaluate(const Extent& extent) const;
  std::vector<Size> sizes(std::span<const Dim> dims) const;
  DType storage(const TensorType& type) const { return storage_of(type.element, options_.real); }
  BufferId add_buffer(Buffer buffer);
  BufferId add_arena_buffer(std::int64_t bytes, LoopId loop);
  /// A dense value of its own, living in the scope's loop.
  Location new_value(DType dtype, std::span<const Size> sizes, LoopId loop);

 private:
  // builder.cpp
  void add_node(Scope& scope, NodeId id);
  Location constant(const Node& node, double value);
  void add_kernel(Scope& scope, NodeId id);
  void want_pieces(Scope& scope, NodeId concat);
  bool add_pieces(Scope& scope, NodeId concat);
  void add_call(Scope& scope, Call call);
  void pack_factor(Scope& scope, Call& call);
  void note_place(Scope& scope, NodeId id) const;
  void save_old_values(Scope& scope, NodeId effect, std::span<const int> written);
  const Location& written_place(Scope& scope, NodeId effect, int input) const;

  // fused.cpp
  void add_fused(Scope& scope, NodeId id);

  // views.cpp
  void add_view(Scope& scope, NodeId id);
  std::optional<Location> view_of(const Location& location, const Scope& scope, NodeId id) const;

  // loop.cpp
  void add_scan(Scope& scope, NodeId id);

  Program& program_;
  const AxisTable& axes_;
  const Bindings& extents_;
  const PlanOptions& options_;
};

}  // namespace weft::planning
