#pragma once

#include "lang/check/elaborator.h"

namespace weft::check {

/// One call of an `fn`. The function's axis parameters, and for a method those of its model, are axes of
/// their own: arguments are renamed to them on the way in, the result is renamed back on the way out, and a
/// parameter that stands for several axes of the caller merges and splits them.
class FunctionCall {
 public:
  FunctionCall(Elaborator& e, const ast::FnDecl& fn, const std::shared_ptr<Scope>& defined,
               const Instance* instance, CallSite& site);

  /// Matches the arguments, reads the body, gives the result in the caller's axes.
  Value run();

 private:
  /// What the caller calls an axis parameter; `actual` is empty until it is given or inferred.
  struct AxisBinding {
    AxisId formal{};
    std::vector<Dim> actual;
    bool own = false;    // of the function itself, so inferred; else of its model
    bool sized = false;  // its extent is known
  };
  /// One axis that a parameter's type names, and what it is in the argument.
  struct ListedAxis {
    const ast::AxisItem* item = nullptr;
    AxisId base{};    // without primes
    AxisId formal{};  // with them
    std::vector<Dim> actual;
  };

  bool bind_axes();
  bool bind_parameter(const ast::Parameter&, const ArgumentValue*);
  bool list_axes(const ast::Type&, std::vector<ListedAxis>&, bool& rest_here);
  bool infer_axes(const TensorType& argument, std::vector<ListedAxis>&, Span);
  void not_inferred(const std::string& axis, Span, std::string label);
  bool check_extents(const ast::Parameter&, const TensorType& argument, const std::vector<ListedAxis>&,
                     bool rest_here, Span);
  bool check_element(const ast::Parameter&, const TensorType& argument, Span, std::vector<AxisId>& from,
                     std::vector<AxisId>& to);
  Value inward(NodeId node, const std::vector<ListedAxis>&, std::vector<AxisId> from, std::vector<AxisId> to,
               Span);
  bool check_result(const TensorType&);
  Value outward(const Value&);

  AxisBinding* binding_of(AxisId formal);
  std::vector<Dim> actual_of(const ast::Name&, AxisId base);
  AxisId primed(const ast::Name&, AxisId base);
  std::string shown(const TensorType& t) const { return describe(t, e_.axis_table()); }

  Elaborator& e_;
  const ast::FnDecl& fn_;
  const Instance* instance_;
  CallSite& site_;
  std::string called_;  // how messages name the function
  std::shared_ptr<Scope> scope_;
  std::vector<AxisBinding> bindings_;
  std::vector<Dim> rest_;  // what `..` stands for
  bool has_rest_ = false;
};

}  // namespace weft::check
