#include "lang/syntax/fold.h"

#include <array>
#include <string>

#include "lang/concat.h"
#include "lang/syntax/fault.h"
#include "lang/syntax/limits.h"
#include "lang/syntax/syntax_codes.h"

namespace weft::syntax {
namespace {

using ast::ExprPtr;
using ast::Operator;

enum class Level { pipe, logical_or, logical_and, logical_not, comparison, sum, product, minus, power };

Level level_of(Operator op) {
  switch (op) {
    case Operator::pipe:
      return Level::pipe;
    case Operator::logical_or:
      return Level::logical_or;
    case Operator::logical_and:
      return Level::logical_and;
    case Operator::add:
    case Operator::sub:
      return Level::sum;
    case Operator::mul:
    case Operator::div:
      return Level::product;
    case Operator::pow:
      return Level::power;
    default:
      return Level::comparison;
  }
}

Level tighter(Level level) {
  return static_cast<Level>(static_cast<int>(level) + 1);
}

ExprPtr make(decltype(ast::Expr::form) form, Span begin, Span end) {
  auto expr = std::make_unique<ast::Expr>();
  expr->form = std::move(form);
  expr->span = {begin.file, begin.begin, end.end};
  return expr;
}

/// Precedence climbing over the flat lists; `next_` is the operand to be read.
class Folder {
 public:
  explicit Folder(FlatExpression flat) : flat_(std::move(flat)) {}

  ExprPtr run() { return read(Level::pipe); }

 private:
  ExprPtr read(Level level) {
    switch (level) {
      case Level::logical_not:
        return read_prefix(level, ast::Prefix::Op::logical_not);
      case Level::minus:
        return read_prefix(level, ast::Prefix::Op::minus);
      case Level::power:
        return read_power();
      default:
        break;
    }
    ExprPtr first = read(tighter(level));
    ast::Chain chain;
    while (const auto* mark = operator_of(level)) {
      if (level == Level::comparison && !chain.rest.empty())
        throw chained(chain.rest.front().op_span, mark->span);
      chain.rest.push_back({mark->op, mark->span, read(tighter(level))});
    }
    return join(std::move(first), std::move(chain));
  }

  /// A run of one prefix operator, and what it applies to.
  ExprPtr read_prefix(Level level, ast::Prefix::Op op) {
    auto& prefixes = flat_.operands[next_].prefixes;
    ast::Prefix prefix;
    const std::size_t first = taken_;
    while (taken_ < prefixes.size() && prefixes[taken_].op == op) {
      prefix.ops.push_back(op);
      ++taken_;
    }
    if (prefix.ops.empty()) return read(tighter(level));
    const Span begin = prefixes[first].span;
    prefix.operand = read(tighter(level));
    const Span end = prefix.operand->span;
    return make(std::move(prefix), begin, end);
  }

  ExprPtr read_power() {
    ExprPtr first = read_operand();
    ast::Chain chain;
    while (const auto* mark = operator_of(Level::power)) {
      const bool sign = !flat_.operands[next_].prefixes.empty();
      ExprPtr exponent = sign ? read_signed_exponent(mark->span) : read_operand();
      chain.rest.push_back({mark->op, mark->span, std::move(exponent)});
    }
    return join(std::move(first), std::move(chain));
  }

  /// 2^-3^2 is 2^(-(3^2)): a sign takes in all that follows.
  ExprPtr read_signed_exponent(Span op) {
    if (++exponents_ > kDeepestExponent) {
      Diagnostic d;
      d.code = syntax_code::too_deep;
      d.span = op;
      d.message = concat("more than ", std::to_string(kDeepestExponent), " signed exponents in one another");
      throw Fault(std::move(d));
    }
    ExprPtr exponent = read(Level::minus);
    --exponents_;
    return exponent;
  }

  ExprPtr read_operand() {
    FlatOperand& operand = flat_.operands[next_];
    if (taken_ < operand.prefixes.size()) {  // a `not` that no looser level took
      Diagnostic d;
      d.code = syntax_code::not_operand;
      d.span = operand.prefixes[taken_].span;
      d.message = "`not` binds looser than what stands before it";
      d.label = "put `not` and its operand in parentheses";
      throw Fault(std::move(d));
    }
    taken_ = 0;
    ++next_;
    return std::move(operand.value);
  }

  /// The operator after the operand just read, if it is of this level; it counts as read.
  const FlatExpression::Mark* operator_of(Level level) const {
    const std::size_t at = next_ - 1;
    if (at >= flat_.operators.size() || level_of(flat_.operators[at].op) != level) return nullptr;
    return &flat_.operators[at];
  }

  static ExprPtr join(ExprPtr first, ast::Chain chain) {
    if (chain.rest.empty()) return first;
    const Span begin = first->span;
    const Span end = chain.rest.back().operand->span;
    chain.first = std::move(first);
    return make(std::move(chain), begin, end);
  }

  static Fault chained(Span first, Span second) {
    Diagnostic d;
    d.code = syntax_code::chained;
    d.span = second;
    d.message = "comparisons don't chain";
    d.label = "a second comparison";
    d.notes.push_back({first, "the first one"});
    d.help = "write `a < b and b < c`";
    return Fault(std::move(d));
  }

  FlatExpression flat_;
  std::size_t next_ = 0;
  std::size_t taken_ = 0;  // prefixes of operand `next_` already applied
  int exponents_ = 0;
};

}  // namespace

ast::ExprPtr fold(FlatExpression flat) {
  if (flat.operators.empty() && flat.operands.front().prefixes.empty()) {
    return std::move(flat.operands.front().value);
  }
  return Folder(std::move(flat)).run();
}

}  // namespace weft::syntax
