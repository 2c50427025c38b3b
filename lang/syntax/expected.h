#pragma once

#include <string_view>

#include "lang/diagnostic.h"
#include "lang/syntax/placement.h"
#include "lang/syntax/token.h"

namespace weft::syntax {

/// "expected an expression after `=`": `what` had to stand at `where`. `first` is the first token of the
/// text.
Diagnostic expected(std::string_view what, const Token* where, const Token* first);

/// The fault of a statement that starts with `begin`, as far as its first two tokens show it: an unknown or a
/// reserved word, something left over of the statement before. `first` is the first token of the text,
/// `block` of the statements around it. Empty `code` where there is none.
Diagnostic start_fault(const Token* begin, const Token* block, const Token* first, Place place);

}  // namespace weft::syntax
