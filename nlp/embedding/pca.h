#pragma once

#include <cstdint>
#include <vector>

#include "kernels/parallel.h"
#include "nlp/embedding/matrix.h"

namespace weft::nlp {

struct PrincipalComponents {
  Matrix projected;            // rows x dimension: the rows, less their mean, on the components
  double explained_share = 0;  // of the variance
};

/// Principal component analysis: the projection of rows, less their mean, on the `dimension` directions of
/// largest variance. Each direction's largest element is positive, so that the result is the only one.
/// Errors: invalid_argument unless 1 <= dimension <= columns. Cost: rows x columns^2 + columns^3. Source:
/// Golub and Van Loan, Matrix Computations, chapter 8.
PrincipalComponents principal_components(const Matrix& rows, std::int32_t dimension, const Workers& workers);

/// Eigenvalues of a symmetric matrix of n x n, the largest first, and their eigenvectors as rows, by
/// reduction to a tridiagonal matrix and implicit QL steps.
struct Eigen {
  std::vector<double> values, vectors;
};
Eigen symmetric_eigen(std::vector<double> a, std::size_t n);

}  // namespace weft::nlp
