#pragma once

#include <map>
#include <memory>
#include <string>

#include "lang/check/value.h"

namespace weft {
struct EmbeddedModel;
}

namespace weft::check {

/// How a program is read.
struct CheckOptions {
  std::map<std::string, std::string> overrides;  // options set from outside
  bool declarations_only = false;                // a model file's source: no training, no output
  std::map<std::string, std::string> files;      // imports by path, before the file system is asked
  bool files_only = false;                       // the file system isn't asked at all
  std::map<std::string, std::shared_ptr<const EmbeddedModel>> models;  // what `load` loads, as `files`
};

/// An `option` of the script, for --help.
struct OptionInfo {
  std::string name;
  Value value;     // as resolved
  Value fallback;  // as written
  std::string help;
  std::string kind;  // "int", "real", "bool" or "text"
};

}  // namespace weft::check
