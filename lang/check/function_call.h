#pragma once

#include "lang/check/elaborator.h"

namespace weft::check {

/// What a text becomes: the indices of its tokens, `V[T]` or `V[B, T]` in the caller's axes, or one label.
struct TextInput {
  TensorType type;  // no axes: a label
  LabelSource source;
  Dim time;
  std::optional<Dim> batch;
};

/// One call of an `fn`. The function's axis parameters, and for a method those of its model, are axes of
/// their own: arguments are renamed to them on the way in, the result is renamed back on the way out, and a
/// parameter that stands for several axes of the caller merges and splits them.
class FunctionCall {
 public:
  FunctionCall(Elaborator& e, const ast::FnDecl& fn, const std::shared_ptr<Scope>& defined,
               const Instance* instance, CallSite& site);

  /// Matches the arguments, reads the body, gives the result in the caller's axes.
  Value run();

  /// Whether the parameter takes indices and is given a text: a label, or tokens (text_value.cpp).
  static bool reads_text(const ast::Parameter&, const Value&);
  /// What the first parameter makes of a text.
  std::optional<TextInput> model_input();

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
  /// Whether a number, truth value or text is of the parameter's type; false after a diagnostic.
  bool check_plain(const ast::Parameter&, const Value&, Span);
  std::optional<TextInput> text_input(const ast::Parameter&, Span);
  /// The indices that a text becomes; false after a diagnostic.
  bool bind_text(const ast::Parameter&, const std::string& text, Span, Value& v);
  Value without_batch(Value);
  bool check_result(const TensorType&);
  std::optional<Fix> turned_round(AxisId wanted, const TensorType& argument) const;
  bool rest_in_result() const;
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
  const Scope* caller_;
  std::shared_ptr<Scope> scope_;
  std::vector<AxisBinding> bindings_;
  std::vector<Dim> rest_;  // what `..` stands for
  bool has_rest_ = false;
  std::vector<AxisId> batch_axes_;  // of the texts among the arguments
};

}  // namespace weft::check
