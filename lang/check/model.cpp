#include <algorithm>

#include "lang/check/guards.h"

/// Models made from their declarations, chains of them, and the paths of their parameters.
namespace weft::check {

Value Elaborator::instantiate(const ModelValue& model, CallSite& site) {
  const ast::ModelDecl& d = *model.declaration;
  const std::string called = "model `" + d.name.text + "`";
  if (graph_->outer || graph_->training || !calls_.empty()) {
    return fail(code::model_in_step, site.span, "a model can't be made inside a step or function",
                "its parameters would be new each time", "make it with a `let` outside");
  }
  constexpr int kDeepestModel = 50;
  if (growth_.models >= kDeepestModel) {
    growth_.too_deep = true;
    return fail(code::recursion, site.span, "models are nested deeper than " + std::to_string(kDeepestModel),
                "a model can't contain itself");
  }
  auto instance = std::make_shared<Instance>();
  instance->declaration = &d;
  if (site.axes) instance->brackets = site.axes->span;
  instance->scope = lasting_scope();
  instance->scope->parent = model.scope;

  // Axis parameters: each side of the arrow on its own; one parameter may stand for a whole side.
  const auto bind_side = [&](bool to) {
    static const std::vector<ast::AxisItem> none;
    const auto& formal = !d.axes ? none : to ? d.axes->to : d.axes->items;
    std::vector<Dim> actual;
    if (site.axes && !axes(*site.axes, to, nullptr, actual)) return false;
    for (std::size_t i = 0; made_up_axes_ && growth_.models == 0 && i < formal.size(); ++i) {
      const Extent extent(axis_table().symbols().fresh(formal[i].name.text));
      actual.push_back({axis_table().declare(formal[i].name.text, extent, formal[i].span), extent});
    }
    if (actual.size() != formal.size() && !(formal.size() == 1 && actual.size() > 1)) {
      const Span where = site.axes ? site.axes->span : site.span;
      const std::string wanted = d.axes ? std::string(sources_.text(d.axes->span)) : "no axes";
      fail(code::axis_count, where, called + " takes " + wanted,
           site.axes ? "is given " + std::string(sources_.text(where)) : "no axes given",
           d.axes ? "write " + d.name.text + wanted + "(...) with your axes" : "",
           {{d.axes ? d.axes->span : d.name.span, "declared here"}});
      return false;
    }
    for (std::size_t i = 0; i < formal.size(); ++i) {
      std::vector<Dim> mine = formal.size() == actual.size() ? std::vector<Dim>{actual[i]} : actual;
      Extent product(1);
      for (const Dim& dim : mine) product = product * dim.extent;
      const AxisId id = axis_table().declare(formal[i].name.text, product, formal[i].span,
                                             mine.size() == 1 ? axis_table()[mine[0].axis].labels : nullptr);
      if (mine.size() == 1) {
        if (const auto source = label_source(mine[0].axis)) program_.label_sources[id] = *source;
      }
      instance->actual[id] = std::move(mine);
      instance->scope->names[formal[i].name.text] = {AxisValue{id}, formal[i].span};
    }
    return true;
  };
  if (!bind_side(false) || !bind_side(true)) return Poison{};

  std::vector<std::string> names;
  std::size_t required = 0;
  for (const ast::Parameter& p : d.parameters) {
    names.push_back(p.name.text);
    if (!p.value) required = names.size();
  }
  std::vector<const ArgumentValue*> arguments;
  if (!match_arguments(called, site, names, required, arguments)) return Poison{};
  const ScopeGuard in_scope(*this, instance->scope);
  for (std::size_t i = 0; i < d.parameters.size(); ++i) {
    const ast::Parameter& p = d.parameters[i];
    const Value v = arguments[i] ? arguments[i]->value : evaluate(*p.value);
    if (as<TensorValue>(v) || as<std::shared_ptr<TupleValue>>(v)) {
      const Span where = arguments[i] ? arguments[i]->span : p.value->span;
      return fail(code::other_computation, where, "a model can't keep a tensor that is computed here",
                  "there before the model's inputs are",
                  "give it a name before, let " + p.name.text + " = ..., and pass that");
    }
    instance->scope->names[p.name.text] = {v, p.name.span};
  }

  Instance* const outer = making_;
  making_ = instance.get();
  ++growth_.models;
  bool good = true;
  const Walked walked = each(d.members, [&](const ast::Stmt& s) {
    if (const auto* a = std::get_if<ast::AxisDecl>(&s.form)) {
      read(*a);
    } else if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
    } else if (const auto* p = std::get_if<ast::ParamDecl>(&s.form)) {
      read(*p);
    } else if (const auto* f = std::get_if<ast::FnDecl>(&s.form)) {
      instance->functions.push_back(f);
      if (!f->name) return true;
      // Seen from inside: what the model's own functions give it is in the model's own axes.
      const auto inside = std::make_shared<Instance>(*instance);
      inside->actual.clear();
      declare(*f->name, MethodValue{inside, f});
    } else {
      fail(code::not_here, s.keyword, "a model holds axis, param, let and fn", "not in a model");
      good = false;
    }
    return true;
  });
  good = good && walked == Walked::all;
  --growth_.models;
  making_ = outer;
  for (const auto& [name, binding] : instance->scope->names) good = good && !is_poison(binding.value);
  if (!good) return Poison{};
  instances_[&d] = instance;
  return InstanceValue{instance};
}

void Elaborator::read(const ast::ParamDecl& p) {
  const auto t = type(p.type, nullptr);
  Initializer initializer{Initializer::Kind::zeros, 0, 0};
  if (p.value) {
    const Value v = evaluate(*p.value);
    if (const auto* i = as<InitializerValue>(v)) {
      initializer = i->initializer;
    } else if (const auto* n = as<NumberValue>(v)) {
      initializer = {Initializer::Kind::constant, n->value, 0};
    } else if (!is_poison(v)) {
      fail(code::not_an_initializer, p.value->span,
           "a parameter starts from an initializer, not from " + kind_of(v), "not an initializer",
           "one of zeros() ones() constant(c) normal(mean, stddev) uniform(low, high) glorot() he() "
           "orthogonal()");
    }
  }
  if (!t || !settled(*t, p.type.span)) return declare(p.name, Poison{});
  if (t->element.kind != ElementKind::real) {
    fail(code::parameter_element, p.type.span, "parameters are real numbers", "not real");
    return declare(p.name, Poison{});
  }
  if (initializer.kind == Initializer::Kind::orthogonal && t->dims.size() < 2) {
    fail(code::too_few_axes, p.value->span, "orthogonal() needs two axes at least",
         "the parameter has " + std::to_string(t->dims.size()));
    return declare(p.name, Poison{});
  }
  const VariableId id = program_.add({p.name.text, VariableKind::parameter, *t, initializer, ++parameters_});
  if (program_.actions.size() <= first_action_ ||
      !std::holds_alternative<InitializeParameters>(program_.actions.back())) {
    program_.actions.push_back(InitializeParameters{});
  }
  std::get<InitializeParameters>(program_.actions.back()).variables.push_back(id);
  if (making_) making_->parts.emplace_back(p.name.text, std::make_shared<Part>(Part{id}));
  declare(p.name, VariableValue{id});
}

void Elaborator::store_part(const std::string& name, const Value& v) {
  if (!making_) return;
  if (const auto* i = as<InstanceValue>(v))
    making_->parts.emplace_back(name, std::make_shared<Part>(Part{*i}));
  if (const auto* c = as<ChainValue>(v)) making_->parts.emplace_back(name, std::make_shared<Part>(Part{*c}));
}

Value Elaborator::repeat(const ast::Repeat& r, Span) {
  Value times = evaluate(*r.count);
  if (const auto* b = as<BoolValue>(times)) times = NumberValue{b->value ? 1.0 : 0.0, true};  // there, or not
  const auto count = whole_number(times, r.count->span, "repeat");
  if (!count) return Poison{};
  if (*count < 0 || *count > 10000) {
    return fail(code::chain_length, r.count->span, "a chain has 0 to 10000 links",
                "this is " + std::to_string(*count));
  }
  ChainValue chain;
  for (std::int64_t i = 0; i < *count; ++i) {
    const Value v = evaluate(*r.element);
    const auto* instance = as<InstanceValue>(v);
    if (!instance) {
      if (is_poison(v)) return v;
      return fail(code::not_a_layer, r.element->span, "repeat chains layers, not " + kind_of(v),
                  "not a layer");
    }
    chain.links.push_back(instance->instance);
  }
  return chain;
}

namespace {

/// Each parameter of a model once: its path, and the instance that holds it as seen from where the walk
/// began.
template <class Visit>
void walk(const std::shared_ptr<Instance>& model, const std::string& prefix, std::set<VariableId>& seen,
          Visit visit) {
  const auto inner = [&](const Value& v) {
    const Value outside = seen_from_outside(v, model);
    return as<InstanceValue>(outside)->instance;
  };
  for (const auto& [name, part] : model->parts) {
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    if (const auto* id = std::get_if<VariableId>(&part->what)) {
      if (seen.insert(*id).second) visit(path, *id, model);
    } else if (const auto* i = std::get_if<InstanceValue>(&part->what)) {
      walk(inner(*i), path, seen, visit);
    } else {
      const auto& links = std::get<ChainValue>(part->what).links;
      for (std::size_t k = 0; k < links.size(); ++k) {
        walk(inner(InstanceValue{links[k]}), path + "." + std::to_string(k), seen, visit);
      }
    }
  }
}

}  // namespace

void Elaborator::collect_parameters(const Instance& model, const std::string& prefix,
                                    std::vector<NamedParameter>& out) const {
  std::set<VariableId> seen;
  for (const NamedParameter& p : out) seen.insert(p.variable);
  walk(std::make_shared<Instance>(model), prefix, seen,
       [&](const std::string& path, VariableId id, const auto&) {
         out.push_back({path, id});
       });
}

std::vector<ModelParameter> Elaborator::parameters_of(const std::shared_ptr<Instance>& model) const {
  std::vector<ModelParameter> out;
  std::set<VariableId> seen;
  walk(model, "", seen, [&](const std::string& path, VariableId id, const std::shared_ptr<Instance>& holder) {
    // Not a tensor of those axes: the weight of GRU[E -> E] has E twice.
    TensorType type = program_.variables[static_cast<std::size_t>(id)].type;
    std::vector<Dim> dims;
    for (const Dim& d : type.dims) {
      std::vector<Dim> outside = {d};
      for (const auto& [formal, actual] : holder->actual) {
        if (d.axis == formal) outside = actual;
        if (d.axis == program_.axes.primed(formal) && actual.size() == 1) {
          outside = {{program_.axes.primed(actual[0].axis), d.extent}};
        }
      }
      dims.insert(dims.end(), outside.begin(), outside.end());
    }
    type.dims = std::move(dims);
    out.push_back({path, id, std::move(type)});
  });
  return out;
}

std::string Elaborator::describe(const std::shared_ptr<Instance>& model) {
  std::string text = "model " + model->declaration->name.text;
  for (const ModelParameter& p : parameters_of(model)) {
    text += "\n  " + p.path + " : " + describe_with_extents(p.type, axis_table());
    if (frozen_.count(p.variable)) text += "  (frozen)";
  }
  return text;
}

}  // namespace weft::check
