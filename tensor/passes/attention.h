#pragma once

#include "tensor/graph.h"

namespace weft {

/// Makes every dot[S](softmax[S](scores), v) whose scores are dot[K](q, k), perhaps scaled by a constant and
/// with -infinity where a mask says so, and whose softmax perhaps goes through `dropout`, one `attention`
/// node in the place of the outer product: the same value without all the scores at once. What else reads the
/// weights still finds them. To be done before the gradient is taken, which otherwise reads the weights
/// itself. Loops' bodies are left as they are, and so is dropout that counts the weights in an order of which
/// the keys are not the last.
void recognize_attention(Graph&);

}  // namespace weft
