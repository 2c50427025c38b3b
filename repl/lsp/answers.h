#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "lang/service/document.h"

/// What the service says, in the protocol's words.
namespace weft::repl::lsp {

/// The URI of one of a document's sources: of the open text, an imported file, the library.
std::string uri_of_source(const service::Document&, const std::string& own_uri, std::uint32_t file);

nlohmann::json diagnostics(const service::Document&, const std::string& uri);
nlohmann::json hover(const service::Document&, std::uint32_t offset);
nlohmann::json definition(const service::Document&, const std::string& uri, std::uint32_t offset);
nlohmann::json completion(const service::Completion&, const std::string& text, std::uint32_t offset);
/// `nested`: as a tree, else as a flat list for older clients.
nlohmann::json symbols(const service::Document&, const std::string& uri, bool nested);
/// Edits that format the text; none where it has faults of syntax.
nlohmann::json formatting(const std::string& name, const std::string& text);
/// The repairs that diagnostics between two places propose.
nlohmann::json quick_fixes(const service::Document&, const std::string& uri, std::uint32_t begin,
                           std::uint32_t end);

}  // namespace weft::repl::lsp
