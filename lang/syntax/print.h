#pragma once

#include <string>

#include "lang/syntax/ast.h"

namespace weft::ast {

struct DumpOptions {
  bool spans = false;  // `@begin-end` after every node, and where operators and names stand
};

/// The tree as a listing: one statement a line, bodies indented, every field shown, `-` for what is absent.
///
///   let x = a + f(b).c     (let x (chain a + (postfix f (call b) .c)))
///   axis E = 256, B        (axis (E 256) (B -))
///
/// Equal listings with spans mean equal trees.
std::string dump(const Program& program, DumpOptions options = {});
std::string dump(const Expr& expr, DumpOptions options = {});

}  // namespace weft::ast
