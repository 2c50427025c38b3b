#pragma once

#include <string>

namespace weft::repl::lsp {

/// "file:///home/a%20b/lm.weft" -> "/home/a b/lm.weft"; another scheme's URI as it is.
std::string path_of(const std::string& uri);
/// An absolute path as a file URI (RFC 8089); what isn't a path as it is.
std::string uri_of(const std::string& path);

/// The library source of that name in a file that an editor can open: written to the user's cache
/// ($XDG_CACHE_HOME/weft, else ~/.cache/weft, else the folder for temporary files) where it isn't there yet.
/// Empty where that can't be done.
std::string library_file(const std::string& name, const std::string& text);

}  // namespace weft::repl::lsp
