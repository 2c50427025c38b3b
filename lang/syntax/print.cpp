#include "lang/syntax/print.h"

#include <charconv>
#include <string_view>

#include "lang/concat.h"

namespace weft::ast {
namespace {

const char* spelling(Operator op) {
  switch (op) {
    case Operator::pipe:
      return "|>";
    case Operator::logical_or:
      return "or";
    case Operator::logical_and:
      return "and";
    case Operator::less:
      return "<";
    case Operator::less_equal:
      return "<=";
    case Operator::greater:
      return ">";
    case Operator::greater_equal:
      return ">=";
    case Operator::equal:
      return "==";
    case Operator::not_equal:
      return "!=";
    case Operator::add:
      return "+";
    case Operator::sub:
      return "-";
    case Operator::mul:
      return "*";
    case Operator::div:
      return "/";
    case Operator::pow:
      return "^";
  }
  return "?";
}

class Printer {
 public:
  explicit Printer(DumpOptions options) : options_(options) {}

  std::string take() { return std::move(out_); }

  void block(const Block& statements) {
    for (const Stmt& s : statements) {
      out_.append(2 * depth_, ' ');
      statement(s);
      out_ += '\n';
    }
  }

  void expr(const ExprPtr& e) {
    if (e == nullptr) return put("-");
    expr(*e);
  }

  void expr(const Expr& e) {
    std::visit([this](const auto& form) { this->form(form); }, e.form);
    span(e.span);
  }

 private:
  // --- expressions ---

  void form(const Number& n) {
    char text[32];
    const char* end = std::to_chars(text, text + sizeof text, n.value).ptr;
    const std::string_view shortest(text, static_cast<std::size_t>(end - text));
    put(shortest);
    // A number written with a point or an exponent is told from an integer of its value.
    const bool looks_integer = shortest.find_first_of(".e") == std::string_view::npos;
    if (looks_integer != n.integer) put(n.integer ? "i" : ".0");
  }
  void form(const Text& t) { quoted(t.value); }
  void form(const Reference& r) { name(r.name); }
  void form(const Prefix& p) {
    put("(prefix");
    for (const Prefix::Op op : p.ops) put(op == Prefix::Op::minus ? " -" : " not");
    put(" ");
    expr(p.operand);
    put(")");
  }
  void form(const Chain& c) {
    put("(chain ");
    expr(c.first);
    for (const Link& link : c.rest) {
      put(" ");
      put(spelling(link.op));
      span(link.op_span);
      put(" ");
      expr(link.operand);
    }
    put(")");
  }
  void form(const Postfix& p) {
    put("(postfix ");
    expr(p.base);
    for (const Suffix& s : p.suffixes) {
      put(" ");
      std::visit([this](const auto& suffix) { this->form(suffix); }, s.form);
      span(s.span);
    }
    put(")");
  }
  void form(const Member& m) {
    put(".");
    name(m.name);
  }
  void form(const Call& c) {
    put("(call");
    arguments(c.arguments);
    put(")");
  }
  void form(const Scan& s) {
    put("(scan ");
    form(s.axes);
    put(" (walked");
    arguments(s.walked);
    put(") (carried");
    arguments(s.carried);
    put(")");
    body(s.body);
    put(")");
  }
  void form(const Repeat& r) {
    put("(repeat ");
    expr(r.count);
    put(" ");
    expr(r.element);
    put(")");
  }

  // --- parts ---

  void form(const AxisList& list) {
    put("[");
    items(list.items);
    if (list.arrow) {
      put(" -> ");
      items(list.to);
    }
    put("]");
    span(list.span);
  }
  void items(const std::vector<AxisItem>& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) put(" ");
      const AxisItem& item = all[i];
      if (item.rest) {
        put("..");
      } else {
        name(item.name);
      }
      if (item.extent != nullptr) {
        put(":");
        expr(item.extent);
      }
      span(item.span);
    }
  }
  void type(const Type& t) {
    put("(type ");
    if (t.element) {
      name(*t.element);
    } else {
      put("-");
    }
    put(" ");
    axes(t.axes);
    put(")");
    span(t.span);
  }
  void axes(const std::optional<AxisList>& list) {
    if (list) {
      form(*list);
    } else {
      put("-");
    }
  }
  void name(const Name& n) {
    put(n.text);
    out_.append(static_cast<std::size_t>(n.primes), '\'');
    span(n.span);
  }
  void argument(const Argument& a) {
    if (a.name) {
      name(*a.name);
      put("=");
    }
    expr(a.value);
    span(a.span);
  }
  void arguments(const std::vector<Argument>& all) {
    for (const Argument& a : all) {
      put(" ");
      argument(a);
    }
  }
  void parameters(const std::vector<Parameter>& all) {
    put(" (");
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) put(" ");
      const Parameter& p = all[i];
      put("(");
      name(p.name);
      put(" ");
      if (p.type) {
        type(*p.type);
      } else {
        put("-");
      }
      put(" ");
      expr(p.value);
      put(")");
      span(p.span);
    }
    put(")");
  }
  void expressions(const std::vector<ExprPtr>& all) {
    for (const ExprPtr& e : all) {
      put(" ");
      expr(e);
    }
  }
  void body(const Block& statements) {
    if (statements.empty()) return put(" {}");
    put(" {\n");
    ++depth_;
    block(statements);
    --depth_;
    out_.append(2 * depth_, ' ');
    put("}");
  }

  // --- statements ---

  void statement(const Stmt& s) {
    put("(");
    std::visit([this](const auto& form) { this->stmt(form); }, s.form);
    put(")");
    span(s.span);
    if (options_.spans) {
      put(" keyword");
      span(s.keyword);
    }
  }
  void stmt(const AxisDecl& s) {
    put("axis");
    for (const AxisDecl::One& one : s.axes) {
      put(" (");
      name(one.name);
      put(" ");
      expr(one.value);
      put(")");
    }
  }
  void stmt(const OptionDecl& s) {
    put("option ");
    name(s.name);
    put(" ");
    if (s.type) {
      name(*s.type);
      put(" ");
    }
    expr(s.value);
    help(s.help);
  }
  void stmt(const DataDecl& s) {
    put("data ");
    name(s.name);
    put(" ");
    expr(s.value);
  }
  void stmt(const LetDecl& s) {
    put("let");
    for (const Name& n : s.names) {
      put(" ");
      name(n);
    }
    put(" ");
    expr(s.value);
  }
  void stmt(const ParamDecl& s) {
    put("param ");
    name(s.name);
    put(" ");
    type(s.type);
    put(" ");
    expr(s.value);
  }
  void stmt(const FnDecl& s) {
    put("fn ");
    if (s.name) {
      name(*s.name);
    } else {
      put("-");
    }
    put(" ");
    axes(s.axes);
    parameters(s.parameters);
    put(" ");
    if (s.result) {
      type(*s.result);
    } else {
      put("-");
    }
    help(s.help);
    body(s.body);
  }
  void stmt(const ModelDecl& s) {
    put("model ");
    name(s.name);
    put(" ");
    axes(s.axes);
    parameters(s.parameters);
    help(s.help);
    body(s.members);
  }
  void stmt(const TrainDecl& s) {
    put("train ");
    name(s.name);
    put(" ");
    expr(s.on);
    put(" (columns");
    arguments(s.columns);
    put(")");
    body(s.body);
  }
  void stmt(const StepBlock& s) {
    put("step");
    body(s.body);
  }
  void stmt(const ValidateBlock& s) {
    put("validate ");
    expr(s.on);
    body(s.body);
  }
  void stmt(const Settings& s) {
    put("settings");
    arguments(s.values);
  }
  void stmt(const Minimize& s) {
    put("minimize ");
    expr(s.loss);
    put(" (over");
    expressions(s.over);
    put(") ");
    expr(s.optimizer);
  }
  void stmt(const Show& s) {
    put("show");
    arguments(s.values);
  }
  void stmt(const Plot& s) {
    put("plot");
    arguments(s.values);
  }
  void stmt(const Explain& s) {
    put("explain");
    expressions(s.values);
  }
  void stmt(const Set& s) {
    put("set ");
    expr(s.target);
    put(" ");
    expr(s.value);
  }
  void stmt(const Freeze& s) {
    put("freeze");
    expressions(s.parts);
  }
  void stmt(const If& s) {
    put("if");
    for (const If::Branch& branch : s.branches) {
      put(" (");
      expr(branch.condition);
      body(branch.body);
      put(")");
    }
  }
  void stmt(const Save& s) {
    put("save ");
    expr(s.value);
    put(" ");
    expr(s.path);
  }
  void stmt(const Expect& s) {
    put("expect ");
    expr(s.condition);
  }
  void stmt(const Return& s) {
    put("return");
    expressions(s.values);
  }
  void stmt(const Next& s) {
    put("next");
    arguments(s.values);
  }
  void stmt(const Import& s) {
    put("import ");
    if (s.standard) {
      put(s.path);
    } else {
      quoted(s.path);
    }
  }
  void stmt(const Evaluate& s) {
    put("evaluate ");
    expr(s.value);
  }

  // --- text ---

  void put(std::string_view text) { out_ += text; }
  void help(std::string_view text) {
    put(" help=");
    quoted(text);
  }
  void span(Span s) {
    if (options_.spans) put(concat("@", std::to_string(s.begin), "-", std::to_string(s.end)));
  }
  void quoted(std::string_view text) {
    put("\"");
    for (const char c : text) {
      switch (c) {
        case '\n':
          put("\\n");
          break;
        case '\t':
          put("\\t");
          break;
        case '"':
          put("\\\"");
          break;
        case '\\':
          put("\\\\");
          break;
        default:
          out_ += c;
      }
    }
    put("\"");
  }

  DumpOptions options_;
  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string dump(const Program& program, DumpOptions options) {
  Printer printer(options);
  printer.block(program.statements);
  return printer.take();
}

std::string dump(const Expr& expr, DumpOptions options) {
  Printer printer(options);
  printer.expr(expr);
  return printer.take();
}

}  // namespace weft::ast
