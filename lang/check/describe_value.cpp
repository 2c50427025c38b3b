#include <charconv>

#include "lang/check/elaborator.h"
#include "lang/service/signature.h"

/// What `show` says of values that are no tensors: how they were declared or made.
namespace weft::check {

namespace {

std::string number(double x) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

/// "name(a, b, c = d)" of the parts that are there.
class CallText {
 public:
  explicit CallText(const char* name) : text_(std::string(name) + "(") {}
  CallText& add(const std::string& argument) {
    text_ += (first_ ? "" : ", ") + argument;
    first_ = false;
    return *this;
  }
  CallText& add(const char* name, double x) { return add(std::string(name) + " = " + number(x)); }
  std::string text() const { return text_ + ")"; }

 private:
  std::string text_;
  bool first_ = true;
};

std::string describe(const ScheduleValue& s) {
  using Kind = ScheduleValue::Kind;
  switch (s.kind) {
    case Kind::constant:
      return number(s.rate);
    case Kind::linear:
      return "linear(" + number(s.rate) + ")";
    case Kind::cosine:
      return "cosine(" + number(s.rate) + ")";
    case Kind::exponential:
      return CallText("exponential").add(number(s.rate)).add("decay", s.decay).add("every", s.every).text();
    case Kind::plateau:
      return CallText("plateau")
          .add(number(s.rate))
          .add("factor", s.decay)
          .add("patience", static_cast<double>(s.patience))
          .text();
    case Kind::warmup:
      return CallText("warmup").add(number(s.steps)).add(s.then ? describe(*s.then) : "").text();
    case Kind::function:
      return s.function.declaration && s.function.declaration->name ? s.function.declaration->name->text
                                                                    : "a function of the step";
  }
  return "a schedule";
}

std::string describe(const OptimizerValue& o) {
  using Kind = OptimizerValue::Kind;
  const auto setting = [&](std::size_t i) { return i < o.numbers.size() ? o.numbers[i] : 0; };
  const char* name = "sgd";
  std::vector<const char*> settings;
  switch (o.kind) {
    case Kind::sgd:
      break;
    case Kind::momentum:
      name = setting(1) != 0 ? "nesterov" : "momentum";
      settings = {"momentum"};
      break;
    case Kind::adagrad:
      name = "adagrad";
      settings = {"epsilon"};
      break;
    case Kind::rmsprop:
      name = "rmsprop";
      settings = {"beta", "epsilon"};
      break;
    case Kind::adam:  // the fourth number is a decay apart from the gradient, the fifth one in it
      name = setting(3) != 0 ? "adamw" : "adam";
      settings = {"beta1", "beta2", "epsilon"};
      break;
  }
  CallText call(name);
  call.add(describe(o.rate));
  for (std::size_t i = 0; i < settings.size(); ++i) call.add(settings[i], setting(i));
  if (o.kind == Kind::adam) call.add("decay", setting(3) != 0 ? setting(3) : setting(4));
  if (o.clip > 0) call.add("clip", o.clip);
  return call.text();
}

std::string describe(const TokenizerValue& t) {
  CallText call(t.settings.kind.c_str());
  if (t.min_count != 1) call.add("min_count", static_cast<double>(t.min_count));
  if (t.settings.kind == "sentencepiece") {
    if (t.settings.file.empty()) {
      call.add("size", static_cast<double>(t.settings.training.size));
      call.add("model = " + t.settings.training.model);
    } else {
      call.add("file = \"" + t.settings.file + "\"");
    }
  }
  call.add("normalize = " + nlp::normalize_names().at(static_cast<std::size_t>(t.settings.normalize)));
  call.add(std::string("fold_case = ") + (t.settings.fold_case ? "true" : "false"));
  if (t.settings.strip_accents) call.add("strip_accents = true");
  if (!t.settings.locale.empty()) call.add("locale = \"" + t.settings.locale + "\"");
  return call.text();
}

std::string describe(const InitializerValue& v) {
  using Kind = Initializer::Kind;
  const Initializer& i = v.initializer;
  switch (i.kind) {
    case Kind::zeros:
      return "zeros()";
    case Kind::ones:
      return "ones()";
    case Kind::constant:
      return "constant(" + number(i.a) + ")";
    case Kind::normal:
      return "normal(" + number(i.a) + ", " + number(i.b) + ")";
    case Kind::uniform:
      return "uniform(" + number(i.a) + ", " + number(i.b) + ")";
    case Kind::glorot:
      return "glorot()";
    case Kind::he:
      return "he()";
    case Kind::orthogonal:
      return "orthogonal()";
  }
  return "an initializer";
}

std::string with_help(std::string text, const std::string& help) {
  std::size_t begin = 0;
  while (begin < help.size()) {
    const std::size_t end = std::min(help.find('\n', begin), help.size());
    const std::size_t from = help.find_first_not_of("# \t", begin);
    if (from < end) text += "\n  " + help.substr(from, end - from);
    begin = end + 1;
  }
  return text;
}

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

/// A model not made yet: its head, its comment, what it holds.
std::string describe(const ast::ModelDecl& m, const Sources& sources) {
  std::string text = with_help(service::signature(m, sources), m.help);
  for (const ast::Stmt& s : m.members) {
    if (const auto* p = std::get_if<ast::ParamDecl>(&s.form)) {
      text += "\n  param " + p->name.text + ": " + service::one_line(sources.text(p->type.span));
    } else if (const auto* f = std::get_if<ast::FnDecl>(&s.form)) {
      text += "\n  " + service::signature(*f, sources);
    } else if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      text += "\n  let ";
      for (std::size_t i = 0; i < l->names.size(); ++i) text += (i ? ", " : "") + l->names[i].text;
      text += " = " + service::one_line(sources.text(l->value->span));
    }
  }
  return text;
}

/// What `show` says of each kind of value; see Elaborator::description.
struct Describe {
  Elaborator& self;
  using Result = std::variant<std::string, Description>;

  Result operator()(const FunctionValue& f) { return with_help(head(*f.declaration), f.declaration->help); }
  Result operator()(const MethodValue& m) { return with_help(head(*m.declaration), m.declaration->help); }
  Result operator()(const BuiltinValue& b) { return b.builtin->help; }
  Result operator()(const ModelValue& m) { return check::describe(*m.declaration, self.sources()); }
  Result operator()(const InstanceValue& i) { return self.describe(i.instance); }
  Result operator()(const ChainValue& c) {
    if (c.links.empty()) return "an empty chain";
    std::string text = "a chain of " + std::to_string(c.links.size());
    for (std::size_t i = 0; i < c.links.size(); ++i)
      text += "\n  " + std::to_string(i) + ": " + indented(self.describe(c.links[i]));
    return text;
  }
  Result operator()(const AxisValue& a) { return Description{DescribeAxis{a.axis}}; }
  Result operator()(const LabelsValue& l) {
    if (!l.labels) return Description{DescribeLabels{l.source}};
    CallText call("labels");
    for (const std::string& name : l.labels->names()) call.add("\"" + name + "\"");
    return call.text();
  }
  Result operator()(const DataValue& d) { return Description{DescribeData{d.data, std::nullopt}}; }
  Result operator()(const SplitValue& s) { return Description{DescribeData{s.data, s.split}}; }
  Result operator()(const RunValue& r) {
    std::vector<std::string> metrics;
    for (const Metric& m : r.metrics) metrics.push_back(m.name);
    return Description{DescribeRun{r.name, std::move(metrics)}};
  }
  Result operator()(const TokenizerValue& t) { return check::describe(t); }
  Result operator()(const InitializerValue& i) { return check::describe(i); }
  Result operator()(const ScheduleValue& s) { return check::describe(s); }
  Result operator()(const OptimizerValue& o) { return check::describe(o); }
  Result operator()(const WorldValue& w) {
    return "a world of " + std::to_string(w.world->states().size()) + " states and " +
           std::to_string(w.world->actions().size()) + " actions";
  }
  Result operator()(const EpisodesValue& e) {
    return std::to_string(e.episodes->count) + " episodes in a world of " +
           std::to_string(e.episodes->world->states().size()) + " states";
  }
  template <class T>
  Result operator()(const T& v) {
    return kind_of(v);
  }
  std::string head(const ast::FnDecl& f) const { return service::signature(f, self.sources()); }
};

}  // namespace

std::variant<std::string, Description> Elaborator::description(const Value& v) {
  return std::visit(Describe{*this}, v);
}

}  // namespace weft::check
