#pragma once

#include <exception>
#include <utility>

#include "lang/diagnostic.h"

namespace weft::syntax {

/// Leaves a statement that can't be read on; caught where statements are, never outside this folder.
class Fault : public std::exception {
 public:
  explicit Fault(Diagnostic diagnostic) : diagnostic(std::move(diagnostic)) {}
  Diagnostic diagnostic;
};

}  // namespace weft::syntax
