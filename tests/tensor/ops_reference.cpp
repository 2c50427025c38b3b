#include "tests/tensor/ops_reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tensor/op.h"
#include "tensor/passes/copy_nodes.h"
#include "tests/tensor/reference_attention.h"
#include "tests/tensor/reference_updates.h"

namespace weft::reference {

std::int64_t Place::at(AxisId axis) const {
  for (const auto& [a, i] : along) {
    if (a == axis) return i;
  }
  throw std::logic_error("no such axis in the place");
}

void Place::set(AxisId axis, std::int64_t position) {
  for (auto& [a, i] : along) {
    if (a == axis) {
      i = position;
      return;
    }
  }
  along.emplace_back(axis, position);
}

Place joined(const Place& a, const Place& b) {
  Place place = a;
  for (const auto& [axis, i] : b.along) place.set(axis, i);
  return place;
}

Array::Array(std::vector<Size> sizes, double fill) : axes(std::move(sizes)) {
  std::int64_t n = 1;
  for (const Size& s : axes) n *= s.extent;
  values.assign(static_cast<std::size_t>(n), fill);
}

double& Array::at(const Place& place) {
  std::int64_t offset = 0;
  for (const Size& s : axes) offset = offset * s.extent + place.at(s.axis);
  return values.at(static_cast<std::size_t>(offset));
}

std::int64_t Array::extent(AxisId axis) const {
  for (const Size& s : axes) {
    if (s.axis == axis) return s.extent;
  }
  throw std::logic_error("no such axis in the array");
}

bool Array::has(AxisId axis) const {
  return std::any_of(axes.begin(), axes.end(), [&](const Size& s) { return s.axis == axis; });
}

void for_each_place(const std::vector<Size>& axes, const std::function<void(const Place&)>& visit) {
  for (const Size& s : axes) {
    if (s.extent == 0) return;
  }
  Place place;
  for (const Size& s : axes) place.along.emplace_back(s.axis, 0);
  for (;;) {
    visit(place);
    std::size_t d = axes.size();
    while (d > 0 && ++place.along[d - 1].second == axes[d - 1].extent) place.along[--d].second = 0;
    if (d == 0) return;
  }
}

std::vector<Size> sizes_of(const TensorType& type, const AxisTable& axes, const Bindings& extents) {
  std::vector<Size> sizes;
  for (const Dim& dim : type.dims)
    sizes.push_back({dim.axis, axes.symbols().evaluate(dim.extent, extents).value()});
  return sizes;
}

double Draw::next() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return static_cast<double>(state_ >> 11) / 4503599627370496.0 - 1;
}

Array Draw::array(const TensorType& type, const AxisTable& axes, const Bindings& extents) {
  Array array(sizes_of(type, axes, extents));
  for (double& v : array.values) {
    v = next();
    const std::int64_t range = type.element.kind == ElementKind::index
                                   ? axes.symbols().evaluate(axes[type.element.of].extent, extents).value()
                                   : 5;
    if (type.element.kind == ElementKind::boolean) v = v > 0 ? 1 : 0;
    if (type.element.kind == ElementKind::index || type.element.kind == ElementKind::integer) {
      v = std::min(std::floor((v + 1) / 2 * static_cast<double>(range)), static_cast<double>(range - 1));
    }
  }
  return array;
}

namespace {

/// The sizes of some axes of an array.
std::vector<Size> sizes_along(const Array& x, const std::vector<AxisId>& axes) {
  std::vector<Size> sizes;
  for (AxisId axis : axes) sizes.push_back({axis, x.extent(axis)});
  return sizes;
}

/// Whether a is larger than b; NaN is larger than all numbers.
bool above(double a, double b) {
  return a > b || (std::isnan(a) && !std::isnan(b));
}

class Evaluation {
 public:
  Evaluation(const Graph& graph, const std::vector<Array>& inputs, const Bindings& extents)
      : graph_(graph), inputs_(inputs), extents_(extents), values_(static_cast<std::size_t>(graph.size())) {}

  void run(std::span<const NodeId> outputs) {
    const std::vector<char> live = ancestors(graph_, outputs);
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (live[static_cast<std::size_t>(id)] != 0) visit(id);
    }
  }
  const Array& operator[](NodeId id) const { return values_[static_cast<std::size_t>(id)]; }

 private:
  std::int64_t evaluate(const Extent& e) const {
    return graph_.axes().symbols().evaluate(e, extents_).value();
  }
  const Array& in(const Node& node, int i) const { return (*this)[node.inputs[static_cast<std::size_t>(i)]]; }

  std::vector<Array> operands_of(const Node& node) const {
    std::vector<Array> operands;
    for (NodeId input : node.inputs) operands.push_back((*this)[input]);
    return operands;
  }

  void visit(NodeId id) {
    const Node& node = graph_[id];
    if (node.op == OpId::scan) {
      scan(id);
      return;
    }
    if (node.op == OpId::attention || node.op == OpId::attention_grad) {
      attention(id);
      return;
    }
    Array y(sizes_of(node.type, graph_.axes(), extents_));
    if (op(node.op).kind == OpKind::elementwise || node.op == OpId::cast) {
      for_each_place(y.axes, [&](const Place& p) { y.at(p) = elementwise(node, p); });
    } else {
      compute(node, y);
    }
    values_[static_cast<std::size_t>(id)] = std::move(y);
  }

  double elementwise(const Node& node, const Place& p) const {
    std::vector<double> x;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) x.push_back(in(node, static_cast<int>(i)).at(p));
    switch (node.op) {
      case OpId::add:
        return x[0] + x[1];
      case OpId::sub:
        return x[0] - x[1];
      case OpId::mul:
        return x[0] * x[1];
      case OpId::div:
        return x[0] / x[1];
      case OpId::pow:
        return std::pow(x[0], x[1]);
      case OpId::neg:
        return -x[0];
      case OpId::exp:
        return std::exp(x[0]);
      case OpId::log:
        return std::log(x[0]);
      case OpId::expm1:
        return std::expm1(x[0]);
      case OpId::log1p:
        return std::log1p(x[0]);
      case OpId::erf:
        return std::erf(x[0]);
      case OpId::floor:
        return std::floor(x[0]);
      case OpId::round:
        return std::isfinite(x[0]) ? x[0] - std::remainder(x[0], 1.0) : x[0];
      case OpId::sqrt:
        return std::sqrt(x[0]);
      case OpId::cos:
        return std::cos(x[0]);
      case OpId::sin:
        return std::sin(x[0]);
      case OpId::abs:
        return std::abs(x[0]);
      case OpId::minimum:
        return above(x[1], x[0]) && !std::isnan(x[1]) ? x[0] : std::isnan(x[0]) ? x[0] : x[1];
      case OpId::maximum:
        return above(x[1], x[0]) ? x[1] : x[0];
      case OpId::sigmoid:
        return 1 / (1 + std::exp(-x[0]));
      case OpId::tanh:
        return std::tanh(x[0]);
      case OpId::relu:
        return above(x[0], 0) ? x[0] : 0;
      case OpId::less:
        return x[0] < x[1];
      case OpId::less_equal:
        return x[0] <= x[1];
      case OpId::equal:
        return x[0] == x[1];
      case OpId::not_equal:
        return x[0] != x[1];
      case OpId::logical_and:
        return x[0] != 0 && x[1] != 0;
      case OpId::logical_or:
        return x[0] != 0 || x[1] != 0;
      case OpId::logical_not:
        return x[0] == 0;
      case OpId::is_finite:
        return std::isfinite(x[0]);
      case OpId::where:
        return x[0] != 0 ? x[1] : x[2];
      case OpId::cast:
        if (node.type.element.kind == ElementKind::boolean) return x[0] != 0;
        return node.type.element.kind == ElementKind::real ? x[0] : std::trunc(x[0]);
      default:
        throw std::logic_error("not elementwise");
    }
  }

  void compute(const Node& node, Array& y) const {
    const Attributes& a = node.attributes;
    switch (node.op) {
      case OpId::input: {
        const Array& given = inputs_.at(a.index);
        for_each_place(y.axes, [&](const Place& p) { y.at(p) = given.at(p); });
        return;
      }
      case OpId::constant:
        std::fill(y.values.begin(), y.values.end(), a.numbers[0]);
        return;
      case OpId::extent:
        y.values[0] = static_cast<double>(evaluate(a.extents[0]));
        return;
      case OpId::sum:
      case OpId::mean:
      case OpId::max:
      case OpId::argmax:
        reduce(node, y);
        return;
      case OpId::cumsum:
        cumsum(node, y);
        return;
      case OpId::top_k:
        top_k(node, y);
        return;
      case OpId::dot:
        dot(node, y);
        return;
      case OpId::rename:
      case OpId::merge:
      case OpId::split:
      case OpId::slice:
        view(node, y);
        return;
      case OpId::reverse:
        for_each_place(y.axes, [&](const Place& p) {
          const AxisId axis = node.attributes.axes[0];
          Place q = p;
          q.set(axis, y.extent(axis) - 1 - p.at(axis));
          y.at(p) = in(node, 0).at(q);
        });
        return;
      case OpId::windows:
      case OpId::overlap:
        windows(node, y);
        return;
      case OpId::stop:
      case OpId::copy:
        for_each_place(y.axes, [&](const Place& p) { y.at(p) = in(node, 0).at(p); });
        return;
      case OpId::concat:
      case OpId::pad:
        place_parts(node, y);
        return;
      case OpId::position:
        for_each_place(y.axes, [&](const Place& p) { y.at(p) = static_cast<double>(p.at(a.axes[0])); });
        return;
      case OpId::gather:
      case OpId::scatter_add:
        table(node, y);
        return;
      case OpId::gather_sum:
        gather_sum(node, y);
        return;
      case OpId::merge_rows:
        merge_rows(node, y);
        return;
      case OpId::softmax:
      case OpId::log_softmax:
      case OpId::cross_entropy:
      case OpId::cross_entropy_grad:
        distribution(node, y);
        return;
      case OpId::assign_at:
        assign_at(node, y);
        return;
      case OpId::assign:
      case OpId::sgd:
      case OpId::sgd_rows:
      case OpId::momentum:
      case OpId::momentum_rows:
      case OpId::momentum_catch_up:
      case OpId::adagrad:
      case OpId::adagrad_rows:
      case OpId::rmsprop:
      case OpId::rmsprop_rows:
      case OpId::rmsprop_catch_up:
      case OpId::adam:
      case OpId::adam_rows:
      case OpId::adam_catch_up:
        update(node, operands_of(node), y);
        return;
      case OpId::item:
        y = results_.at(node.inputs[0]).at(a.index);
        return;
      default:
        throw std::logic_error("[reference] has no formula for " + std::string(op(node.op).name));
    }
  }

  void reduce(const Node& node, Array& y) const {
    const Array& x = in(node, 0);
    const std::vector<Size> over = sizes_along(x, node.attributes.axes);
    for_each_place(y.axes, [&](const Place& p) {
      double sum = 0, count = 0, largest = -std::numeric_limits<double>::infinity(), where = 0;
      for_each_place(over, [&](const Place& q) {
        const double v = x.at(joined(p, q));
        if (above(v, largest)) where = count, largest = v;
        sum += v;
        ++count;
      });
      y.at(p) = node.op == OpId::sum    ? sum
                : node.op == OpId::mean ? sum / count
                : node.op == OpId::max  ? largest
                                        : where;
    });
  }

  void cumsum(const Node& node, Array& y) const {
    const AxisId axis = node.attributes.axes[0];
    const bool reverse = !node.attributes.numbers.empty() && node.attributes.numbers[0] != 0;
    for_each_place(y.axes, [&](const Place& p) {
      Place q = p;
      for (std::int64_t t = 0; t < y.extent(axis); ++t) {
        q.set(axis, t);
        if (reverse ? t >= p.at(axis) : t <= p.at(axis)) y.at(p) += in(node, 0).at(q);
      }
    });
  }

  /// The position of which exactly `place` others come before.
  void top_k(const Node& node, Array& y) const {
    const AxisId axis = node.attributes.axes[0], made = node.attributes.to[0];
    const bool smallest = !node.attributes.numbers.empty() && node.attributes.numbers[0] != 0;
    const Array& x = in(node, 0);
    for_each_place(y.axes, [&](const Place& p) {
      Place a = p, b = p;
      for (std::int64_t i = 0; i < x.extent(axis); ++i) {
        std::int64_t before = 0;
        a.set(axis, i);
        for (std::int64_t j = 0; j < x.extent(axis); ++j) {
          b.set(axis, j);
          const double u = x.at(b), v = x.at(a);
          if (above(u, v) != above(v, u) ? above(u, v) != smallest : j < i) ++before;
        }
        if (before == p.at(made)) y.at(p) = static_cast<double>(i);
      }
    });
  }

  void dot(const Node& node, Array& y) const {
    const std::vector<Size> over = sizes_along(in(node, 0), node.attributes.axes);
    for_each_place(y.axes, [&](const Place& p) {
      double sum = 0;
      for_each_place(
          over, [&](const Place& q) { sum += in(node, 0).at(joined(p, q)) * in(node, 1).at(joined(p, q)); });
      y.at(p) = sum;
    });
  }

  void view(const Node& node, Array& y) const {
    const Attributes& a = node.attributes;
    const Array& x = in(node, 0);
    for_each_place(x.axes, [&](const Place& q) {
      Place p;
      for (const auto& [axis, i] : q.along) {
        if (std::find(a.axes.begin(), a.axes.end(), axis) == a.axes.end()) p.set(axis, i);
      }
      if (node.op == OpId::rename) {
        for (std::size_t i = 0; i < a.axes.size(); ++i) {
          if (x.has(a.axes[i])) p.set(a.to[i], q.at(a.axes[i]));  // else the axis the elements index
        }
      } else if (node.op == OpId::merge) {
        std::int64_t position = 0;
        for (AxisId axis : a.axes) position = position * x.extent(axis) + q.at(axis);
        p.set(a.to[0], position);
      } else if (node.op == OpId::split) {
        std::int64_t position = q.at(a.axes[0]);
        for (std::size_t i = a.to.size(); i-- > 0;) {
          p.set(a.to[i], position % y.extent(a.to[i]));
          position /= y.extent(a.to[i]);
        }
      } else {
        const std::int64_t position = q.at(a.axes[0]) - evaluate(a.extents[0]);
        if (position < 0 || position >= evaluate(a.extents[1])) return;
        p.set(a.axes[0], position);
      }
      y.at(p) = x.at(q);
    });
  }

  /// The whole axis may have the name of the windows, so the two places are kept apart.
  void windows(const Node& node, Array& y) const {
    const Attributes& a = node.attributes;
    const bool forward = node.op == OpId::windows;
    const Array& x = in(node, 0);
    const std::vector<AxisId>& parts = forward ? a.to : a.axes;
    const AxisId whole = forward ? a.axes[0] : a.to[0];
    const Array& apart = forward ? y : x;
    for_each_place(apart.axes, [&](const Place& p) {
      const auto at = static_cast<std::int64_t>(static_cast<double>(p.at(parts[0])) * a.numbers[0] +
                                                static_cast<double>(p.at(parts[1])) * a.numbers[1]);
      Place q;
      for (const auto& [axis, i] : p.along) {
        if (axis != parts[0] && axis != parts[1]) q.set(axis, i);
      }
      q.set(whole, at);
      if (forward) {
        y.at(p) = x.at(q);
      } else {
        y.at(q) += x.at(p);
      }
    });
  }

  void place_parts(const Node& node, Array& y) const {
    if (node.op == OpId::pad && node.attributes.numbers.size() > 1) {
      std::fill(y.values.begin(), y.values.end(), node.attributes.numbers[1]);
    }
    const AxisId axis = node.attributes.axes[0];
    std::int64_t begin = node.op == OpId::pad ? evaluate(node.attributes.extents[0]) : 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Array& x = in(node, static_cast<int>(i));
      const std::int64_t length = x.has(axis) ? x.extent(axis) : 1;
      for_each_place(y.axes, [&](const Place& p) {
        Place q = p;
        q.set(axis, p.at(axis) - begin);
        if (q.at(axis) >= 0 && q.at(axis) < length) y.at(p) = x.at(q);
      });
      begin += length;
    }
  }

  void table(const Node& node, Array& y) const {
    const Attributes& a = node.attributes;
    const bool gather = node.op == OpId::gather;
    const int first = gather ? 1 : 0;
    std::vector<Size> rows = y.axes;
    if (!gather) {
      rows.clear();
      for (NodeId input : node.inputs) {
        for (const Size& s : (*this)[input].axes) {
          if (!Array(rows).has(s.axis)) rows.push_back(s);
        }
      }
      for (const Size& s : y.axes) {
        const bool looked_up = std::find(a.axes.begin(), a.axes.end(), s.axis) != a.axes.end();
        if (!looked_up && !Array(rows).has(s.axis)) rows.push_back(s);
      }
    }
    for_each_place(rows, [&](const Place& p) {
      Place q = p;
      for (std::size_t i = 0; i < a.axes.size(); ++i) {
        q.set(a.axes[i], static_cast<std::int64_t>(in(node, first + static_cast<int>(i)).at(p)));
      }
      if (gather) {
        y.at(p) = in(node, 0).at(q);
      } else {
        y.at(q) += in(node, static_cast<int>(a.axes.size())).at(p);
      }
    });
  }

  void gather_sum(const Node& node, Array& y) const {
    const Attributes& a = node.attributes;
    std::vector<Size> summed;
    for (AxisId axis : a.to) {
      const Array& index = in(node, in(node, 1).has(axis) ? 1 : 2);
      summed.push_back({axis, index.extent(axis)});
    }
    for_each_place(y.axes, [&](const Place& p) {
      double sum = 0, count = 0;
      for_each_place(summed, [&](const Place& t) {
        Place q = joined(p, t);
        for (std::size_t i = 0; i < a.axes.size(); ++i) {
          const double at = in(node, static_cast<int>(i) + 1).at(joined(p, t));
          q.set(a.axes[i], static_cast<std::int64_t>(at));
        }
        sum += in(node, 0).at(q);
        ++count;
      });
      y.at(p) = !a.numbers.empty() && a.numbers[0] == 1 ? sum / count : sum;
    });
  }

  void assign_at(const Node& node, Array& y) const {
    const std::vector<AxisId>& looked_up = node.attributes.axes;
    const int value = static_cast<int>(looked_up.size()) + 1;
    std::vector<Size> rows;
    const auto join = [&](const std::vector<Size>& sizes) {
      for (const Size& s : sizes) {
        const bool row = std::find(looked_up.begin(), looked_up.end(), s.axis) == looked_up.end();
        if (row && !Array(rows).has(s.axis)) rows.push_back(s);
      }
    };
    for (int i = 1; i < value; ++i) join(in(node, i).axes);
    join(y.axes);
    for_each_place(y.axes, [&](const Place& p) { y.at(p) = in(node, 0).at(p); });
    for_each_place(rows, [&](const Place& p) {
      Place q = p;
      for (std::size_t i = 0; i < looked_up.size(); ++i) {
        const auto at = static_cast<std::int64_t>(in(node, static_cast<int>(i) + 1).at(p));
        if (at < 0 || at >= y.extent(looked_up[i])) return;
        q.set(looked_up[i], at);
      }
      y.at(q) = in(node, value).at(p);
    });
  }

  void merge_rows(const Node& node, Array& y) const {
    const Array& index = in(node, 0);
    const Array& dy = in(node, 1);
    std::vector<Size> rows;
    const std::vector<AxisId>& elements = node.attributes.axes;
    for (const Size& s : y.axes) {
      if (std::find(elements.begin(), elements.end(), s.axis) == elements.end()) rows.push_back(s);
    }
    std::vector<Place> seen;
    for_each_place(rows, [&](const Place& p) {
      const auto first =
          std::find_if(seen.begin(), seen.end(), [&](const Place& q) { return index.at(q) == index.at(p); });
      const Place to = first == seen.end() ? p : *first;
      if (first == seen.end()) seen.push_back(p);
      for_each_place(sizes_along(y, elements),
                     [&](const Place& e) { y.at(joined(to, e)) += dy.at(joined(p, e)); });
    });
  }

  void distribution(const Node& node, Array& y) const {
    const AxisId axis = node.attributes.axes[0];
    const bool logits_first = node.op == OpId::softmax || node.op == OpId::log_softmax;
    const Array& x = in(node, logits_first ? 0 : 1);
    const auto log_sum = [&](Place p) {
      double largest = -std::numeric_limits<double>::infinity(), sum = 0;
      for (std::int64_t i = 0; i < x.extent(axis); ++i)
        p.set(axis, i), largest = above(x.at(p), largest) ? x.at(p) : largest;
      for (std::int64_t i = 0; i < x.extent(axis); ++i) p.set(axis, i), sum += std::exp(x.at(p) - largest);
      return largest + std::log(sum);
    };
    const std::vector<double>& numbers = node.attributes.numbers;
    const double smoothing = numbers.empty() ? 0 : numbers[0];
    const auto ignored = [&](const Place& p) {
      return !numbers.empty() && numbers[1] != 0 && in(node, 0).at(p) == numbers[2];
    };
    /// The target as a distribution.
    const auto share = [&](const Place& p, std::int64_t i) {
      const double hit = in(node, 0).at(p) == static_cast<double>(i) ? 1 : 0;
      return (1 - smoothing) * hit + smoothing / static_cast<double>(x.extent(axis));
    };
    for_each_place(y.axes, [&](const Place& p) {
      if (node.op == OpId::softmax) y.at(p) = std::exp(x.at(p) - log_sum(p));
      if (node.op == OpId::log_softmax) y.at(p) = x.at(p) - log_sum(p);
      if (node.op == OpId::cross_entropy) {
        if (ignored(p)) return;
        y.at(p) = log_sum(p);
        Place q = p;
        for (std::int64_t i = 0; i < x.extent(axis); ++i)
          q.set(axis, i), y.at(p) -= share(p, i) == 0 ? 0 : share(p, i) * x.at(q);
      }
      if (node.op == OpId::cross_entropy_grad && !ignored(p)) {
        y.at(p) = in(node, 3).at(p) * (std::exp(x.at(p) - log_sum(p)) - share(p, p.at(axis)));
      }
    });
  }

  void attention(NodeId id) {
    const Node& node = graph_[id];
    std::vector<Array> operands = operands_of(node);
    const AxisId inner = node.attributes.axes.at(0), key = node.attributes.axes.at(1);
    const double scale = node.attributes.numbers.at(0);
    if (node.op == OpId::attention) {
      const std::vector<Size> axes = sizes_of(node.type, graph_.axes(), extents_);
      values_[static_cast<std::size_t>(id)] = reference::attention(axes, operands, inner, key, scale);
    } else {
      results_[id] = attention_gradients(operands, inner, key, scale);
    }
  }

  void scan(NodeId id) {
    const Node& node = graph_[id];
    const ScanBody& body = *node.attributes.body;
    const std::int64_t turns = evaluate(body.axis.extent);
    const auto carried = static_cast<std::size_t>(body.carried);
    const auto walked = carried + static_cast<std::size_t>(body.walked);
    std::vector<Array> operands = operands_of(node);
    std::vector<Array> results(operands.begin(), operands.begin() + body.carried);
    for (NodeId stacked : body.stacked) {
      std::vector<Size> sizes = sizes_of(body.graph.type(stacked), graph_.axes(), extents_);
      sizes.insert(sizes.begin(), {body.axis.axis, turns});
      results.emplace_back(std::move(sizes));
    }
    for (std::int64_t turn = 0; turn < turns; ++turn) {
      const std::int64_t position = body.reverse ? turns - 1 - turn : turn;
      std::vector<Array> inner(results.begin(), results.begin() + body.carried);
      for (std::size_t i = carried; i < operands.size(); ++i) {
        if (i >= walked) {
          inner.push_back(operands[i]);
          continue;
        }
        Array part(sizes_of(body.graph.type(body.graph.inputs()[i]), graph_.axes(), extents_));
        for_each_place(part.axes, [&](Place p) {
          const Place to = p;
          p.set(body.axis.axis, position);
          part.at(to) = operands[i].at(p);
        });
        inner.push_back(std::move(part));
      }
      Evaluation evaluation(body.graph, inner, extents_);
      std::vector<NodeId> outputs = body.next;
      outputs.insert(outputs.end(), body.stacked.begin(), body.stacked.end());
      evaluation.run(outputs);
      for (std::size_t i = 0; i < carried; ++i) results[i] = evaluation[body.next[i]];
      for (std::size_t j = 0; j < body.stacked.size(); ++j) {
        const Array& part = evaluation[body.stacked[j]];
        for_each_place(part.axes, [&](Place p) {
          const double v = part.at(p);
          p.set(body.axis.axis, position);
          results[carried + j].at(p) = v;
        });
      }
    }
    results_[id] = std::move(results);
  }

  const Graph& graph_;
  const std::vector<Array>& inputs_;
  const Bindings& extents_;
  std::vector<Array> values_;
  std::map<NodeId, std::vector<Array>> results_;
};

}  // namespace

std::vector<Array> evaluate(const Graph& graph, std::span<const NodeId> outputs,
                            const std::vector<Array>& inputs, const Bindings& extents) {
  Evaluation evaluation(graph, inputs, extents);
  evaluation.run(outputs);
  std::vector<Array> values;
  for (NodeId id : outputs) values.push_back(evaluation[id]);
  return values;
}

}  // namespace weft::reference
