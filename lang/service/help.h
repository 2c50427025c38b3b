#pragma once

#include <optional>
#include <string>

#include "lang/service/names.h"

/// Help as a person reads it at a prompt.
namespace weft::service {

/// What a name is, in the form of a declaration, then its comment; of a model also its methods.
std::string help_text(const Name&, const Sources&);

/// Of a word of the language: how its statement is written; of a reader: its axes, arguments and columns.
/// Nothing for any other word.
std::optional<std::string> help_of_word(const std::string& word);

}  // namespace weft::service
