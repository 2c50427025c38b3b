#pragma once

#include "tensor/passes/subexpressions.h"

namespace weft {

/// Convolutions as products over windows of an image that is nowhere copied, forward and back:
///
///   pad[X](windows[Y -> Y, KY](x))        ->  windows[Y -> Y, KY](pad[X](x))
///   overlap[X, KX -> X](dot[Out](dy, w))  ->  dot[Out, KX](reverse[KX](windows[X -> X, KX](pad[X](dy))), w)
///
/// The first because windows are a view, and padding them a copy of each element as often as it stands there.
/// The second, with stride 1, because what overlaps would first be laid side by side in memory: as many times
/// the image as a window has positions. Several axes may overlap one after the other, with axes renamed and
/// slices taken in between. Left as it is where the image grows by more than half. To be done after all
/// gradients; values are those of the graph as it was, up to the order of sums. Loops' bodies are left as
/// they are. Cost: linear in nodes.
SharedGraph join_convolutions(SharedGraph graph, const Bindings& extents);

}  // namespace weft
