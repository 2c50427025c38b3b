#include "lang/session.h"

#include <algorithm>
#include <charconv>

#include "lang/check/elaborator.h"
#include "lang/run/model_file.h"
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

std::string kind_of_option(const check::Value& v) {
  if (check::as<check::NumberValue>(v)) return "number";
  if (check::as<check::BoolValue>(v)) return "true or false";
  return "text";
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
  elaborator_->read(*parsed_.back());
  diagnostics = elaborator_->take_diagnostics();
  if (!options_.interactive && diagnostics.empty()) {
    elaborator_->check_unused();
    diagnostics = elaborator_->take_diagnostics();
  }
  const bool failed = std::any_of(diagnostics.begin(), diagnostics.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::error; });
  if (failed) {
    program_.actions.resize(actions);
    if (options_.interactive) elaborator_->forget_faulty();
    return diagnostics;
  }
  for (std::uint32_t f = 0; f < sources_.size(); ++f) {
    const Sources::Source& s = sources_[f];
    if (s.name.rfind("std.", 0) == 0) continue;  // the library is the binary's own
    std::string& kept = provenance_.files[options_.interactive ? provenance_.main : s.name];
    if (!options_.interactive) {
      kept = s.text;
    } else if (f == file) {
      kept += s.text + "\n";
    }
  }
  for (const check::OptionInfo& o : elaborator_->options()) provenance_.options[o.name] = text_of(o.value);
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
  return machine_.run(provenance_);
}

std::vector<ScriptOption> Session::options() const {
  std::vector<ScriptOption> out;
  for (const check::OptionInfo& o : elaborator_->options()) {
    out.push_back({o.name, kind_of_option(o.fallback), text_of(o.fallback), o.help});
  }
  return out;
}

void Session::refuse(const std::string& what) {
  throw ModelFileError(model_path_.string() + ": " + what);
}

void Session::load(const std::filesystem::path& path) {
  model_path_ = path;
  StoredModel stored = read_model(path);
  check::CheckOptions check;
  check.overrides = stored.provenance.options;
  check.declarations_only = true;
  check.files = stored.provenance.files;
  elaborator_ = std::make_unique<check::Elaborator>(sources_, program_, std::move(check));
  elaborator_->set_interactive();
  const std::uint32_t file =
      sources_.add(stored.provenance.main, stored.provenance.files.at(stored.provenance.main));
  Parsed parsed = parse(sources_, file);
  std::vector<Diagnostic> diagnostics = std::move(parsed.diagnostics);
  parsed_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
  elaborator_->read(*parsed_.back());
  const auto found = elaborator_->take_diagnostics();
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  if (!diagnostics.empty()) refuse("its source no longer checks:\n" + render(diagnostics[0], sources_));
  set_precision();

  for (std::size_t d = 0; d < program_.data.size(); ++d) {
    const DataSource& source = program_.data[d];
    const auto corpus = stored.corpora.find(source.name);
    if (corpus == stored.corpora.end()) refuse("the labels of `" + source.name + "` are missing");
    OpenedData opened;
    opened.tokens = corpus->second.tokens;
    for (const std::string& set : source.schema->label_sets) {
      const auto labels = corpus->second.labels.find(set);
      if (labels == corpus->second.labels.end())
        refuse("the labels `" + source.name + "." + set + "` are missing");
      try {
        opened.labels.push_back(std::make_shared<Labels>(labels->second));
      } catch (const std::invalid_argument& e) {
        refuse(e.what());
      }
    }
    machine_.provide(static_cast<DataId>(d), std::move(opened));
  }
  machine_.run(stored.provenance);  // parameters and values; nothing else is left of the program

  model_ = stored.name;
  const check::Binding* model = elaborator_->find(model_);
  const auto* instance = model ? check::as<check::InstanceValue>(model->value) : nullptr;
  if (!instance) refuse("its source has no model `" + model_ + "`");
  std::vector<NamedParameter> parameters;
  elaborator_->collect_parameters(*instance->instance, "", parameters);
  for (const NamedParameter& p : parameters) {
    const auto tensor = stored.file.tensors.find(p.path);
    if (tensor == stored.file.tensors.end()) refuse("tensor \"" + p.path + "\" is missing");
    try {
      fill(machine_.value(p.variable), tensor->second, p.path);
    } catch (const ModelFileError& e) {
      refuse(e.what());
    }
  }
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
