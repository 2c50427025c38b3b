#include "tests/tensor/op_rows.h"

namespace weft {

const std::vector<OpLack>& op_lacks() {
  static const std::vector<OpLack> lacks = [] {
    std::vector<OpLack> all;
    const auto lack = [&](OpPart part, const char* reason, std::initializer_list<OpId> ops) {
      for (const OpId id : ops) all.push_back({id, part, reason});
    };
    lack(OpPart::gradient, "has no operand", {OpId::constant, OpId::extent, OpId::position});
    lack(OpPart::gradient, "gives truth values",
         {OpId::less, OpId::less_equal, OpId::equal, OpId::not_equal, OpId::logical_and, OpId::logical_or,
          OpId::logical_not, OpId::is_finite});
    lack(OpPart::gradient, "gives integers or positions", {OpId::cast, OpId::argmax, OpId::top_k});
    lack(OpPart::gradient, "is there to end gradients", {OpId::stop});
    lack(OpPart::gradient, "second derivatives are no aim",
         {OpId::merge_rows, OpId::cross_entropy_grad, OpId::attention_grad});
    lack(OpPart::gradient, "changes state, after all gradients",
         {OpId::assign, OpId::assign_at, OpId::sgd, OpId::sgd_rows, OpId::momentum, OpId::momentum_rows,
          OpId::momentum_catch_up, OpId::adagrad, OpId::adagrad_rows, OpId::rmsprop, OpId::rmsprop_rows,
          OpId::rmsprop_catch_up, OpId::adam, OpId::adam_rows, OpId::adam_catch_up});
    lack(OpPart::gradient, "has no operand", {OpId::random_uniform, OpId::random_normal});
    lack(OpPart::gradient, "draws another mask for each difference: ops_random.cpp", {OpId::dropout});
    lack(OpPart::reference, "draws its numbers: ops_random.cpp",
         {OpId::random_uniform, OpId::random_normal, OpId::dropout});
    lack(OpPart::reference, "a graph of its own: scan_test.cpp, plan_scan.cpp", {OpId::scan, OpId::item});
    lack(OpPart::gradient, "a graph of its own: scan_gradient.cpp", {OpId::scan, OpId::item});
    lack(OpPart::edges, "a graph of its own: plan_scan.cpp", {OpId::scan, OpId::item});
    lack(OpPart::reference, "made of other ops: pass_fusion.cpp", {OpId::fused});
    lack(OpPart::gradient, "made after all gradients", {OpId::fused, OpId::gather_sum});
    lack(OpPart::edges, "made of other ops: pass_fusion.cpp", {OpId::fused});
    lack(OpPart::fault, "takes any type that is given", {OpId::input, OpId::extent});
    lack(OpPart::fault, "takes any operand", {OpId::cast, OpId::stop});
    return all;
  }();
  return lacks;
}

}  // namespace weft
