#include "nlp/embedding/pca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "kernels/row_products.h"

namespace weft::nlp {

namespace {

constexpr std::int64_t kBlock = 512;  // rows in one product
constexpr std::int64_t kPieces = 8;   // sums of their own, joined in order

/// Householder reflections that turn the symmetric `a` into a tridiagonal matrix (diagonal d, below it
/// e[1..]) leave their product in `a`, a reflection a row.
void tridiagonalize(std::vector<double>& a, std::size_t n, std::vector<double>& d, std::vector<double>& e) {
  std::vector<double> v(n), p(n);
  // q collects the product; row r of q in the end is the r-th basis vector's image.
  std::vector<double> q(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) q[i * n + i] = 1;
  for (std::size_t k = 0; k + 2 < n; ++k) {
    double norm = 0;
    for (std::size_t i = k + 1; i < n; ++i) norm += a[i * n + k] * a[i * n + k];
    norm = std::sqrt(norm);
    if (norm == 0) continue;
    // v = x + sign(x_0) |x| e_0, so that nothing cancels; H = I - beta v v^T
    double length = 0;
    for (std::size_t i = k + 1; i < n; ++i) v[i] = a[i * n + k];
    v[k + 1] += v[k + 1] < 0 ? -norm : norm;
    for (std::size_t i = k + 1; i < n; ++i) length += v[i] * v[i];
    const double beta = 2 / length;
    // a = H a H = a - v w^T - w v^T with p = beta a v, w = p - beta/2 (p . v) v
    double pv = 0;
    for (std::size_t i = k; i < n; ++i) {
      double sum = 0;
      for (std::size_t j = k + 1; j < n; ++j) sum += a[i * n + j] * v[j];
      p[i] = beta * sum;
      if (i > k) pv += p[i] * v[i];
    }
    v[k] = 0;
    for (std::size_t i = k; i < n; ++i) p[i] -= beta / 2 * pv * v[i];
    for (std::size_t i = k; i < n; ++i)
      for (std::size_t j = k; j < n; ++j) a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
    // q = H q
    std::fill(p.begin(), p.end(), 0.0);
    for (std::size_t i = k + 1; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) p[j] += v[i] * q[i * n + j];
    for (std::size_t i = k + 1; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) q[i * n + j] -= beta * v[i] * p[j];
  }
  for (std::size_t i = 0; i < n; ++i) {
    d[i] = a[i * n + i];
    e[i] = i + 1 < n ? a[(i + 1) * n + i] : 0;
  }
  a = std::move(q);
}

/// Implicit QL with Wilkinson's shift: d becomes the eigenvalues, rows of z are rotated into eigenvectors.
void diagonalize(std::vector<double>& d, std::vector<double>& e, std::vector<double>& z, std::size_t n) {
  constexpr int kMostSteps = 100;
  for (std::size_t l = 0; l < n; ++l) {
    for (int step = 0;; ++step) {
      std::size_t m = l;
      for (; m + 1 < n; ++m) {
        const double size = std::abs(d[m]) + std::abs(d[m + 1]);
        if (std::abs(e[m]) <= std::numeric_limits<double>::epsilon() * size) break;
      }
      if (m == l) break;
      if (step == kMostSteps) throw std::runtime_error("[pca] the eigenvalues don't converge");
      double g = (d[l + 1] - d[l]) / (2 * e[l]);
      double r = std::hypot(g, 1.0);
      g = d[m] - d[l] + e[l] / (g + std::copysign(r, g));
      double s = 1, c = 1, p = 0;
      bool split = false;
      for (std::size_t i = m; i-- > l;) {
        const double f = s * e[i], b = c * e[i];
        r = std::hypot(f, g);
        e[i + 1] = r;
        if (r == 0) {
          d[i + 1] -= p;
          e[m] = 0;
          split = true;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        double *upper = &z[(i + 1) * n], *lower = &z[i * n];
        for (std::size_t k = 0; k < n; ++k) {
          const double t = upper[k];
          upper[k] = s * lower[k] + c * t;
          lower[k] = c * lower[k] - s * t;
        }
      }
      if (split) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

std::vector<double> mean_of(const Matrix& rows) {
  std::vector<double> mean(static_cast<std::size_t>(rows.columns()));
  for (std::int64_t i = 0; i < rows.rows(); ++i)
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += static_cast<double>(rows.row(i)[d]);
  for (double& m : mean) m /= static_cast<double>(std::max<std::int64_t>(1, rows.rows()));
  return mean;
}

/// sum_i (x_i - mean)(x_i - mean)^T, in double precision: directions of nearly the same variance are told
/// apart by its last digits.
std::vector<double> scatter(const Matrix& rows, const std::vector<double>& mean, const Workers& workers) {
  constexpr std::size_t kRows = 4;  // added at once, so that the sums are read and written less often
  const std::size_t n = mean.size();
  const std::int64_t blocks = (rows.rows() + kBlock - 1) / kBlock,
                     piece = std::max<std::int64_t>(1, (blocks + kPieces - 1) / kPieces);
  std::vector<std::vector<double>> sums(static_cast<std::size_t>((blocks + piece - 1) / piece));
  workers.for_each_range(blocks, piece, [&](std::int64_t begin, std::int64_t end) {
    auto& sum = sums[static_cast<std::size_t>(begin / piece)];
    sum.assign(n * n, 0);
    std::vector<double> x(kRows * n);
    const std::int64_t last = std::min(rows.rows(), end * kBlock);
    for (std::int64_t first = begin * kBlock; first < last; first += kRows) {
      std::fill(x.begin(), x.end(), 0.0);
      for (std::size_t r = 0; r < kRows && first + static_cast<std::int64_t>(r) < last; ++r) {
        const float* row = rows.row(first + static_cast<std::int64_t>(r));
        for (std::size_t d = 0; d < n; ++d) x[r * n + d] = static_cast<double>(row[d]) - mean[d];
      }
      const double *a = &x[0], *b = &x[n], *c = &x[2 * n], *e = &x[3 * n];
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i; j < n; ++j)
          sum[i * n + j] += (a[i] * a[j] + b[i] * b[j]) + (c[i] * c[j] + e[i] * e[j]);
    }
  });
  std::vector<double> total(n * n, 0);
  for (const auto& sum : sums)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i; j < n; ++j) total[i * n + j] += sum[i * n + j];
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) total[i * n + j] = total[j * n + i];
  return total;
}

}  // namespace

Eigen symmetric_eigen(std::vector<double> a, std::size_t n) {
  std::vector<double> d(n), e(n);
  tridiagonalize(a, n, d, e);
  diagonalize(d, e, a, n);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return d[x] > d[y]; });
  Eigen out{std::vector<double>(n), std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) {
    out.values[i] = d[order[i]];
    std::copy_n(&a[order[i] * n], n, &out.vectors[i * n]);
  }
  return out;
}

PrincipalComponents principal_components(const Matrix& rows, std::int32_t dimension, const Workers& workers) {
  if (dimension < 1 || dimension > rows.columns()) {
    throw std::invalid_argument("[pca] expected a dimension of 1 to " + std::to_string(rows.columns()) +
                                ", got " + std::to_string(dimension));
  }
  const auto n = static_cast<std::size_t>(rows.columns()), k = static_cast<std::size_t>(dimension);
  const std::vector<double> mean = mean_of(rows);
  Eigen eigen = symmetric_eigen(scatter(rows, mean, workers), n);
  std::vector<float> directions(k * n);
  for (std::size_t i = 0; i < k; ++i) {
    double* v = &eigen.vectors[i * n];
    const double largest =
        *std::max_element(v, v + n, [](double x, double y) { return std::abs(x) < std::abs(y); });
    for (std::size_t d = 0; d < n; ++d)
      directions[i * n + d] = static_cast<float>(largest < 0 ? -v[d] : v[d]);
  }
  PrincipalComponents out{Matrix(rows.rows(), dimension), 0};
  const RowProducts products({directions.data(), dimension, rows.columns()}, rows.columns());
  workers.for_each_range(rows.rows(), kBlock, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> centred(static_cast<std::size_t>(end - begin) * n);
    std::vector<std::byte> workspace;
    for (std::int64_t i = begin; i < end; ++i)
      for (std::size_t d = 0; d < n; ++d)
        centred[static_cast<std::size_t>(i - begin) * n + d] =
            static_cast<float>(static_cast<double>(rows.row(i)[d]) - mean[d]);
    products.multiply({centred.data(), end - begin, rows.columns()}, out.projected.row(begin),
                      out.projected.stride(), workspace);
  });
  const auto positive = [](double sum, double v) { return sum + std::max(0.0, v); };
  const double all = std::accumulate(eigen.values.begin(), eigen.values.end(), 0.0, positive);
  const auto until = eigen.values.begin() + dimension;
  out.explained_share = all > 0 ? std::accumulate(eigen.values.begin(), until, 0.0, positive) / all : 1;
  return out;
}

}  // namespace weft::nlp
