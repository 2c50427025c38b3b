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
    std::string operator()(const ModelValue&) { return "a model"; }
    std::string operator()(const InstanceValue&) { return "a layer"; }
    std::string operator()(const ChainValue&) { return "a chain of layers"; }
    std::string operator()(const MethodValue&) { return "a method"; }
    std::string operator()(const BuiltinValue&) { return "a function"; }
    std::string operator()(const std::shared_ptr<TupleValue>&) { return "several values"; }
    std::string operator()(const DataValue&) { return "a corpus"; }
    std::string operator()(const SplitValue&) { return "a split of a corpus"; }
    std::string operator()(const RunValue&) { return "a training"; }
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
