#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"
#include "lang/check/suggest.h"

/// Worlds to learn in, and walks through them.
namespace weft::check {

Value gridworld(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!no_axes(e, b, site) || !e.match_arguments("`gridworld`", site, {"name"}, 1, a)) return Poison{};
  const auto name = e.text(a[0]->value, a[0]->span, "`gridworld`");
  if (!name) return Poison{};
  auto world = rl::make_gridworld(*name);
  if (!world) {
    const std::vector<std::string> names = rl::gridworld_names();
    const std::string near = nearest(*name, names);
    return e.fail(code::unknown_name, a[0]->span, "there is no grid world \"" + *name + "\"", "not a world",
                  near.empty() ? "the worlds are " + listed(names) : "did you mean \"" + near + "\"?", {},
                  replaced(a[0]->span, near.empty() ? "" : "\"" + near + "\""));
  }
  auto states = std::make_shared<Labels>(world->states());
  auto actions = std::make_shared<Labels>(world->actions());
  return WorldValue{std::move(world), std::move(states), std::move(actions)};
}

namespace {

/// The axis of a world's states or actions: the first declared with these labels, or one made now.
AxisId axis_of(Elaborator& e, const std::shared_ptr<const Labels>& labels, const char* name, Span span) {
  if (const auto known = e.axis_table().labelled(*labels)) return *known;
  return e.axis_table().declare(name, Extent(labels->size()), span, labels);
}

bool is_function(const Value& v) {
  return as<FunctionValue>(v) || as<MethodValue>(v) || as<InstanceValue>(v) || as<ChainValue>(v);
}

/// The node of the action that a policy takes in a state: a function's result, or what stands at the state in
/// a table. kNoNode after a diagnostic.
NodeId action_node(Elaborator& e, const ArgumentValue& policy, VariableId state, AxisId states,
                   AxisId actions) {
  const Span span = policy.span;
  Value v = policy.value;
  if (is_function(v)) {
    CallSite site{span, span, nullptr, {{"", VariableValue{state}, span}}};
    v = e.call(v, site);
    if (is_poison(v)) return kNoNode;
  }
  NodeId node = e.tensor(v, span);
  if (node == kNoNode) return kNoNode;
  const TensorType given = e.graph().graph->type(node);
  if (given.has(states)) {
    Attributes at_state;
    at_state.axes = {states};
    const Value at = e.emit(span, OpId::gather, {node, e.node_of(state)}, std::move(at_state));
    if (is_poison(at)) return kNoNode;
    node = e.tensor(at, span);
  }
  const TensorType& type = e.graph().graph->type(node);
  const AxisTable& axes = e.axis_table();
  if (type.element == Element{ElementKind::index, actions} && type.dims.empty()) return node;
  const std::string a = axes.name(actions), s = axes.name(states);
  e.fail(code::wrong_index, span, "a policy gives an action, " + a + "[], for each state",
         "gives " + describe(given, axes),
         "it is a table " + a + "[" + s + "], such as greedy[" + a + "](Q), or a function of " + s + "[]");
  return kNoNode;
}

}  // namespace

Value episodes(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  const std::vector<std::string> names = {"world", "policy", "count", "limit"};
  if (!no_axes(e, b, site) || !e.match_arguments("`episodes`", site, names, 3, a)) return Poison{};
  const auto* w = as<WorldValue>(a[0]->value);
  if (!w) {
    return e.fail(code::wrong_kind, a[0]->span,
                  "episodes are walked in a world, not in " + kind_of(a[0]->value), "not a world",
                  "let world = gridworld(\"cliff\")");
  }
  auto out = std::make_shared<EpisodeBatches>();
  out->world = w->world;
  out->limit = 10'000;
  for (const auto& [argument, value] : {std::pair(a[2], &out->count), {a[3], &out->limit}}) {
    if (!argument) continue;
    const std::string name = argument == a[2] ? "count" : "limit";
    const auto n = e.whole_number(argument->value, argument->span, name);
    if (!n) return Poison{};
    if (*n < 1) return e.fail(code::bad_value, argument->span, name + " is at least 1", "too small");
    *value = *n;
  }
  const AxisId states = axis_of(e, w->states, "State", site.span),
               actions = axis_of(e, w->actions, "Action", site.span);
  const Element state{ElementKind::index, states}, action{ElementKind::index, actions}, real{};
  auto& variables = e.program().variables;
  const auto column = [&](const char* name, const Element& element) {
    variables.push_back({name, VariableKind::column, {element, {}}, {}, 0});
    return static_cast<VariableId>(variables.size() - 1);
  };
  out->state = column("state", state);
  // The order of rl::Step.
  out->columns = {column("state", state),      column("action", action),      column("reward", real),
                  column("next_state", state), column("next_action", action), column("continues", real)};
  const NodeId node = action_node(e, *a[1], out->state, states, actions);
  if (node == kNoNode) return Poison{};
  const GraphScope& g = e.graph().root();
  out->policy = {g.owned, g.inputs, {node}, {}};
  return EpisodesValue{std::move(out)};
}

}  // namespace weft::check
