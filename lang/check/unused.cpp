#include "lang/check/guards.h"

/// What no statement has called is checked all the same, with axes and values made up for it.
namespace weft::check {

void Elaborator::check_function(const ast::FnDecl& fn, const std::shared_ptr<Scope>& defined,
                                const Instance* instance) {
  GraphScope own(axis_table());
  const GraphGuard in_graph(*this, &own);
  const auto scope = std::make_shared<Scope>();
  scope->parent = defined;
  const auto made_up = [&](const std::string& name) {
    const Extent extent(axis_table().symbols().fresh(name));
    return Dim{axis_table().declare(name, extent), extent};
  };
  if (fn.axes) {
    for (const ast::AxisItem& item : fn.axes->items) {
      scope->names[item.name.text] = {AxisValue{made_up(item.name.text).axis}, item.span};
    }
  }
  const std::vector<Dim> rest = {made_up("..")};
  CallSite site;
  site.span = site.callee = fn.name ? fn.name->span : fn.parameters.empty() ? Span{} : fn.parameters[0].span;
  site.span.end = site.span.begin;  // no place of the source: what is said of the call itself is told from it
  {
    const ScopeGuard in_scope(*this, scope);
    for (const ast::Parameter& p : fn.parameters) {
      unfollowed_ = unfollowed_ || !p.type || !p.type->axes;
      if (!p.type || !p.type->axes) return;  // a text or a plain value: nothing can be made up for it
      const auto t = type(*p.type, &rest);
      if (!t) return;
      // In the caller's axes, which for a method are those its model was made with.
      TensorType outside = *t;
      if (instance) {
        outside.dims.clear();
        for (const Dim& d : t->dims) {
          const auto actual = instance->actual.find(d.axis);
          if (actual == instance->actual.end()) {
            Dim seen = d;  // T' of a model axis is the prime of what T is outside
            for (const auto& [formal, dims] : instance->actual) {
              if (dims.size() == 1 && axis_table().primed(formal) == d.axis)
                seen.axis = axis_table().primed(dims[0].axis);
            }
            outside.dims.push_back(seen);
          } else {
            outside.dims.insert(outside.dims.end(), actual->second.begin(), actual->second.end());
          }
        }
        if (const auto of = instance->actual.find(t->element.of);
            t->element.kind == ElementKind::index && of != instance->actual.end()) {
          outside.element.of = of->second.at(0).axis;
        }
      }
      const VariableId made = program_.add({p.name.text, VariableKind::value, outside, {}, 0});
      site.arguments.push_back({"", VariableValue{made}, p.span});
    }
  }
  const std::size_t before = faults();
  concerns_training_ = false;
  CallSite outside_of_steps = site;
  call_function(fn, defined, instance, outside_of_steps);
  if (concerns_training_) {
    Training made_up_training;
    own.training = true;
    const StepGuard in_step(*this, &made_up_training);
    call_function(fn, defined, instance, site);
  }
  // A primed axis of a made-up model axis can't be told from outside: such a guess is no fault of the source;
  // nor is a `set` in a function that is nowhere called.
  reporter_.drop_faults(before, [&](const Diagnostic& d) {
    return d.code == code::axis_not_inferred || d.code == code::set_outside_training || d.span == site.span;
  });
}

void Elaborator::check_unused() {
  const std::size_t actions = program_.actions.size();
  const auto names = top_->names;
  for (const auto& [name, binding] : names) {
    if (const auto* f = as<FunctionValue>(binding.value); f && !used_.count(f->declaration)) {
      check_function(*f->declaration, f->scope, nullptr);
    }
    const auto* m = as<ModelValue>(binding.value);
    if (!m) continue;
    const ast::ModelDecl& d = *m->declaration;
    auto known = instances_.find(&d);
    if (known == instances_.end()) {
      bool complete = true;
      CallSite site;
      site.span = site.callee = d.name.span;
      for (const ast::Parameter& p : d.parameters) complete = complete && p.value;
      unfollowed_ = unfollowed_ || !complete;
      if (!complete) continue;
      made_up_axes_ = true;
      instantiate(*m, site);
      made_up_axes_ = false;
      known = instances_.find(&d);
      if (known == instances_.end()) continue;
    }
    const std::shared_ptr<Instance> instance = known->second;
    for (const ast::FnDecl* fn : instance->functions) {
      if (!used_.count(fn)) check_function(*fn, instance->scope, instance.get());
    }
  }
  program_.actions.resize(actions);
}

}  // namespace weft::check
