#include <cmath>
#include <random>

#include "nlp/embedding/evaluate.h"
#include "nlp/embedding/pca.h"
#include "nlp/embedding/search.h"
#include "nlp/embedding/spelling.h"
#include "tests/catch2.h"
#include "tests/nlp/embedding_files.h"

using namespace weft;
using namespace weft::nlp;

namespace {

EmbeddingModel random_model(std::int32_t words, std::int32_t dimension) {
  EmbeddingModel m;
  m.settings.dimension = dimension;
  m.input = Matrix(words, dimension);
  std::mt19937 random(7);
  for (std::int32_t i = 0; i < words; ++i) {
    m.dictionary.add("w" + std::to_string(i), 1);
    // small whole numbers, so that there are ties
    for (float& x : m.input[i]) x = static_cast<float>(random() % 3) - 1;
  }
  return m;
}

double cosine(const EmbeddingModel& m, std::int64_t a, std::int64_t b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::int32_t d = 0; d < m.dimension(); ++d) {
    const double x = static_cast<double>(m.input.row(a)[d]), y = static_cast<double>(m.input.row(b)[d]);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa * bb == 0 ? 0 : ab / std::sqrt(aa * bb);
}

}  // namespace

TEST_CASE("the nearest words are those of a plain loop, whatever the threads, the lowest first of ties") {
  const EmbeddingModel m = random_model(1000, 5);
  Matrix queries(37, 5);
  std::vector<std::vector<std::int32_t>> excluded(37);
  for (std::int64_t q = 0; q < 37; ++q) {
    for (std::int32_t d = 0; d < 5; ++d) queries.row(q)[d] = 3 * m.input.row(q)[d];
    excluded[static_cast<std::size_t>(q)] = {static_cast<std::int32_t>(q)};
  }
  std::vector<std::vector<Neighbour>> first;
  for (const int threads : {1, 2, 5}) {
    const Workers workers(threads);
    const VectorSearch search(m, workers);
    const auto found = search.nearest(queries, 7, excluded);
    REQUIRE(found.size() == 37);
    for (std::size_t q = 0; q < 37; ++q) {
      REQUIRE(found[q].size() == 7);
      for (std::size_t i = 0; i < 7; ++i) {
        const Neighbour& n = found[q][i];
        CHECK(static_cast<double>(n.score) ==
              Approx(cosine(m, static_cast<std::int64_t>(q), n.word)).margin(1e-6));
        CHECK(n.word != static_cast<std::int32_t>(q));
        if (i > 0) {
          const Neighbour& before = found[q][i - 1];
          CHECK((before.score > n.score || (before.score == n.score && before.word < n.word)));
        }
        if (!first.empty()) CHECK((first[q][i].word == n.word && first[q][i].score == n.score));
      }
      int better = 0;
      for (std::int32_t w = 0; w < 1000; ++w)
        better += w != static_cast<std::int32_t>(q) &&
                  cosine(m, static_cast<std::int64_t>(q), w) > static_cast<double>(found[q][6].score) + 1e-6;
      CHECK(better < 7);
    }
    first = found;
  }
}

TEST_CASE("fewer words than asked for, and vectors of zeros") {
  EmbeddingModel m = random_model(3, 2);
  for (float& x : m.input[1]) x = 0;
  const Workers workers(1);
  const VectorSearch search(m, workers);
  Matrix query(1, 2);
  const auto found = search.nearest(query, 10);
  REQUIRE(found[0].size() == 3);
  for (std::int32_t i = 0; i < 3; ++i) {
    CHECK(found[0][static_cast<std::size_t>(i)].word == i);
    CHECK(found[0][static_cast<std::size_t>(i)].score == 0);
  }
}

TEST_CASE("Spearman's correlation with ties") {
  CHECK(spearman({1, 2, 3, 4}, {10, 20, 30, 40}) == Approx(1));
  CHECK(spearman({1, 2, 3, 4}, {4, 3, 2, 1}) == Approx(-1));
  // ranks 1 2.5 2.5 4 and 1 2 3 4
  CHECK(spearman({1, 2, 2, 3}, {1, 2, 3, 4}) == Approx(0.9486832980505138));
  CHECK(std::isnan(spearman({1, 1, 1}, {1, 2, 3})));
  CHECK(std::isnan(spearman({1}, {1})));
}

TEST_CASE("pairs: coverage, case, headers and lines that are none") {
  const Folder folder;
  const EmbeddingModel m = read_bytes("a 1 0\nb 1 1\nC 0 1\n");
  put_file(folder / "p.txt", "# note\nword1\tword2\tscore\na\tb\t7\nA\tc\t1\nb\tc\t6.5\nb\tzebra\t3\n\n");
  const PairScores s = evaluate_pairs(m, folder / "p.txt", {});
  CHECK(s.pairs == 4);
  CHECK(s.missing == 1);
  CHECK(s.skipped == 1);
  CHECK(s.spearman == Approx(0.8660254037844387));  // cosines .71 0 .71
  EvaluationOptions exact;
  exact.fold_case = false;
  CHECK(evaluate_pairs(m, folder / "p.txt", exact).missing == 3);
  put_file(folder / "s.txt", "word1\tword2\tPOS\tSimLex999\na\tb\tA\t2\na\tC\tA\t1\n");
  CHECK(evaluate_pairs(m, folder / "s.txt", {}).spearman == Approx(1));
  put_file(folder / "e.txt", "nothing\n");
  CHECK_THROWS_AS(evaluate_pairs(m, folder / "e.txt", {}), EmbeddingFileError);
}

TEST_CASE("analogies by section, the question's words left out") {
  const Folder folder;
  const EmbeddingModel m =
      read_bytes("man 1 0 0\nwoman 1 1 0\nking 1 0 1\nqueen 1 1 1\nKing 1 0.9 1\nfar -1 0 0\n");
  put_file(folder / "q.txt",
           ": family\nman king woman queen\nMan King Woman Queen\nman woman king far\nman woman king prince\n"
           ": gram1-x\nwoman man queen king\n");
  CHECK(is_analogy_file(contents(folder / "q.txt")));
  CHECK(!is_analogy_file("a\tb\t3\n"));
  const Workers workers(2);
  const VectorSearch search(m, workers);
  const auto s = evaluate_analogies(m, search, folder / "q.txt", {});
  REQUIRE(s.size() == 2);
  CHECK(s[0].section == "family");
  CHECK((s[0].right == 2 && s[0].asked == 3 && s[0].missing == 1 && !s[0].syntactic));
  CHECK((s[1].right == 1 && s[1].asked == 1 && s[1].syntactic));
}

TEST_CASE("eigenvalues and vectors of a symmetric matrix") {
  const std::size_t n = 9;
  std::vector<double> a(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) a[i * n + j] = std::sin(static_cast<double>((i + 1) * (j + 1)));
  const Eigen e = symmetric_eigen(a, n);
  for (std::size_t v = 0; v < n; ++v) {
    double length = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double image = 0;
      for (std::size_t j = 0; j < n; ++j) image += a[i * n + j] * e.vectors[v * n + j];
      CHECK(image == Approx(e.values[v] * e.vectors[v * n + i]).margin(1e-12));
      length += e.vectors[v * n + i] * e.vectors[v * n + i];
    }
    CHECK(length == Approx(1));
    if (v > 0) CHECK(e.values[v - 1] >= e.values[v]);
  }
  CHECK(symmetric_eigen({2, 1, 1, 2}, 2).values[0] == Approx(3));
  CHECK(symmetric_eigen({5}, 1).values[0] == Approx(5));
  CHECK(symmetric_eigen({0, 0, 0, 0}, 2).values[1] == 0);
}

TEST_CASE("principal components of points on a line") {
  Matrix rows(4, 3);
  for (std::int64_t i = 0; i < 4; ++i) {
    const auto t = static_cast<float>(i);
    const float point[] = {5 + 3 * t, 1, 2 - 4 * t};
    std::copy_n(point, 3, rows.row(i));
  }
  const Workers workers(1);
  const PrincipalComponents p = principal_components(rows, 2, workers);
  CHECK(p.explained_share == Approx(1));
  // along (3, 0, -4) / 5, turned so that its largest element is positive; 5 a step
  for (std::int64_t i = 0; i < 4; ++i) {
    CHECK(p.projected.row(i)[0] == Approx(7.5 - 5.0 * static_cast<double>(i)));
    CHECK(p.projected.row(i)[1] == Approx(0).margin(1e-5));
  }
  CHECK_THROWS_AS(principal_components(rows, 4, workers), std::invalid_argument);
}

TEST_CASE("near spellings, the nearest first") {
  Dictionary d;
  for (const char* w : {"the", "king", "kings", "thing", "King"}) d.add(w, 1);
  CHECK(near_spellings(d, "kign") == std::vector<std::string>{"king", "King"});
  CHECK(near_spellings(d, "THE") == std::vector<std::string>{"the"});
  CHECK(near_spellings(d, "zebra").empty());
}
