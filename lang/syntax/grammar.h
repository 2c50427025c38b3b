#pragma once

#include "lang/syntax/ast.h"
#include "lang/syntax/reader.h"

namespace weft::syntax {

/// The statements of a text whose brackets match; what can't be read is told to the reader and left out.
ast::Block read_statements(Reader& reader);

}  // namespace weft::syntax
