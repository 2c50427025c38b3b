#include <algorithm>
#include <system_error>

#include "lang/check/builtins/table.h"
#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"
#include "lang/run/model_file.h"
#include "lang/run/transfer.h"
#include "lang/syntax/parse.h"

/// `load`: models from files. A file holds the sources of its model; they are read again, their declarations
/// alone, in a scope of their own, with the labels and tokenizers of the file.
namespace weft::check {

namespace {

/// Puts a member back at the end of a block.
template <class T>
class Restored {
 public:
  Restored(T& member, T meanwhile) : member_(member), saved_(std::move(member)) {
    member_ = std::move(meanwhile);
  }
  ~Restored() { member_ = std::move(saved_); }
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;

 private:
  T& member_;
  T saved_;
};

/// Where the shape of a tensor is known before the run and isn't the file's: both, for a message.
std::string other_shape(const TensorType& type, const std::vector<std::int64_t>& stored,
                        const AxisTable& axes, const std::vector<bool>& matched) {
  bool same = type.dims.size() == stored.size();
  std::string text;
  for (const std::int64_t n : stored) text += (text.empty() ? "" : ", ") + std::to_string(n);
  for (std::size_t i = 0; same && i < stored.size(); ++i) {
    const auto n = type.dims[i].extent.constant();
    if (n && *n != stored[i] && !(i < matched.size() && matched[i])) same = false;
  }
  return same ? "" : "is " + describe_with_extents(type, axes) + " here, and [" + text + "] in the file";
}

}  // namespace

std::string Elaborator::source_name(std::uint32_t file) const {
  const auto it = embedded_.find(file);
  return it == embedded_.end() ? sources_[file].name : it->second;
}

std::uint32_t Elaborator::add_source(const std::string& name, std::string text) {
  const std::uint32_t file = sources_.add(data_prefix_ + name, std::move(text));
  if (!data_prefix_.empty()) embedded_[file] = name;
  return file;
}

/// The labels and the tokenizer that the model file has for a corpus, or null.
std::shared_ptr<const StoredCorpus> Elaborator::stored_corpus(const std::string& name) const {
  if (!reading_) return nullptr;
  const auto it = reading_->corpora.find(data_prefix_.substr(reading_prefix_) + name);
  return it == reading_->corpora.end() ? nullptr : it->second;
}

bool Elaborator::copies_parameters(const ast::Expr& e) {
  const auto* p = std::get_if<ast::Postfix>(&e.form);
  const auto* callee = p && p->suffixes.size() == 1 ? std::get_if<ast::Reference>(&p->base->form) : nullptr;
  const auto* call =
      callee && callee->name.text == "load" ? std::get_if<ast::Call>(&p->suffixes[0].form) : nullptr;
  return call && std::any_of(call->arguments.begin(), call->arguments.end(),
                             [](const ast::Argument& a) { return a.name && a.name->text == "into"; });
}

LoadedModel Elaborator::load_model(const std::string& path) {
  const std::string prefix = data_prefix_ + path + ":";
  std::shared_ptr<const StoredModel> file = reading_;
  std::shared_ptr<const EmbeddedModel> model;
  const auto known = options_.models.find(path);
  const bool own_file = !reading_ || known == options_.models.end();
  if (own_file) {
    if (options_.files_only) throw ModelFileError(path + ": no such file");
    file = std::make_shared<const StoredModel>(read_model(path));
    model = std::make_shared<const EmbeddedModel>(EmbeddedModel{file->name, file->provenance});
  } else {
    model = known->second;
  }
  if (!reading_) loaded_[path] = model;
  const auto refuse = [&](const std::string& what) { throw ModelFileError(path + ": " + what); };

  CheckOptions options;
  options.overrides = model->provenance.options;
  options.declarations_only = true;
  options.files = model->provenance.files;
  options.models = model->provenance.models;
  const std::size_t actions = program_.actions.size(), faults = diagnostics_.size(),
                    warnings = warnings_.size();
  auto scope = std::make_shared<Scope>();
  scope->parent = top_->parent;
  {
    const Restored r1(options_, std::move(options));
    const Restored r2(top_, scope);
    const Restored r3(scope_, scope);
    const Restored r4(graph_, &scratch_);
    const Restored<Instance*> r5(making_, nullptr);
    const Restored r6(importing_, std::vector<std::string>{model->provenance.main});
    const Restored r14(declared_, std::vector<Declared>{});
    const Restored<Recorder*> r15(recorder_, nullptr);
    const Restored r13(import_spans_, std::vector<Span>{});
    const Restored r7(imports_, std::set<std::string>{});
    const Restored r8(interactive_, true);
    const Restored r9(option_infos_, std::vector<OptionInfo>{});
    const Restored r10(data_prefix_, prefix);
    const Restored r11(reading_prefix_, own_file ? prefix.size() : reading_prefix_);
    const Restored r12(reading_, file);
    const std::uint32_t main =
        add_source(model->provenance.main, model->provenance.files.at(model->provenance.main));
    Parsed parsed = parse(sources_, main);
    diagnostics_.insert(diagnostics_.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
    imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
    read(*imported_.back());
  }
  warnings_.resize(std::min(warnings, warnings_.size()));
  if (diagnostics_.size() > faults) {
    const Diagnostic first = diagnostics_[faults];
    diagnostics_.resize(faults);
    program_.actions.resize(actions);
    refuse("its source no longer checks:\n" + render(first, sources_));
  }
  const Binding* found = scope->find(model->name);
  const auto* instance = found ? as<InstanceValue>(found->value) : nullptr;
  if (!instance) refuse("its source has no model `" + model->name + "`");
  auto own = std::make_shared<Instance>(*instance->instance);
  // The axes that its source declares; of a model that this one itself loaded, those of its source before
  // them.
  own->top = std::make_shared<Scope>();
  for (const Scope* s : {instance->instance->top.get(), scope.get()}) {
    if (!s) continue;
    for (const auto& [name, binding] : s->names) {
      if (as<AxisValue>(binding.value)) own->top->names.emplace(name, binding);
    }
  }
  LoadedModel out{InstanceValue{own}, model};
  if (!own_file) return out;  // the file being read fills its parameters

  FillParameters fill{file, path, {}};
  collect_parameters(*own, "", fill.parameters);
  std::set<VariableId> filled;
  for (const NamedParameter& p : fill.parameters) {
    const auto tensor = file->file.tensors.find(p.path);
    if (tensor == file->file.tensors.end()) refuse("tensor \"" + p.path + "\" is missing");
    const TensorType& type = program_.variables[static_cast<std::size_t>(p.variable)].type;
    if (const std::string other = other_shape(type, tensor->second.shape, axis_table(), {}); !other.empty())
      refuse("tensor \"" + p.path + "\" " + other);
    filled.insert(p.variable);
  }
  for (std::size_t i = actions; i < program_.actions.size(); ++i) {
    if (auto* made = std::get_if<InitializeParameters>(&program_.actions[i]))
      std::erase_if(made->variables, [&](VariableId v) { return filled.count(v) != 0; });
  }
  program_.actions.insert(program_.actions.begin() + static_cast<std::ptrdiff_t>(actions), std::move(fill));
  return out;
}

Value Elaborator::load(CallSite& site) {
  std::vector<const ArgumentValue*> a;
  if (!match_arguments("`load`", site, {"path", "into", "only"}, 1, a)) return Poison{};
  const auto path = text(a[0]->value, a[0]->span, "load");
  if (!path) return Poison{};
  if (graph_->outer || graph_->training || !calls_.empty()) {
    return fail(code::model_in_step, site.span, "a model can't be loaded inside a step or function",
                "it would be another one each time", "load it with a `let` outside");
  }
  const auto unusable = [&](const std::string& why) {
    const auto line = why.find('\n');
    return fail(code::load_failed, a[0]->span, "this model file can't be loaded", why.substr(0, line));
  };
  try {
    if (a[1]) return load_into(*path, *a[1], a[2], site.span);
    if (a[2]) {
      return fail(code::missing_argument, a[2]->span, "`only` chooses what is copied into a model",
                  "no `into`", "write load(..., into = model, only = \"embed.*\")");
    }
    return load_model(*path).model;
  } catch (const ModelFileError& e) {
    return unusable(e.what());
  } catch (const std::system_error& e) {
    return unusable(e.what());
  }
}

Value Elaborator::load_into(const std::string& path, const ArgumentValue& into, const ArgumentValue* only,
                            Span span) {
  const auto pattern = only ? text(only->value, only->span, "only") : std::optional<std::string>("*");
  const auto* target = as<InstanceValue>(into.value);
  if (!target) {
    return fail(code::not_a_layer, into.span, "`into` takes a model, not " + kind_of(into.value),
                "not a model", "make it first, and name it here");
  }
  if (!pattern || options_.declarations_only) return pattern ? into.value : Value(Poison{});
  if (options_.files_only) throw ModelFileError(path + ": no such file");
  CopyParameters copy{std::make_shared<const StoredModel>(read_model(path)), path, {}};
  const auto& tensors = copy.file->file.tensors;
  std::vector<NamedParameter> mine;
  collect_parameters(*target->instance, "", mine);
  std::vector<std::string> mine_matched, theirs_matched;
  for (const auto& [name, tensor] : tensors) {
    if (name != kTokenizerTensor && matches(*pattern, name)) theirs_matched.push_back(name);
  }
  for (NamedParameter& p : mine) {
    if (!matches(*pattern, p.path)) continue;
    mine_matched.push_back(p.path);
    const auto tensor = tensors.find(p.path);
    if (tensor == tensors.end()) continue;
    const TensorType& type = program_.variables[static_cast<std::size_t>(p.variable)].type;
    std::vector<bool> by_label;
    if (const auto theirs = copy.file->labels.find(p.path); theirs != copy.file->labels.end()) {
      for (std::size_t i = 0; i < theirs->second.size() && i < type.dims.size(); ++i) {
        const AxisId axis = type.dims[i].axis;
        by_label.push_back(theirs->second[i] && (axis_table()[axis].labels || label_source(axis)));
      }
    }
    if (const std::string other = other_shape(type, tensor->second.shape, axis_table(), by_label);
        !other.empty()) {
      return fail(code::load_mismatch, span, "`" + p.path + "` has another shape in \"" + path + "\"", other,
                  "give both the same extents, or leave it out: only = \"...\"");
    }
    copy.parameters.push_back(std::move(p));
  }
  if (copy.parameters.empty()) {
    const auto few = [](std::vector<std::string> names) {
      const bool more = names.size() > 6;
      if (more) names.resize(6);
      return listed(names) + (more ? " ..." : "");
    };
    std::vector<std::string> paths;
    for (const auto& [name, tensor] : tensors) {
      if (name != kTokenizerTensor) paths.push_back(name);
    }
    const std::string label = !theirs_matched.empty() ? "the model has no such parameters"
                              : !mine_matched.empty() ? "the file has no such tensors"
                                                      : "neither the file nor the model has one";
    return fail(code::load_nothing, only ? only->span : span,
                "no parameter" + (only ? " of the path \"" + *pattern + "\"" : "") +
                    " is in both the file and the model",
                label, "the file has " + few(paths));
  }
  program_.actions.push_back(std::move(copy));
  return into.value;
}

Value load(Elaborator& e, const Builtin&, CallSite& site) {
  return e.load(site);
}

}  // namespace weft::check
