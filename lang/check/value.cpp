#include "lang/check/value.h"

namespace weft::check {

std::string kind_of(const Value& v) {
  struct Name {
    std::string operator()(const Poison&) { return "nothing"; }
    std::string operator()(const NumberValue&) { return "a number"; }
    std::string operator()(const BoolValue&) { return "true or false"; }
    std::string operator()(const TextValue&) { return "a text"; }
    std::string operator()(const TensorValue&) { return "a tensor"; }
    std::string operator()(const VariableValue&) { return "a tensor"; }
    std::string operator()(const AxisValue&) { return "an axis"; }
    std::string operator()(const LabelsValue&) { return "labels"; }
    std::string operator()(const FunctionValue&) { return "a function"; }
    std::string operator()(const ModelValue&) { return "the declaration of a model"; }
    std::string operator()(const InstanceValue&) { return "a layer"; }
    std::string operator()(const ChainValue&) { return "a chain of layers"; }
    std::string operator()(const MethodValue&) { return "a method"; }
    std::string operator()(const BuiltinValue&) { return "a function"; }
    std::string operator()(const std::shared_ptr<TupleValue>&) { return "several values"; }
    std::string operator()(const DataValue&) { return "a corpus"; }
    std::string operator()(const SplitValue&) { return "a split of a corpus"; }
    std::string operator()(const RunValue&) { return "a training"; }
    std::string operator()(const WorldValue&) { return "a world"; }
    std::string operator()(const EpisodesValue&) { return "episodes"; }
    std::string operator()(const TokenizerValue&) { return "a tokenizer"; }
    std::string operator()(const InitializerValue&) { return "an initializer"; }
    std::string operator()(const ScheduleValue&) { return "a schedule"; }
    std::string operator()(const OptimizerValue&) { return "an optimizer"; }
    std::string operator()(const GenerationValue&) { return "a generated text"; }
  };
  return std::visit(Name{}, v);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += "`" + names[i] + "`";
  }
  return out;
}

namespace {

std::shared_ptr<Instance> seen_from_outside(const Instance& inner, const Instance& outer) {
  auto seen = std::make_shared<Instance>(inner);
  for (auto& [formal, actual] : seen->actual) {
    std::vector<Dim> mapped;
    for (const Dim& d : actual) {
      const auto it = outer.actual.find(d.axis);
      if (it == outer.actual.end()) {
        mapped.push_back(d);
      } else {
        mapped.insert(mapped.end(), it->second.begin(), it->second.end());
      }
    }
    actual = std::move(mapped);
  }
  return seen;
}

}  // namespace

Value seen_from_outside(const Value& member, const std::shared_ptr<Instance>& model) {
  if (const auto* v = as<VariableValue>(member)) {
    return VariableValue{v->variable, v->of ? seen_from_outside(*v->of, *model) : model};
  }
  if (const auto* m = as<MethodValue>(member)) return MethodValue{model, m->declaration};
  if (const auto* i = as<InstanceValue>(member))
    return InstanceValue{seen_from_outside(*i->instance, *model)};
  if (const auto* c = as<ChainValue>(member)) {
    ChainValue chain;
    for (const auto& link : c->links) chain.links.push_back(seen_from_outside(*link, *model));
    return chain;
  }
  if (const auto* a = as<AxisValue>(member)) {
    const auto it = model->actual.find(a->axis);
    if (it != model->actual.end() && it->second.size() == 1) return AxisValue{it->second[0].axis};
  }
  return member;
}

const ast::FnDecl* Instance::method(std::string_view name) const {
  for (const ast::FnDecl* fn : functions) {
    if (name == (fn->name ? std::string_view(fn->name->text) : std::string_view())) return fn;
  }
  return nullptr;
}

const Binding* Scope::find(const std::string& name) const {
  for (const Scope* s = this; s; s = s->parent.get()) {
    if (const auto it = s->names.find(name); it != s->names.end()) return &it->second;
  }
  return nullptr;
}

std::vector<std::string> Scope::all_names() const {
  std::vector<std::string> names;
  for (const Scope* s = this; s; s = s->parent.get()) {
    for (const auto& [name, binding] : s->names) names.push_back(name);
  }
  return names;
}

const Scope* Scope::with_rest() const {
  for (const Scope* s = this; s; s = s->parent.get()) {
    if (s->has_rest) return s;
  }
  return nullptr;
}

}  // namespace weft::check
