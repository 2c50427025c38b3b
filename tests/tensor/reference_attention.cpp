#include "tests/tensor/reference_attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weft::reference {

namespace {

/// The operands of an attention, `trailing` others after them.
struct Attention {
  std::vector<Array> masks;
  Array q, k, v;
  AxisId inner, key;
  double scale;

  Attention(const std::vector<Array>& operands, AxisId inner, AxisId key, double scale, std::size_t trailing)
      : inner(inner), key(key), scale(scale) {
    const std::size_t first = operands.size() - 3 - trailing;
    masks.assign(operands.begin(), operands.begin() + static_cast<std::ptrdiff_t>(first));
    q = operands[first];
    k = operands[first + 1];
    v = operands[first + 2];
  }

  double score(Place at) const {
    double sum = 0;
    for (std::int64_t i = 0; i < q.extent(inner); ++i) {
      at.set(inner, i);
      sum += q.at(at) * k.at(at);
    }
    const bool seen = std::all_of(masks.begin(), masks.end(), [&](const Array& m) { return m.at(at) != 0; });
    return seen ? scale * sum : -std::numeric_limits<double>::infinity();
  }

  /// The weight of each position along `key` at a query.
  std::vector<double> weights(Place at) const {
    std::vector<double> w;
    double top = -std::numeric_limits<double>::infinity(), sum = 0;
    for (std::int64_t s = 0; s < k.extent(key); ++s) {
      at.set(key, s);
      w.push_back(score(at));
      top = std::isnan(top) || w.back() < top ? top : w.back();
    }
    for (double& x : w) sum += x = std::exp(x - top);
    for (double& x : w) x /= sum;
    return w;
  }

  /// The axes of q without `inner`: one query each.
  std::vector<Size> queries() const {
    std::vector<Size> sizes;
    for (const Size& s : q.axes)
      if (s.axis != inner) sizes.push_back(s);
    return sizes;
  }
  AxisId value_axis() const {
    for (const Size& s : v.axes)
      if (s.axis != key && (s.axis == inner || !q.has(s.axis))) return s.axis;
    return inner;
  }
};

}  // namespace

Array attention(const std::vector<Size>& axes, const std::vector<Array>& operands, AxisId inner, AxisId key,
                double scale) {
  const Attention a(operands, inner, key, scale, 0);
  Array y(axes);
  for_each_place(y.axes, [&](Place p) {
    const std::vector<double> w = a.weights(p);
    double sum = 0;
    for (std::size_t s = 0; s < w.size(); ++s) {
      p.set(key, static_cast<std::int64_t>(s));
      sum += w[s] * a.v.at(p);
    }
    y.at(p) = sum;
  });
  return y;
}

std::vector<Array> attention_gradients(const std::vector<Array>& operands, AxisId inner, AxisId key,
                                       double scale) {
  const Attention a(operands, inner, key, scale, 1);
  const Array& dy = operands.back();
  Array dq(a.q.axes), dk(a.k.axes), dv(a.v.axes);
  const AxisId value = a.value_axis();
  for_each_place(a.queries(), [&](Place p) {
    const std::vector<double> w = a.weights(p);
    std::vector<double> dw(w.size(), 0);
    double mean = 0;
    for (std::size_t s = 0; s < w.size(); ++s) {
      p.set(key, static_cast<std::int64_t>(s));
      for (std::int64_t c = 0; c < a.v.extent(value); ++c) {
        p.set(value, c);
        dw[s] += dy.at(p) * a.v.at(p);
        dv.at(p) += w[s] * dy.at(p);
      }
      mean += w[s] * dw[s];
    }
    for (std::size_t s = 0; s < w.size(); ++s) {
      p.set(key, static_cast<std::int64_t>(s));
      for (std::int64_t i = 0; i < a.q.extent(inner); ++i) {
        p.set(inner, i);
        const double ds = scale * w[s] * (dw[s] - mean);
        dq.at(p) += ds * a.k.at(p);
        dk.at(p) += ds * a.q.at(p);
      }
    }
  });
  return {dq, dk, dv};
}

}  // namespace weft::reference
