#pragma once

#include <vector>

#include "lang/syntax/ast.h"

namespace weft::syntax {

/// An expression as the grammar reads it, before precedence: operand, operator, operand, ...
struct FlatOperand {
  struct Mark {
    ast::Prefix::Op op{};
    Span span;
  };
  std::vector<Mark> prefixes;  // outermost first
  ast::ExprPtr value;
};
struct FlatExpression {
  struct Mark {
    ast::Operator op{};
    Span span;
  };
  std::vector<FlatOperand> operands;  // one more than operators
  std::vector<Mark> operators;
};

/// The tree by precedence, loosest first: |>, or, and, not, comparisons, + -, * /, unary -, ^ (from the
/// right). In time linear in the length; its depth is bounded by the number of levels and of signed exponents
/// (2^-2^-2, see limits.h). Throws Fault: chained comparisons, `not` under something that binds tighter.
ast::ExprPtr fold(FlatExpression flat);

}  // namespace weft::syntax
