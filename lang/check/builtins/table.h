#pragma once

#include "lang/check/elaborator.h"

/// The functions behind the names of the language; table.cpp says which is which.
namespace weft::check {

Value elementwise(Elaborator&, const Builtin&, CallSite&);
Value over_axes(Elaborator&, const Builtin&, CallSite&);
Value dot(Elaborator&, const Builtin&, CallSite&);
Value cross_entropy(Elaborator&, const Builtin&, CallSite&);
Value at(Elaborator&, const Builtin&, CallSite&);
Value real_of(Elaborator&, const Builtin&, CallSite&);
Value dropout(Elaborator&, const Builtin&, CallSite&);
Value fill(Elaborator&, const Builtin&, CallSite&);
Value rename(Elaborator&, const Builtin&, CallSite&);
Value concat(Elaborator&, const Builtin&, CallSite&);
Value unstack(Elaborator&, const Builtin&, CallSite&);
Value slice(Elaborator&, const Builtin&, CallSite&);
Value last(Elaborator&, const Builtin&, CallSite&);
Value position(Elaborator&, const Builtin&, CallSite&);
Value labels(Elaborator&, const Builtin&, CallSite&);
Value word_vectors(Elaborator&, const Builtin&, CallSite&);
Value load(Elaborator&, const Builtin&, CallSite&);
Value tokenizer(Elaborator&, const Builtin&, CallSite&);
Value schedule(Elaborator&, const Builtin&, CallSite&);
Value exponential(Elaborator&, const Builtin&, CallSite&);
Value plateau(Elaborator&, const Builtin&, CallSite&);
Value warmup(Elaborator&, const Builtin&, CallSite&);
Value optimizer(Elaborator&, const Builtin&, CallSite&);
Value regularizer(Elaborator&, const Builtin&, CallSite&);
Value top_k(Elaborator&, const Builtin&, CallSite&);
Value sort(Elaborator&, const Builtin&, CallSite&);
Value scatter(Elaborator&, const Builtin&, CallSite&);
Value least(Elaborator&, const Builtin&, CallSite&);
Value windows(Elaborator&, const Builtin&, CallSite&);
Value overlap(Elaborator&, const Builtin&, CallSite&);
Value generate(Elaborator&, const Builtin&, CallSite&);
Value gridworld(Elaborator&, const Builtin&, CallSite&);
Value episodes(Elaborator&, const Builtin&, CallSite&);

}  // namespace weft::check
