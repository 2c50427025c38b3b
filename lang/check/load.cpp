#include <algorithm>
#include <system_error>

#include "lang/check/builtins/table.h"
#include "lang/check/guards.h"
#include "lang/check/model_files.h"
#include "lang/check/suggest.h"
#include "lang/run/model_file.h"
#include "lang/run/transfer.h"

/// Models from files: read, checked against what is stored, filled in or copied.
namespace weft::check {

namespace {

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

std::string ModelFiles::source_name(std::uint32_t file) const {
  const auto it = embedded_.find(file);
  return it == embedded_.end() ? e_.sources()[file].name : it->second;
}

std::uint32_t ModelFiles::add_source(const std::string& name, std::string text) {
  const std::uint32_t file = e_.add_source(reading_.prefix + name, std::move(text));
  if (!reading_.prefix.empty()) embedded_[file] = name;
  return file;
}

std::shared_ptr<const StoredCorpus> ModelFiles::stored_corpus(const std::string& name) const {
  if (!reading_.file) return nullptr;
  const auto it = reading_.file->corpora.find(reading_.prefix.substr(reading_.outer) + name);
  return it == reading_.file->corpora.end() ? nullptr : it->second;
}

bool Elaborator::copies_parameters(const ast::Expr& e) {
  const auto* p = std::get_if<ast::Postfix>(&e.form);
  const auto* callee = p && p->suffixes.size() == 1 ? std::get_if<ast::Reference>(&p->base->form) : nullptr;
  const auto* call =
      callee && callee->name.text == "load" ? std::get_if<ast::Call>(&p->suffixes[0].form) : nullptr;
  return call && std::any_of(call->arguments.begin(), call->arguments.end(),
                             [](const ast::Argument& a) { return a.name && a.name->text == "into"; });
}

LoadedModel ModelFiles::load_model(const std::string& path) {
  const auto& known_models = e_.check_options().models;
  const auto known = known_models.find(path);
  const bool own_file = !reading_.file || known == known_models.end();
  Reading reading{reading_.file, reading_.prefix + path + ":", reading_.outer};
  std::shared_ptr<const EmbeddedModel> model;
  if (own_file) {
    if (e_.check_options().files_only) throw ModelFileError(path + ": no such file");
    reading.file = std::make_shared<const StoredModel>(read_model(path));
    reading.outer = reading.prefix.size();
    model =
        std::make_shared<const EmbeddedModel>(EmbeddedModel{reading.file->name, reading.file->provenance});
  } else {
    model = known->second;
  }
  if (!reading_.file) loaded_[path] = model;
  const auto refuse = [&](const std::string& what) { throw ModelFileError(path + ": " + what); };

  CheckOptions options;
  options.overrides = model->provenance.options;
  options.declarations_only = true;
  options.files = model->provenance.files;
  options.models = model->provenance.models;
  Program& program = e_.program();
  Reporter& reporter = e_.reporter();
  const std::size_t actions = program.actions.size(), faults = reporter.faults(),
                    warnings = reporter.warnings();
  const std::shared_ptr<const StoredModel> file = reading.file;
  std::shared_ptr<Scope> scope;
  {
    const Restored meanwhile(reading_, std::move(reading));
    scope = e_.read_apart(std::move(options), model->provenance.main);
  }
  reporter.drop_warnings(warnings);
  if (reporter.faults() > faults) {
    const Diagnostic first = reporter.fault(faults);
    reporter.drop_faults(faults);
    program.actions.resize(actions);
    refuse("its source no longer checks:\n" + render(first, e_.sources()));
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
  if (own_file) fill(*own, file, path, actions);  // else the file being read does
  return {InstanceValue{own}, model};
}

void ModelFiles::fill(const Instance& model, const std::shared_ptr<const StoredModel>& file,
                      const std::string& path, std::size_t actions) {
  const auto refuse = [&](const std::string& what) { throw ModelFileError(path + ": " + what); };
  Program& program = e_.program();
  FillParameters fill{file, path, {}};
  e_.collect_parameters(model, "", fill.parameters);
  std::set<VariableId> filled;
  for (const NamedParameter& p : fill.parameters) {
    const auto tensor = file->file.tensors.find(p.path);
    if (tensor == file->file.tensors.end()) refuse("tensor \"" + p.path + "\" is missing");
    const TensorType& type = program.variables[static_cast<std::size_t>(p.variable)].type;
    if (const std::string other = other_shape(type, tensor->second.shape, program.axes, {}); !other.empty())
      refuse("tensor \"" + p.path + "\" " + other);
    filled.insert(p.variable);
  }
  for (std::size_t i = actions; i < program.actions.size(); ++i) {
    if (auto* made = std::get_if<InitializeParameters>(&program.actions[i]))
      std::erase_if(made->variables, [&](VariableId v) { return filled.count(v) != 0; });
  }
  program.actions.insert(program.actions.begin() + static_cast<std::ptrdiff_t>(actions), std::move(fill));
}

Value ModelFiles::load(CallSite& site) {
  std::vector<const ArgumentValue*> a;
  if (!e_.match_arguments("`load`", site, {"path", "into", "only"}, 1, a)) return Poison{};
  const auto path = e_.text(a[0]->value, a[0]->span, "load");
  if (!path) return Poison{};
  if (e_.graph().outer || e_.graph().training || e_.in_call()) {
    return e_.fail(code::model_in_step, site.span, "a model can't be loaded inside a step or function",
                   "it would be another one each time", "load it with a `let` outside");
  }
  const auto unusable = [&](const std::string& why) {
    const auto line = why.find('\n');
    return e_.fail(code::load_failed, a[0]->span, "this model file can't be loaded", why.substr(0, line));
  };
  try {
    if (a[1]) return load_into(*path, *a[1], a[2], site.span);
    if (a[2]) {
      return e_.fail(code::missing_argument, a[2]->span, "`only` chooses what is copied into a model",
                     "no `into`", "write load(..., into = model, only = \"embed.*\")");
    }
    return load_model(*path).model;
  } catch (const ModelFileError& e) {
    return unusable(e.what());
  } catch (const std::system_error& e) {
    return unusable(e.what());
  }
}

Value ModelFiles::load_into(const std::string& path, const ArgumentValue& into, const ArgumentValue* only,
                            Span span) {
  const auto pattern = only ? e_.text(only->value, only->span, "only") : std::optional<std::string>("*");
  const auto* target = as<InstanceValue>(into.value);
  if (!target) {
    return e_.fail(code::not_a_layer, into.span, "`into` takes a model, not " + kind_of(into.value),
                   "not a model", "make it first, and name it here");
  }
  if (!pattern || e_.check_options().declarations_only) return pattern ? into.value : Value(Poison{});
  if (e_.check_options().files_only) throw ModelFileError(path + ": no such file");
  CopyParameters copy{std::make_shared<const StoredModel>(read_model(path)), path, {}};
  const auto& tensors = copy.file->file.tensors;
  std::vector<NamedParameter> mine;
  e_.collect_parameters(*target->instance, "", mine);
  std::vector<std::string> mine_matched, theirs_matched;
  for (const auto& [name, tensor] : tensors) {
    if (name != kTokenizerTensor && matches(*pattern, name)) theirs_matched.push_back(name);
  }
  for (NamedParameter& p : mine) {
    if (!matches(*pattern, p.path)) continue;
    mine_matched.push_back(p.path);
    const auto tensor = tensors.find(p.path);
    if (tensor == tensors.end()) continue;
    const TensorType& type = e_.program().variables[static_cast<std::size_t>(p.variable)].type;
    std::vector<bool> by_label;
    if (const auto theirs = copy.file->labels.find(p.path); theirs != copy.file->labels.end()) {
      for (std::size_t i = 0; i < theirs->second.size() && i < type.dims.size(); ++i) {
        const AxisId axis = type.dims[i].axis;
        by_label.push_back(theirs->second[i] && (e_.axis_table()[axis].labels || e_.label_source(axis)));
      }
    }
    if (const std::string other = other_shape(type, tensor->second.shape, e_.axis_table(), by_label);
        !other.empty()) {
      return e_.fail(code::load_mismatch, span, "`" + p.path + "` has another shape in \"" + path + "\"",
                     other, "give both the same extents, or leave it out: only = \"...\"");
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
    return e_.fail(code::load_nothing, only ? only->span : span,
                   "no parameter" + (only ? " of the path \"" + *pattern + "\"" : "") +
                       " is in both the file and the model",
                   label, "the file has " + few(paths));
  }
  e_.program().actions.push_back(std::move(copy));
  return into.value;
}

Value load(Elaborator& e, const Builtin&, CallSite& site) {
  return e.model_files().load(site);
}

}  // namespace weft::check
