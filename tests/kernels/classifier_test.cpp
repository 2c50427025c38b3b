#include "kernels/classifier.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/catch2.h"

using namespace weft;

namespace {

std::vector<const ClassifierKernels*> all_sets() {
  std::vector<const ClassifierKernels*> out;
  for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4})
    if (const ClassifierKernels* k = find_classifier_kernels(set)) out.push_back(k);
  return out;
}

/// Rows of `columns` numbers in (-1, 1), filled up to `width` with zeros.
std::vector<float> rows_of(std::int64_t n, std::int64_t columns, std::int64_t width, int seed) {
  std::vector<float> out(static_cast<std::size_t>(n * width));
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t d = 0; d < columns; ++d)
      out[static_cast<std::size_t>(i * width + d)] = std::sin(static_cast<float>(seed + 31 * i + 7 * d));
  return out;
}

}  // namespace

TEST_CASE("rows are averaged, scored and stepped as their formulas say") {
  for (const ClassifierKernels* k : all_sets()) {
    for (const std::int64_t columns : {1, 16, 20, 100, 128, 130, 300}) {
      const std::int64_t width = (columns + 15) / 16 * 16;
      for (const std::int64_t n : {1, 3, 16, 37}) {
        CAPTURE(columns, n);
        std::vector<float> m = rows_of(40, columns, width, 1);
        const std::vector<float> x = rows_of(1, columns, width, 2);
        std::vector<std::int32_t> rows;
        for (std::int64_t i = 0; i < n; ++i) rows.push_back(static_cast<std::int32_t>((i * 7 + 2) % 40));
        for (const std::int32_t* which :
             {static_cast<const std::int32_t*>(rows.data()), static_cast<const std::int32_t*>(nullptr)}) {
          const auto row = [&](std::int64_t i) {
            return static_cast<std::size_t>((which ? which[i] : i) * width);
          };
          std::vector<float> mean(static_cast<std::size_t>(width), 9.0F),
              scores(static_cast<std::size_t>(n + 16));
          k->mean(m.data(), width, which, n, mean.data());
          k->scores(m.data(), width, which, n, x.data(), scores.data());
          for (std::int64_t d = 0; d < width; ++d) {
            double sum = 0;
            for (std::int64_t i = 0; i < n; ++i)
              sum += static_cast<double>(m[row(i) + static_cast<std::size_t>(d)]);
            CHECK(mean[static_cast<std::size_t>(d)] == Approx(sum / static_cast<double>(n)).margin(1e-6));
          }
          for (std::int64_t i = 0; i < n; ++i) {
            double sum = 0;
            for (std::size_t d = 0; d < static_cast<std::size_t>(columns); ++d)
              sum += static_cast<double>(m[row(i) + d]) * static_cast<double>(x[d]);
            CHECK(scores[static_cast<std::size_t>(i)] == Approx(sum).margin(1e-4));
          }

          std::vector<float> steps, after = m, gradient(static_cast<std::size_t>(width), 0.5F);
          for (std::int64_t i = 0; i < n; ++i)
            steps.push_back(i == 1 ? 0.0F : 0.1F * static_cast<float>(i + 1));
          k->step(after.data(), width, which, n, steps.data(), x.data(), gradient.data());
          for (std::size_t d = 0; d < static_cast<std::size_t>(columns); ++d) {
            double sum = 0.5;
            for (std::int64_t i = 0; i < n; ++i) {
              const auto s = static_cast<std::size_t>(i);
              sum += static_cast<double>(steps[s]) * static_cast<double>(m[row(i) + d]);
              CHECK(after[row(i) + d] == Approx(m[row(i) + d] + steps[s] * x[d]).margin(1e-6));
            }
            CHECK(gradient[d] == Approx(sum).margin(1e-3));
          }
        }
      }
    }
  }
}

TEST_CASE("several steps at once: each gradient by the rows as they were, each row by all of them") {
  for (const ClassifierKernels* k : all_sets())
    for (const std::size_t width : {std::size_t{16}, std::size_t{48}, std::size_t{112}})
      for (std::size_t count = 1; count <= 4; ++count) {
        const std::size_t n = 7;
        std::vector<float> before(n * width);
        for (std::size_t i = 0; i < before.size(); ++i) before[i] = std::sin(static_cast<float>(i));
        std::vector<std::vector<float>> steps(count), x(count), gradients(count);
        const float *s[4], *v[4];
        float* g[4];
        for (std::size_t b = 0; b < count; ++b) {
          for (std::size_t i = 0; i < n; ++i) steps[b].push_back(std::cos(static_cast<float>(9 * b + i)));
          for (std::size_t d = 0; d < width; ++d) x[b].push_back(std::cos(static_cast<float>(b + 3 * d)));
          gradients[b].assign(width, 0.25F);
          s[b] = steps[b].data(), v[b] = x[b].data(), g[b] = gradients[b].data();
        }
        std::vector<float> after = before;
        k->steps(after.data(), static_cast<std::int64_t>(width), static_cast<std::int64_t>(n),
                 static_cast<std::int64_t>(count), s, v, g);
        double worst = 0;
        for (std::size_t d = 0; d < width; ++d) {
          for (std::size_t i = 0; i < n; ++i) {
            double sum = static_cast<double>(before[i * width + d]);
            for (std::size_t b = 0; b < count; ++b)
              sum += static_cast<double>(steps[b][i]) * static_cast<double>(x[b][d]);
            worst = std::max(worst, std::abs(static_cast<double>(after[i * width + d]) - sum));
          }
          for (std::size_t b = 0; b < count; ++b) {
            double sum = 0.25;
            for (std::size_t i = 0; i < n; ++i)
              sum += static_cast<double>(steps[b][i]) * static_cast<double>(before[i * width + d]);
            worst = std::max(worst, std::abs(static_cast<double>(gradients[b][d]) - sum));
          }
        }
        CHECK(worst < 1e-5);
      }
}

TEST_CASE("a row that is listed twice is added to twice") {
  for (const ClassifierKernels* k : all_sets()) {
    std::vector<float> m(3 * 16, 1.0F), x(16, 2.0F);
    const std::int32_t rows[] = {2, 0, 2};
    k->add(m.data(), 16, rows, 3, x.data(), 0.5F);
    CHECK(m[0] == 2);
    CHECK(m[16] == 1);
    CHECK(m[32] == 3);
  }
}

TEST_CASE("softmax and the logistic function of scores") {
  for (const ClassifierKernels* k : all_sets()) {
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{17}, std::size_t{150}}) {
      std::vector<float> s(n), p;
      for (std::size_t i = 0; i < n; ++i) s[i] = 10 * std::sin(static_cast<float>(i)) + 80;
      p = s;
      k->softmax(p.data(), static_cast<std::int64_t>(n));
      double total = 0;
      for (const float x : s) total += std::exp(static_cast<double>(x) - 80);
      for (std::size_t i = 0; i < n; ++i)
        CHECK(p[i] == Approx(std::exp(static_cast<double>(s[i]) - 80) / total).epsilon(1e-5));
      for (float& x : s) x -= 80;
      p = s;
      k->sigmoid(p.data(), static_cast<std::int64_t>(n));
      for (std::size_t i = 0; i < n; ++i)
        CHECK(p[i] == Approx(1 / (1 + std::exp(-static_cast<double>(s[i])))).epsilon(1e-5));
    }
    // What is no number stays none, so that it is noticed.
    float bad[3] = {1, std::numeric_limits<float>::quiet_NaN(), 2};
    k->softmax(bad, 3);
    CHECK(std::isnan(bad[1]));
  }
}

TEST_CASE("the nearest of 256 centroids") {
  for (const ClassifierKernels* k : all_sets()) {
    for (const std::int64_t d : {1, 2, 3, 16, 70}) {
      CAPTURE(d);
      const std::int64_t n = 77;
      const std::vector<float> centroids = rows_of(256, d, d, 3), points = rows_of(n, d, d, 11);
      std::vector<std::uint8_t> codes(static_cast<std::size_t>(n));
      k->nearest(points.data(), n, d, centroids.data(), codes.data());
      const auto distance = [&](std::int64_t i, std::int64_t c) {
        double sum = 0;
        for (std::int64_t x = 0; x < d; ++x) {
          const double by = static_cast<double>(points[static_cast<std::size_t>(i * d + x)]) -
                            static_cast<double>(centroids[static_cast<std::size_t>(c * d + x)]);
          sum += by * by;
        }
        return sum;
      };
      for (std::int64_t i = 0; i < n; ++i) {
        double least = distance(i, 0);
        for (std::int64_t c = 1; c < 256; ++c) least = std::min(least, distance(i, c));
        CHECK(distance(i, codes[static_cast<std::size_t>(i)]) == Approx(least).margin(1e-5));
      }
    }
  }
}
