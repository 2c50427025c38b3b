#pragma once

#include <istream>
#include <ostream>

namespace weft::repl::lsp {

/// Answers one editor until it says `exit` or its input ends (Language Server Protocol 3.17). Gives the exit
/// code the protocol asks for: 0 after `shutdown`, else 1. Messages are taken one after the other, so a
/// request is answered before its cancelling could arrive.
int serve(std::istream& in, std::ostream& out);

}  // namespace weft::repl::lsp
