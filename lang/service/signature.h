#pragma once

#include <string>

#include "lang/diagnostic.h"
#include "lang/syntax/ast.h"

namespace weft::service {

/// The head of a declaration as it is written, without its body:
/// "fn attention[Q, S](q: [.., Q]) -> [.., Q]", "model Linear[In -> Out](bias = true)".
std::string signature(const ast::FnDecl&, const Sources&);
std::string signature(const ast::ModelDecl&, const Sources&);

/// A comment of several lines in one.
std::string one_line(std::string_view comment);

}  // namespace weft::service
