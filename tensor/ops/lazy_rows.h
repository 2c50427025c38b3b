#pragma once

#include "tensor/ops/table_rows.h"

/// What optimizers share that update the rows of a table that have a gradient and let the others lie. For
/// each such optimizer, say sgd with momentum, there are two ops:
///
///   momentum_rows      (w, states as w .., last [V], rates [V], steps [], idx [rows], rows [rows, elements],
///                      rate [], scale []) -> w's, written over all before idx. `last` says up to which step
///                      each row is as the update of all rows would have it. The steps that a row has missed
///                      are made up for before its own, with the rates kept of them, so that it becomes what
///                      that update makes of it, bit for bit. An index that comes several times has the sum
///                      of its rows at the first of them (merge_rows); what the others have is not looked at.
///                      Every 64 steps, or as many as there are rows, all rows catch up.
///   momentum_catch_up  (w, states as w .., last [V], rates [V], steps [], idx [rows] or nothing) -> w's,
///                      written over w, its states and last: the rows looked up, or all, as of the last step.
///                      rates and steps stay as they are; they count as written all the same, so that they
///                      are read as the newest momentum_rows has left them.
///
/// attributes.axes[0] is the axis V that idx looks up, attributes.numbers are those of the update of all
/// rows. `last` and `steps`, how many steps have been made before, are integers.
///
/// Source: Carpenter 2008, Lazy Sparse Stochastic Gradient Descent for Regularized Multinomial Logistic
/// Regression
namespace weft {

/// Errors: element, axes, extents, and attributes for another number of operands; attributes.numbers are left
/// to the caller.
TensorType infer_lazy_rows(OpId, const Graph&, Inputs, const Attributes&);
TensorType infer_catch_up(OpId, const Graph&, Inputs, const Attributes&);

/// As table_rows_space; the rows in their own order, as merge_rows has it.
IterationSpace lazy_rows_space(const Graph&, NodeId);
IterationSpace catch_up_space(const Graph&, NodeId);

}  // namespace weft
