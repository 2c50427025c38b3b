#include "lang/service/names.h"

#include <algorithm>
#include <charconv>

#include "lang/check/elaborator.h"
#include "lang/service/signature.h"
#include "lang/syntax/lexer.h"

namespace weft::service {

namespace {

using check::as;
using check::Value;

std::string number_text(double x) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

std::string axis_text(AxisId id, const Program& program) {
  const Axis& axis = program.axes[id];
  std::string text = "axis " + program.axes.name(id);
  if (axis.labels) {
    text += " = labels(";
    constexpr std::int64_t kShown = 4;
    for (std::int64_t i = 0; i < std::min(axis.labels->size(), kShown); ++i) {
      text += (i ? ", \"" : "\"") + axis.labels->at(i) + "\"";
    }
    return text + (axis.labels->size() > kShown ? ", ...)" : ")");
  }
  const std::string extent = program.axes.symbols().describe(axis.extent);
  return extent == axis.name ? text + ", open" : text + " = " + extent;
}

/// A model's axes as those who made it call them: "[E = 128 -> H = 256]".
std::string actual_axes(const check::Instance& instance, const Program& program) {
  const ast::ModelDecl& d = *instance.declaration;
  if (!d.axes) return "";
  const auto side = [&](const std::vector<ast::AxisItem>& items) {
    std::string out;
    for (const ast::AxisItem& item : items) {
      const auto bound = instance.scope->names.find(item.name.text);
      const auto* axis =
          bound == instance.scope->names.end() ? nullptr : as<check::AxisValue>(bound->second.value);
      const auto actual = axis ? instance.actual.find(axis->axis) : instance.actual.end();
      if (actual == instance.actual.end()) {
        out += (out.empty() ? "" : ", ") + item.name.text;
        continue;
      }
      for (const Dim& dim : actual->second) {
        const std::string name = program.axes.name(dim.axis);
        const std::string extent = program.axes.symbols().describe(dim.extent);
        out += (out.empty() ? "" : ", ") + name + (extent == name ? "" : " = " + extent);
      }
    }
    return out;
  };
  return "[" + side(d.axes->items) + (d.axes->arrow ? " -> " + side(d.axes->to) : "") + "]";
}

/// The type of a variable as those see it who reach it from outside of its model.
TensorType type_of_variable(const check::VariableValue& v, const Program& program) {
  TensorType type = program.variables[static_cast<std::size_t>(v.variable)].type;
  if (!v.of) return type;
  std::vector<Dim> dims;
  for (const Dim& d : type.dims) {
    const auto actual = v.of->actual.find(d.axis);
    if (actual == v.of->actual.end()) {
      dims.push_back(d);
    } else {
      dims.insert(dims.end(), actual->second.begin(), actual->second.end());
    }
  }
  type.dims = std::move(dims);
  return type;
}

}  // namespace

NameKind kind_of(const Value& v, const Program& program) {
  if (as<check::AxisValue>(v)) return NameKind::axis;
  if (as<check::LabelsValue>(v)) return NameKind::labels;
  if (as<check::FunctionValue>(v) || as<check::BuiltinValue>(v)) return NameKind::function;
  if (as<check::MethodValue>(v)) return NameKind::method;
  if (as<check::ModelValue>(v)) return NameKind::model;
  if (as<check::InstanceValue>(v) || as<check::ChainValue>(v)) return NameKind::layer;
  if (const auto* x = as<check::VariableValue>(v)) {
    const bool parameter =
        program.variables[static_cast<std::size_t>(x->variable)].kind == VariableKind::parameter;
    return parameter ? NameKind::parameter : NameKind::tensor;
  }
  if (as<check::TensorValue>(v)) return NameKind::tensor;
  if (as<check::NumberValue>(v) || as<check::BoolValue>(v) || as<check::TextValue>(v))
    return NameKind::constant;
  if (as<check::DataValue>(v)) return NameKind::data;
  if (as<check::SplitValue>(v)) return NameKind::split;
  if (as<check::RunValue>(v)) return NameKind::training;
  return NameKind::other;
}

std::string type_of(const Value& v, const Program& program, const Sources& sources) {
  if (const auto* n = as<check::NumberValue>(v)) return number_text(n->value);
  if (const auto* b = as<check::BoolValue>(v)) return b->value ? "true" : "false";
  if (const auto* t = as<check::TextValue>(v)) return "\"" + t->value + "\"";
  if (const auto* t = as<check::TensorValue>(v)) {
    return describe_with_extents(t->graph->graph->type(t->node), program.axes);
  }
  if (const auto* x = as<check::VariableValue>(v)) {
    return describe_with_extents(type_of_variable(*x, program), program.axes);
  }
  if (const auto* a = as<check::AxisValue>(v)) return axis_text(a->axis, program);
  if (const auto* f = as<check::FunctionValue>(v)) return signature(*f->declaration, sources);
  if (const auto* m = as<check::MethodValue>(v)) return signature(*m->declaration, sources);
  if (const auto* m = as<check::ModelValue>(v)) return signature(*m->declaration, sources);
  if (const auto* b = as<check::BuiltinValue>(v))
    return b->builtin->help.substr(0, b->builtin->help.find("  "));
  if (const auto* i = as<check::InstanceValue>(v)) {
    return i->instance->declaration->name.text + actual_axes(*i->instance, program);
  }
  if (const auto* c = as<check::ChainValue>(v)) {
    if (c->links.empty()) return "an empty chain";
    return "a chain of " + std::to_string(c->links.size()) + " " + c->links[0]->declaration->name.text +
           actual_axes(*c->links[0], program);
  }
  if (const auto* d = as<check::DataValue>(v)) {
    const DataSource& data = program.data[static_cast<std::size_t>(d->data)];
    std::string text = data.schema->name + "[";
    for (std::size_t i = 0; i < data.axes.size(); ++i) {
      text += (i ? ", " : "") + program.axes.name(data.axes[i].axis);
      if (i < data.request.extents.size()) text += ": " + std::to_string(data.request.extents[i]);
    }
    return text + "](\"" + data.request.path + "\")";
  }
  if (const auto* t = as<std::shared_ptr<check::TupleValue>>(v)) {
    std::string text;
    for (const Value& x : (*t)->values) text += (text.empty() ? "" : ", ") + type_of(x, program, sources);
    return text;
  }
  return check::is_poison(v) ? "" : check::kind_of(v);
}

std::string help_of(const Value& v, Span declared, const Sources& sources) {
  if (const auto* b = as<check::BuiltinValue>(v)) {
    const auto gap = b->builtin->help.find("  ");
    return gap == std::string::npos ? b->builtin->help : b->builtin->help.substr(gap + 2);
  }
  if (const auto* f = as<check::FunctionValue>(v)) return f->declaration->help;
  if (const auto* m = as<check::MethodValue>(v)) return m->declaration->help;
  if (const auto* m = as<check::ModelValue>(v)) return m->declaration->help;
  if (declared.end == 0 || declared.file >= sources.size()) return "";

  const Sources::Source& source = sources[declared.file];
  const std::uint32_t line = sources.position(declared.file, declared.begin).line - 1;
  const auto text_of_line = [&](std::uint32_t i) {
    const std::size_t begin = source.line_starts[i];
    const std::size_t end =
        i + 1 < source.line_starts.size() ? source.line_starts[i + 1] : source.text.size();
    std::string_view text = std::string_view(source.text).substr(begin, end - begin);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    return text;
  };
  const auto content = [](std::string_view comment) {
    comment.remove_prefix(std::min(comment.find_first_not_of("# \t"), comment.size()));
    return std::string(comment);
  };
  const syntax::Lexed here = syntax::lex(text_of_line(line), 0);
  if (!here.comments.empty()) return content(text_of_line(line).substr(here.comments[0].span.begin));
  std::string help;
  for (std::uint32_t i = line; i-- > 0;) {
    const std::string_view above = text_of_line(i);
    const auto start = above.find_first_not_of(" \t");
    if (start == std::string_view::npos || above[start] != '#' || above.substr(start, 2) == "#!") break;
    help = content(above.substr(start)) + (help.empty() ? "" : "\n" + help);
  }
  return help;
}

Name describe(std::string text, const Value& v, Span declared, const Program& program,
              const Sources& sources) {
  return {std::move(text),
          kind_of(v, program),
          type_of(v, program, sources),
          help_of(v, declared, sources),
          declared,
          v};
}

std::vector<Name> names_of(const check::Scope& scope, const Program& program, const Sources& sources) {
  std::map<std::string, const check::Binding*> found;
  for (const check::Scope* s = &scope; s; s = s->parent.get()) {
    for (const auto& [name, binding] : s->names) found.emplace(name, &binding);
  }
  std::vector<Name> out;
  for (const auto& [name, binding] : found) {
    out.push_back(describe(name, binding->value, binding->declared, program, sources));
  }
  return out;
}

std::vector<Name> members_of(const Value& v, const Program& program, const Sources& sources) {
  std::vector<Name> out;
  const auto plain = [&](const std::string& name, NameKind kind, std::string type) {
    out.push_back({name, kind, std::move(type), "", {}, check::Poison{}});
  };
  if (const auto* i = as<check::InstanceValue>(v)) {
    for (const auto& [name, binding] : i->instance->scope->names) {
      const Value outside = check::seen_from_outside(binding.value, i->instance);
      out.push_back(describe(name, outside, binding.declared, program, sources));
    }
  } else if (const auto* d = as<check::DataValue>(v)) {
    const DataSource& data = program.data[static_cast<std::size_t>(d->data)];
    plain("train", NameKind::split, "the records to train on");
    plain("valid", NameKind::split, "the records kept for validation");
    for (std::size_t s = 0; s < data.schema->label_sets.size(); ++s) {
      plain(data.schema->label_sets[s], NameKind::labels, "labels, for an axis");
    }
  } else if (const auto* w = as<check::WorldValue>(v)) {
    plain("states", NameKind::labels, std::to_string(w->states->size()) + " labels, for an axis");
    plain("actions", NameKind::labels, std::to_string(w->actions->size()) + " labels, for an axis");
  } else if (const auto* r = as<check::RunValue>(v)) {
    for (const Metric& m : r->metrics) {
      Name name = describe(m.name, check::VariableValue{m.variable}, {}, program, sources);
      name.type = "a number of training " + r->name;
      out.push_back(std::move(name));
    }
  }
  std::sort(out.begin(), out.end(), [](const Name& a, const Name& b) { return a.text < b.text; });
  return out;
}

std::vector<Name> keywords() {
  std::vector<Name> out;
  for (const std::string& word : syntax::keyword_words()) {
    out.push_back({word, NameKind::keyword, "", "", {}, check::Poison{}});
  }
  return out;
}

std::vector<Name> readers() {
  std::vector<Name> out;
  for (const corpora::ReaderSchema& r : corpora::readers()) {
    std::string type = r.name + "[";
    for (std::size_t i = 0; i < r.axes.size(); ++i) type += (i ? ", " : "") + r.axes[i];
    type += "](path";
    std::string help = "columns";
    for (const corpora::ArgumentSchema& a : r.arguments) type += ", " + a.name;
    for (const corpora::ColumnSchema& c : r.columns) help += (help.size() > 7 ? ", " : " ") + c.name;
    out.push_back({r.name, NameKind::reader, type + ")", help, {}, check::Poison{}});
  }
  return out;
}

}  // namespace weft::service
