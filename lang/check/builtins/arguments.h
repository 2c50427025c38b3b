#pragma once

#include <optional>
#include <vector>

#include "lang/check/elaborator.h"

/// What builtins share in reading their calls. Each gives a diagnostic where it fails.
namespace weft::check {

using Arguments = std::vector<const ArgumentValue*>;

/// False after a diagnostic: axes are given to a builtin that takes none.
bool no_axes(Elaborator&, const Builtin&, const CallSite&);

/// The tensors of a call whose arguments are all positional.
std::optional<std::vector<NodeId>> tensors(Elaborator&, const Builtin&, CallSite&, std::size_t count);

/// The axes in `[ ]`; `..` stands for the other axes of `x`.
std::optional<std::vector<AxisId>> axes_of(Elaborator&, const Builtin&, const CallSite&, NodeId x);

/// False after a diagnostic: `index` holds no positions of `axis`. `fix`: the axes and table that were meant.
bool indexes(Elaborator&, const Builtin&, NodeId index, AxisId axis, Span,
             std::optional<Fix> fix = std::nullopt);

}  // namespace weft::check
