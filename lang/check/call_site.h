#pragma once

#include <string>
#include <vector>

#include "lang/check/value.h"
#include "tensor/op.h"

namespace weft::check {

/// An evaluated argument.
struct ArgumentValue {
  std::string name;  // empty: positional
  Value value;
  Span span;
};

/// A call being made: `callee[axes](arguments)`.
struct CallSite {
  Span span;  // of the whole call
  Span callee;
  const ast::AxisList* axes = nullptr;
  std::vector<ArgumentValue> arguments;
};

/// What the language knows by itself: functions, constructors of optimizers, tokenizers and so on.
struct Builtin {
  std::string name;
  std::string help;  // "softmax[axis](x)  exp(x) / sum exp(x)"
  Value (*call)(Elaborator&, const Builtin&, CallSite&);
  const Op* op = nullptr;  // builtins that are rows of the op table
};
const std::vector<Builtin>& builtins();

}  // namespace weft::check
