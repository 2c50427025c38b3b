#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tensor/span.h"

/// The syntax tree: what was written and where, nothing of what it means. Chains of operators and of postfix
/// forms are flat lists, so the tree is never deeper than the source's brackets.
namespace weft::ast {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;
struct Stmt;
using Block = std::vector<Stmt>;

/// A name with its primes: `T`, `T'`. Values have none.
struct Name {
  std::string text;
  int primes = 0;
  Span span;
};

/// One entry between `[` and `]`: `T`, `T'`, `H: 512`, `..`.
struct AxisItem {
  bool rest = false;  // `..`
  Name name;          // unless rest
  ExprPtr extent;     // null where none is given
  Span span;
};

/// `[B, T]`, `[In -> H]`, `[D -> Head, K]`.
struct AxisList {
  std::vector<AxisItem> items;  // before the arrow
  bool arrow = false;
  std::vector<AxisItem> to;  // after it
  Span span;
};

/// `[B, T]`, `V[B]`, `bool[..]`, `int[]`, `text`.
struct Type {
  std::optional<Name> element;
  std::optional<AxisList> axes;  // absent only for a bare name such as `text`
  Span span;
};

/// `name = value` in calls and settings; `name` is absent for a positional argument.
struct Argument {
  std::optional<Name> name;
  ExprPtr value;
  Span span;
};

struct Number {
  double value = 0;
  bool integer = false;  // written without point and exponent
};
struct Text {
  std::string value;  // escapes resolved: \n \t \" \\ \u{...}
};
struct Reference {
  Name name;
};

/// `- not - x`: the operators as written, outermost first.
struct Prefix {
  enum class Op { minus, logical_not };
  std::vector<Op> ops;
  ExprPtr operand;
};

/// Operators of one level, left to right: first op rest[0] op rest[1] ... (`^` groups from the right).
enum class Operator {
  pipe,
  logical_or,
  logical_and,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  add,
  sub,
  mul,
  div,
  pow
};
struct Link {
  Operator op{};
  Span op_span;
  ExprPtr operand;
};
struct Chain {
  ExprPtr first;
  std::vector<Link> rest;  // not empty
};

struct Member {
  Name name;
};
struct Call {
  std::vector<Argument> arguments;
};
/// `.name`, `[axes]`, `(arguments)`.
struct Suffix {
  std::variant<Member, AxisList, Call> form;
  Span span;  // of the suffix alone
};
struct Postfix {
  ExprPtr base;
  std::vector<Suffix> suffixes;  // not empty
};

/// `scan[T](x, y; h = zeros[.., H]()) { ... }`; a walked tensor is given under its own name inside (`x` is
/// one step of x), or under another with `name = expr` before the `;`.
struct Scan {
  AxisList axes;
  std::vector<Argument> walked;
  std::vector<Argument> carried;  // all named
  Block body;
};

/// `repeat 6 { Block[T, D]() }`: a chain of instances.
struct Repeat {
  ExprPtr count;
  ExprPtr element;
};

struct Expr {
  std::variant<Number, Text, Reference, Prefix, Chain, Postfix, Scan, Repeat> form;
  Span span;
};

// --- statements ---

/// `axis B, T`, `axis E = 256, H = 512`.
struct AxisDecl {
  struct One {
    Name name;
    ExprPtr value;  // null: open
  };
  std::vector<One> axes;
};
/// `option corpus = "kjv.txt"   # help text`, `option rate: real = 0.1`
struct OptionDecl {
  Name name;
  std::optional<Name> type;  // int, real, bool or text; absent: as the value
  ExprPtr value;
  std::string help;  // the comment at the end of its line, without `#`
};
struct DataDecl {
  Name name;
  ExprPtr value;
};
/// `let a, b = expr`
struct LetDecl {
  std::vector<Name> names;
  ExprPtr value;
};
struct ParamDecl {
  Name name;
  Type type;
  ExprPtr value;  // the initializer, null where none is given
};
struct Parameter {
  Name name;
  std::optional<Type> type;  // functions: given; models: absent
  ExprPtr value;             // the default, null where none
  Span span;
};
/// `fn name[axes](x: type, ...) -> type { ... }`; a method may be unnamed.
struct FnDecl {
  std::optional<Name> name;
  std::optional<AxisList> axes;
  std::vector<Parameter> parameters;
  std::optional<Type> result;
  Block body;
  std::string help;  // the comment lines right above it
};
struct ModelDecl {
  Name name;
  std::optional<AxisList> axes;
  std::vector<Parameter> parameters;
  Block members;  // axis, param, let, fn
  std::string help;
};
/// `train run on book.train as (x = ids, y = next) { ... }`
struct TrainDecl {
  Name name;
  ExprPtr on;  // null where absent
  std::vector<Argument> columns;
  Block body;  // step, validate, settings
};
struct StepBlock {
  Block body;
};
struct ValidateBlock {
  ExprPtr on;
  Block body;
};
/// `epochs = 5, patience = 2` in a train block.
struct Settings {
  std::vector<Argument> values;
};
struct Minimize {
  ExprPtr loss;
  std::vector<ExprPtr> over;
  ExprPtr optimizer;
};
/// `show perplexity = exp(...)`, `show a, b`
struct Show {
  std::vector<Argument> values;
};
/// `plot run`, `plot weight = lm.out.weight`
struct Plot {
  std::vector<Argument> values;
};
/// `explain lm`, `explain run`
struct Explain {
  std::vector<ExprPtr> values;
};
/// `set table = x`, `set at[S, A](Q, s, a) = x`
struct Set {
  ExprPtr target;
  ExprPtr value;
};
/// `freeze lm.embed, lm.out.weight`
struct Freeze {
  std::vector<ExprPtr> parts;
};
/// `if c { ... } else if d { ... } else { ... }`, chosen when the program is checked. Opens no scope: it only
/// chooses statements.
struct If {
  struct Branch {
    ExprPtr condition;  // null: `else`
    Block body;
  };
  std::vector<Branch> branches;  // not empty; `else`, where there is one, is the last
};
struct Save {
  ExprPtr value;
  ExprPtr path;
};
struct Expect {
  ExprPtr condition;
};
struct Return {
  std::vector<ExprPtr> values;
};
/// `next h = expr, c = expr`
struct Next {
  std::vector<Argument> values;
};
/// `import "layers.weft"`, `import std.nn`
struct Import {
  std::string path;
  bool standard = false;  // a dotted name, not a file
};
/// A bare expression (REPL).
struct Evaluate {
  ExprPtr value;
};

struct Stmt {
  std::variant<AxisDecl, OptionDecl, DataDecl, LetDecl, ParamDecl, FnDecl, ModelDecl, TrainDecl, StepBlock,
               ValidateBlock, Settings, Minimize, Show, Plot, Explain, Set, Freeze, If, Save, Expect, Return,
               Next, Import, Evaluate>
      form;
  Span span;
  Span keyword;  // its first word, or the name of an unnamed form
};

struct Program {
  std::uint32_t file = 0;
  Block statements;
};

}  // namespace weft::ast
