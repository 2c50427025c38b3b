#include "lang/session.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "lang/check/elaborator.h"
#include "lang/run/model_file.h"
#include "lang/session_step.h"
#include "lang/syntax/parse.h"

namespace weft {

namespace {

std::string text_of(const check::Value& v) {
  if (const auto* n = check::as<check::NumberValue>(v)) {
    char text[40];
    const auto end =
        std::to_chars(text, text + sizeof text, n->value).ptr;  // the shortest that reads back the same
    return {text, end};
  }
  if (const auto* b = check::as<check::BoolValue>(v)) return b->value ? "true" : "false";
  if (const auto* t = check::as<check::TextValue>(v)) return t->value;
  return "";
}

}  // namespace

Session::Session(Options options, Observer& observer)
    : options_(std::move(options)), machine_(program_, sources_, options_.machine, observer) {
  check::CheckOptions check;
  check.overrides = options_.overrides;
  elaborator_ = std::make_unique<check::Elaborator>(sources_, program_, std::move(check));
  if (options_.interactive) elaborator_->set_interactive();
}

Session::~Session() = default;

std::vector<Diagnostic> Session::read(const std::string& name, std::string text) {
  const std::uint32_t file = sources_.add(name, std::move(text));
  Parsed parsed = parse(sources_, file);
  incomplete_ = parsed.incomplete;
  std::vector<Diagnostic> diagnostics = std::move(parsed.diagnostics);
  if (!diagnostics.empty()) return diagnostics;  // what follows from a fault of syntax is no news
  if (provenance_.main.empty()) provenance_.main = name;
  const std::size_t actions = program_.actions.size();
  parsed_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
  if (options_.interactive) begin_step();
  elaborator_->read(*parsed_.back());
  diagnostics = elaborator_->take_diagnostics();
  if (!options_.interactive && diagnostics.empty()) {
    elaborator_->check_unused();
    diagnostics = elaborator_->take_diagnostics();
    if (diagnostics.empty()) diagnostics = elaborator_->take_warnings(*parsed_.back());
  }
  const bool failed = std::any_of(diagnostics.begin(), diagnostics.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::error; });
  if (failed) {
    program_.actions.resize(actions);
    if (step_) take_back(*std::exchange(step_, nullptr));
    return diagnostics;
  }
  for (std::uint32_t f = 0; f < sources_.size(); ++f) {
    const Sources::Source& s = sources_[f];
    if (s.name.rfind("std.", 0) == 0 || elaborator_->model_files().embedded(f))
      continue;  // the binary's own, a model file's
    if (!options_.interactive || s.name != provenance_.main) provenance_.files[s.name] = s.text;
  }
  for (const check::OptionInfo& o : elaborator_->options()) provenance_.options[o.name] = text_of(o.value);
  provenance_.models = elaborator_->model_files().loaded();
  set_precision();
  return diagnostics;
}

/// `option dtype = float64` makes all reals of the program doubles.
void Session::set_precision() {
  for (const check::OptionInfo& o : elaborator_->options()) {
    if (o.name == "dtype") machine_.set_real(text_of(o.value) == "float64" ? DType::f64 : DType::f32);
  }
}

Outcome Session::run() {
  return step_ ? run_step() : machine_.run(provenance_);
}

std::vector<ScriptOption> Session::options() const {
  std::vector<ScriptOption> out;
  for (const check::OptionInfo& o : elaborator_->options()) {
    out.push_back({o.name, o.kind, text_of(o.fallback), o.help});
  }
  return out;
}

void Session::refuse(const std::string& what) {
  throw ModelFileError(model_path_.string() + ": " + what);
}

void Session::load(const std::filesystem::path& path) {
  model_path_ = path;
  elaborator_ = std::make_unique<check::Elaborator>(sources_, program_, check::CheckOptions{});
  const check::LoadedModel loaded = elaborator_->model_files().load_model(path.string());
  const Provenance& source = loaded.source->provenance;
  const auto dtype = source.options.find("dtype");
  machine_.set_real(dtype != source.options.end() && dtype->second == "float64" ? DType::f64 : DType::f32);
  machine_.run(source);  // labels, parameters and values; nothing else is left of the program
  model_ = loaded.source->name;
  elaborator_->define(model_, loaded.model);
}

Session::Reader Session::reader() {
  const check::Value& model = elaborator_->find(model_)->value;
  Reader r;
  const auto text_model = elaborator_->text_model(model, "predict", {});
  const auto diagnostics = elaborator_->take_diagnostics();
  if (!text_model) refuse(diagnostics.empty() ? "the model doesn't take a text" : diagnostics[0].message);
  r.model = *text_model;
  const auto& members = check::as<check::InstanceValue>(model)->instance->scope->names;
  r.probabilities = members.count("predict") != 0;
  return r;
}

Generation Session::generation(const std::string& prompt, std::int64_t tokens, double temperature) {
  check::CallSite site;
  site.arguments.push_back({"", elaborator_->find(model_)->value, {}});
  site.arguments.push_back({"", check::TextValue{prompt}, {}});
  site.arguments.push_back({"tokens", check::NumberValue{static_cast<double>(tokens), true}, {}});
  site.arguments.push_back({"temperature", check::NumberValue{temperature, false}, {}});
  const check::Value v = elaborator_->call(elaborator_->find("generate")->value, site);
  const auto diagnostics = elaborator_->take_diagnostics();
  const auto* g = check::as<check::GenerationValue>(v);
  if (!g) refuse(diagnostics.empty() ? "the model can't generate" : diagnostics[0].message);
  return *g->generation;
}

}  // namespace weft
