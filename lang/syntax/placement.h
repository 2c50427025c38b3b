#pragma once

#include "lang/diagnostic.h"
#include "lang/syntax/ast.h"

namespace weft::syntax {

/// What a list of statements is the body of.
enum class Place { program, model, function, scan, train, step, validate };

/// The statements of an `if` belong where the `if` itself does.

/// Whether a statement of this form belongs there.
bool belongs(Place place, const ast::Stmt& statement);
/// What is said where it doesn't.
Diagnostic misplaced(Place place, const ast::Stmt& statement, std::string_view keyword);

}  // namespace weft::syntax
