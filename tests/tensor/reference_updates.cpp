#include "tests/tensor/reference_updates.h"

#include <algorithm>
#include <cmath>

namespace weft::reference {

namespace {

using Numbers = std::vector<double>;

/// w after step t of Adam, with the numbers it has; m and v are changed.
double adam(const Numbers& n, double w, double& m, double& v, double gradient, double rate, double t) {
  const double g = gradient + (n.size() > 4 ? n[4] : 0) * w;
  m = n[0] * m + (1 - n[0]) * g;
  v = n[1] * v + (1 - n[1]) * g * g;
  const double step = m / (1 - std::pow(n[0], t)) / (std::sqrt(v / (1 - std::pow(n[1], t))) + n[2]);
  return w - rate * (step + n[3] * w);
}

/// Updates in which every element has its own gradient.
double updated(const Node& node, const std::vector<Array>& in, const Place& p) {
  const auto scalar = [&](std::size_t i) { return in[i].values[0]; };
  const Numbers& n = node.attributes.numbers;
  const double w = in[0].at(p);
  switch (node.op) {
    case OpId::assign:
      return in[1].at(p);
    case OpId::sgd:
      return w - scalar(2) * scalar(3) * in[1].at(p);
    case OpId::momentum: {
      const double g = scalar(4) * in[2].at(p), u = n[0] * in[1].at(p) + g;
      return w - scalar(3) * (n[1] != 0 ? g + n[0] * u : u);
    }
    case OpId::adagrad:
    case OpId::rmsprop: {
      const double g = scalar(4) * in[2].at(p), s = in[1].at(p);
      const double sum = node.op == OpId::adagrad ? s + g * g : n[0] * s + (1 - n[0]) * g * g;
      return w - scalar(3) * g / (std::sqrt(sum) + n.back());
    }
    case OpId::adam: {
      double m = in[1].at(p), v = in[2].at(p);
      return adam(n, w, m, v, scalar(5) * in[3].at(p), scalar(4), scalar(6));
    }
    default:
      return w;
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

/// adam_rows and adam_catch_up. Who reads a table after adam_rows has all its rows caught up.
class LateAdam {
 public:
  LateAdam(const Node& node, const std::vector<Array>& in, Array& y)
      : node_(node),
        in_(in),
        y_(y),
        axis_(node.attributes.axes[0]),
        most_(std::min<std::int64_t>(64, y.extent(axis_))),
        m_(in[1]),
        v_(in[2]),
        last_(in[3]),
        rates_(in[4]) {}

  void run() {
    const bool updates = node_.op == OpId::adam_rows;
    const auto steps = static_cast<std::int64_t>(in_[5].values[0]) + (updates ? 1 : 0);
    if (updates) rates_.at(place(steps % most_)) = in_[8].values[0];
    if (in_.size() > 6) {
      for (const auto& [row, from] : rows(in_[updates ? 7 : 6])) {
        catch_up(row, updates ? steps - 1 : steps);
        if (updates)
          step(row, steps, [&](const Place& p) { return in_[9].values[0] * in_[7].at(joined(from, p)); });
        last_.at(place(row)) = static_cast<double>(steps);
      }
    }
    if (!updates && in_.size() > 6) return;
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
    std::vector<Size> along;
    for (const Size& size : ordered.axes)
      if (in_[6].has(size.axis)) along.push_back(size);
    std::vector<std::pair<std::int64_t, Place>> found;
    for_each_place(along, [&](const Place& p) {
      const auto row = static_cast<std::int64_t>(in_[6].at(p));
      const bool known =
          std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.first == row; });
      if (row >= 0 && row < y_.extent(axis_) && !known) found.emplace_back(row, p);
    });
    return found;
  }

  template <class Gradient>
  void step(std::int64_t row, std::int64_t t, Gradient gradient) {
    for_each_place(y_.axes, [&](const Place& p) {
      if (p.at(axis_) != row) return;
      y_.at(p) = adam(node_.attributes.numbers, y_.at(p), m_.at(p), v_.at(p), gradient(p),
                      rates_.at(place(t % most_)), static_cast<double>(t));
    });
  }

  void catch_up(std::int64_t row, std::int64_t until) {
    for (auto t = static_cast<std::int64_t>(last_.at(place(row))) + 1; t <= until; ++t)
      step(row, t, [](const Place&) { return 0.0; });
    last_.at(place(row)) = static_cast<double>(until);
  }

  const Node& node_;
  const std::vector<Array>& in_;
  Array& y_;
  AxisId axis_;
  std::int64_t most_;
  Array m_, v_, last_, rates_;
};

}  // namespace

void update(const Node& node, const std::vector<Array>& operands, Array& y) {
  for_each_place(y.axes, [&](const Place& p) { y.at(p) = updated(node, operands, p); });
  if (node.op == OpId::sgd_rows) sgd_rows(node, operands, y);
  if (node.op == OpId::adagrad_rows) adagrad_rows(node, operands, y);
  if (node.op == OpId::adam_rows || node.op == OpId::adam_catch_up) LateAdam(node, operands, y).run();
}

}  // namespace weft::reference
