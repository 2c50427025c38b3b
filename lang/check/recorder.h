#pragma once

#include <string>

#include "lang/check/value.h"

namespace weft::check {

/// Told what the names in the source mean while it is checked, for editors; see Elaborator::set_recorder. A
/// function's body is read once for each call of it, so one name may be told of several times, in other
/// types.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// `name` stands for `value`, which was declared at `declared`: empty for what the language brings. A
  /// declaration tells of itself, with both spans the same. Tensors are nodes of graphs that may be gone
  /// later: what is to be known of them is asked now.
  virtual void name(Span name, const Value& value, Span declared) = 0;
  /// `name` was asked for as a member of `of`.
  virtual void member(Span name, const Value& of) = 0;
};

}  // namespace weft::check
