#include "tests/tensor/reference_updates.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "tensor/op.h"

namespace weft::reference {

namespace {

using Numbers = std::vector<double>;

/// What an update does to one element.
struct Element {
  double w;
  std::vector<double> states;
  double gradient, rate, t;
};

/// w and the states after a step of the optimizer of this name, with the numbers its op has.
void step(std::string_view optimizer, const Numbers& n, Element& e) {
  double g = e.gradient, &first = e.states[0];
  if (optimizer == "momentum") {
    first = n[0] * first + g;
    e.w -= e.rate * (n[1] != 0 ? g + n[0] * first : first);
  } else if (optimizer == "adam") {
    double& second = e.states[1];
    g += (n.size() > 4 ? n[4] : 0) * e.w;
    first = n[0] * first + (1 - n[0]) * g;
    second = n[1] * second + (1 - n[1]) * g * g;
    const double m = first / (1 - std::pow(n[0], e.t)), v = second / (1 - std::pow(n[1], e.t));
    e.w -= e.rate * (m / (std::sqrt(v) + n[2]) + n[3] * e.w);
  } else {
    first = optimizer == "adagrad" ? first + g * g : n[0] * first + (1 - n[0]) * g * g;
    e.w -= e.rate * g / (std::sqrt(first) + n.back());
  }
}

/// Updates in which every element has its own gradient.
double updated(const Node& node, const std::vector<Array>& in, const Place& p) {
  const auto scalar = [&](std::size_t i) { return in[i].values[0]; };
  switch (node.op) {
    case OpId::assign:
      return in[1].at(p);
    case OpId::sgd:
      return in[0].at(p) - scalar(2) * scalar(3) * in[1].at(p);
    case OpId::momentum:
    case OpId::adagrad:
    case OpId::rmsprop:
    case OpId::adam: {
      Element e{in[0].at(p), {}, 0, 0, 0};
      const std::size_t states = node.op == OpId::adam ? 2 : 1, gradient = states + 1;
      for (std::size_t k = 1; k <= states; ++k) e.states.push_back(in[k].at(p));
      e.rate = scalar(gradient + 1);
      e.gradient = scalar(gradient + 2) * in[gradient].at(p);
      if (in.size() > gradient + 3) e.t = scalar(gradient + 3);
      step(op(node.op).name, node.attributes.numbers, e);
      return e.w;
    }
    default:
      return in[0].at(p);
  }
}

void sgd_rows(const Node& node, const std::vector<Array>& in, Array& y) {
  for_each_place(in[2].axes, [&](const Place& p) {
    Place q = p;
    q.set(node.attributes.axes[0], static_cast<std::int64_t>(in[1].at(p)));
    y.at(q) -= in[3].values[0] * in[4].values[0] * in[2].at(p);
  });
}

void adagrad_rows(const Node& node, const std::vector<Array>& in, Array& y) {
  Array sum = in[1];
  for_each_place(in[3].axes, [&](const Place& p) {
    Place q = p;
    q.set(node.attributes.axes[0], static_cast<std::int64_t>(in[2].at(p)));
    const double g = in[5].values[0] * in[3].at(p);
    sum.at(q) += g * g;
    y.at(q) -= in[4].values[0] * g / (std::sqrt(sum.at(q)) + node.attributes.numbers[0]);
  });
}

/// The optimizer's name where the op is NAME_rows or NAME_catch_up and lets rows lie, else nothing.
std::string_view lazy_optimizer(std::string_view op) {
  for (const std::string_view name : {"momentum", "rmsprop", "adam"})
    if (op.starts_with(name) && op.size() > name.size()) return name;
  return {};
}

/// NAME_rows and NAME_catch_up. Who reads a table after NAME_rows has all its rows caught up.
class LazyRows {
 public:
  LazyRows(const Node& node, const std::vector<Array>& in, Array& y)
      : node_(node),
        in_(in),
        y_(y),
        axis_(node.attributes.axes[0]),
        most_(std::min<std::int64_t>(64, y.extent(axis_))),
        name_(lazy_optimizer(op(node.op).name)),
        index_(name_ == "adam" ? 6 : 5),
        states_(in.begin() + 1, in.begin() + static_cast<std::ptrdiff_t>(index_) - 3),
        last_(in[index_ - 3]),
        rates_(in[index_ - 2]) {}

  void run() {
    const bool updates = in_.size() > index_ + 1, of_rows = in_.size() > index_;
    const auto steps = static_cast<std::int64_t>(in_[index_ - 1].values[0]) + (updates ? 1 : 0);
    if (updates) rates_.at(place(steps % most_)) = in_[index_ + 2].values[0];
    if (of_rows) {
      for (const auto& [row, from] : rows(in_[updates ? index_ + 1 : index_])) {
        catch_up(row, updates ? steps - 1 : steps);
        if (updates)
          update(row, steps, [&](const Place& p) {
            return in_[index_ + 3].values[0] * in_[index_ + 1].at(joined(from, p));
          });
        last_.at(place(row)) = static_cast<double>(steps);
      }
    }
    if (of_rows && !updates) return;
    for (std::int64_t row = 0; row < y_.extent(axis_); ++row) catch_up(row, steps);
  }

 private:
  Place place(std::int64_t row) const {
    Place p;
    p.set(axis_, row);
    return p;
  }

  /// The rows of the table that the indices name, each once, and where the first of them stands, in the order
  /// of `ordered`.
  std::vector<std::pair<std::int64_t, Place>> rows(const Array& ordered) const {
    const Array& indices = in_[index_];
    std::vector<Size> along;
    for (const Size& size : ordered.axes)
      if (indices.has(size.axis)) along.push_back(size);
    std::vector<std::pair<std::int64_t, Place>> found;
    for_each_place(along, [&](const Place& p) {
      const auto row = static_cast<std::int64_t>(indices.at(p));
      const bool known =
          std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.first == row; });
      if (row >= 0 && row < y_.extent(axis_) && !known) found.emplace_back(row, p);
    });
    return found;
  }

  template <class Gradient>
  void update(std::int64_t row, std::int64_t t, Gradient gradient) {
    for_each_place(y_.axes, [&](const Place& p) {
      if (p.at(axis_) != row) return;
      Element e{y_.at(p), {}, gradient(p), rates_.at(place(t % most_)), static_cast<double>(t)};
      for (const Array& state : states_) e.states.push_back(state.at(p));
      step(name_, node_.attributes.numbers, e);
      y_.at(p) = e.w;
      for (std::size_t k = 0; k < states_.size(); ++k) states_[k].at(p) = e.states[k];
    });
  }

  void catch_up(std::int64_t row, std::int64_t until) {
    for (auto t = static_cast<std::int64_t>(last_.at(place(row))) + 1; t <= until; ++t)
      update(row, t, [](const Place&) { return 0.0; });
    last_.at(place(row)) = static_cast<double>(until);
  }

  const Node& node_;
  const std::vector<Array>& in_;
  Array& y_;
  AxisId axis_;
  std::int64_t most_;
  std::string_view name_;
  std::size_t index_;  // the operand that has the indices
  std::vector<Array> states_;
  Array last_, rates_;
};

}  // namespace

void update(const Node& node, const std::vector<Array>& operands, Array& y) {
  for_each_place(y.axes, [&](const Place& p) { y.at(p) = updated(node, operands, p); });
  if (node.op == OpId::sgd_rows) sgd_rows(node, operands, y);
  if (node.op == OpId::adagrad_rows) adagrad_rows(node, operands, y);
  if (!lazy_optimizer(op(node.op).name).empty()) LazyRows(node, operands, y).run();
}

}  // namespace weft::reference
