#include "nlp/embedding/evaluate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "nlp/embedding/formats/bytes_in.h"
#include "nlp/embedding/formats/embedding_file.h"
#include "nlp/text/fold_case.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

/// Words of the model by the form in which questions name them.
class Names {
 public:
  Names(const EmbeddingModel& model, const EvaluationOptions& options)
      : model_(model), fold_(options.fold_case), words_(std::min(options.words, model.dictionary.words())) {
    if (!fold_) return;
    for (std::int32_t i = 0; i < words_; ++i) first_.emplace(fold_case(model.dictionary.text(i)), i);
  }
  /// The first word of that form, or -1.
  std::int32_t find(std::string_view word) const {
    if (fold_) {
      const auto it = first_.find(fold_case(word));
      return it == first_.end() ? -1 : it->second;
    }
    const std::int32_t i = model_.dictionary.find(word);
    return i < words_ ? i : -1;
  }
  /// The first word of the same form as word i.
  std::int32_t first_of(std::int32_t i) const { return fold_ ? find(model_.dictionary.text(i)) : i; }
  std::int32_t words() const { return words_; }

 private:
  const EmbeddingModel& model_;
  bool fold_;
  std::int32_t words_;
  std::unordered_map<std::string, std::int32_t> first_;
};

std::vector<std::string_view> split(std::string_view line, std::string_view separators) {
  const bool white = separators.find(' ') != separators.npos;  // runs of white space are one separator
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(separators), line.size());
    if (end > 0 || !white) fields.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  for (std::string_view& f : fields) {
    while (!f.empty() && f.front() == ' ') f.remove_prefix(1);
    while (!f.empty() && f.back() == ' ') f.remove_suffix(1);
  }
  return fields;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  if (line.find('\t') != line.npos) return split(line, "\t");
  if (line.find(',') != line.npos) return split(line, ",");
  return split(line, " ");
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Take>
void for_each_line(const BytesIn& in, Take take) {
  std::string_view text = in.bytes();
  for (std::int64_t line = 1; !text.empty(); ++line) {
    std::string_view row = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(row.size() + 1, text.size()));
    if (check_utf8(row) != row.npos) in.fail_at_line(line, "the line isn't UTF-8");
    if (line == 1 && row.substr(0, 3) == "\xEF\xBB\xBF") row.remove_prefix(3);
    while (!row.empty() && (row.back() == '\r' || row.back() == ' ')) row.remove_suffix(1);
    take(line, row);
  }
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    const double x = static_cast<double>(a[d]), y = static_cast<double>(b[d]);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa == 0 || bb == 0 ? 0 : ab / std::sqrt(aa * bb);
}

std::vector<double> ranks(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> out(x.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && x[order[j]] == x[order[i]]) ++j;
    for (std::size_t t = i; t < j; ++t) out[order[t]] = static_cast<double>(i + j - 1) / 2;
    i = j;
  }
  return out;
}

struct Question {
  std::size_t section;
  std::int32_t a, b, c, d;
};

/// Gives the questions that can be asked and counts the others.
std::vector<Question> read_analogies(const BytesIn& in, const Names& names,
                                     std::vector<AnalogyScores>& sections) {
  std::vector<Question> questions;
  for_each_line(in, [&](std::int64_t line, std::string_view text) {
    if (text.empty()) return;
    if (text[0] == ':') {
      const std::size_t begin = std::min(text.find_first_not_of(": "), text.size());
      sections.push_back({std::string(text.substr(begin)), 0, 0, 0, text.substr(begin, 4) == "gram"});
      return;
    }
    if (sections.empty()) sections.push_back({"", 0, 0, 0, false});
    const auto words = split(text, " \t");
    if (words.size() != 4) in.fail_at_line(line, "expected four words, got " + std::to_string(words.size()));
    const Question q{sections.size() - 1, names.find(words[0]), names.find(words[1]), names.find(words[2]),
                     names.find(words[3])};
    if (std::min({q.a, q.b, q.c, q.d}) < 0)
      ++sections.back().missing;
    else
      questions.push_back(q);
  });
  return questions;
}

}  // namespace

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  if (x.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n,
               my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xx == 0 || yy == 0 ? std::numeric_limits<double>::quiet_NaN() : xy / std::sqrt(xx * yy);
}

double spearman(const std::vector<double>& x, const std::vector<double>& y) {
  return pearson(ranks(x), ranks(y));
}

bool is_analogy_file(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (!text.empty() && text[0] == ':') return true;
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const auto words = split(line, " ");
  return line.find_first_of("\t,") == line.npos && words.size() == 4 && !number(words[2]);
}

PairScores evaluate_pairs(const EmbeddingModel& model, const std::filesystem::path& path,
                          const EvaluationOptions& options) {
  const BytesIn in(path);
  const Names names(model, options);
  PairScores out;
  std::vector<double> people, cosines;
  std::vector<float> a(static_cast<std::size_t>(model.dimension())), b(a.size());
  const auto vector_of = [&](std::string_view word, std::vector<float>& v) {
    const std::int32_t i = names.find(word);
    if (i >= 0) return model.vector(model.dictionary.text(i), v);
    return options.subwords && model.vector(word, v);
  };
  std::size_t column = 2;
  for_each_line(in, [&](std::int64_t line, std::string_view text) {
    if (text.empty() || text[0] == '#') return;
    const auto fields = fields_of(text);
    if (line == 1) {
      const auto known = std::find(fields.begin(), fields.end(), "SimLex999");
      if (known != fields.end()) column = static_cast<std::size_t>(known - fields.begin());
    }
    const auto score = fields.size() > column ? number(fields[column]) : std::nullopt;
    if (!score) {
      ++out.skipped;
      return;
    }
    ++out.pairs;
    if (!vector_of(fields[0], a) || !vector_of(fields[1], b)) {
      ++out.missing;
      return;
    }
    people.push_back(*score);
    cosines.push_back(cosine(a, b));
  });
  if (out.pairs == 0)
    in.fail("no line of it is two words and a score", "expected lines such as `tiger<tab>cat<tab>7.35`");
  out.spearman = spearman(people, cosines);
  out.pearson = pearson(people, cosines);
  return out;
}

std::vector<AnalogyScores> evaluate_analogies(const EmbeddingModel& model, const VectorSearch& search,
                                              const std::filesystem::path& path,
                                              const EvaluationOptions& options) {
  constexpr std::size_t kAtOnce = 1024;
  constexpr std::int32_t kCandidates = 5;  // the first may be the question's words in another case
  const BytesIn in(path);
  const Names names(model, options);
  std::vector<AnalogyScores> sections;
  const std::vector<Question> questions = read_analogies(in, names, sections);
  if (sections.empty())
    in.fail("the file has no questions", "expected lines such as `Athens Greece Oslo Norway`");
  for (std::size_t first = 0; first < questions.size(); first += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, questions.size() - first);
    Matrix queries(static_cast<std::int64_t>(count), model.dimension());
    std::vector<std::vector<std::int32_t>> asked(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Question& q = questions[first + i];
      const auto row = queries[static_cast<std::int64_t>(i)];
      const auto a = search.unit(q.a), b = search.unit(q.b), c = search.unit(q.c);
      for (std::size_t d = 0; d < row.size(); ++d) row[d] = b[d] - a[d] + c[d];
      asked[i] = {q.a, q.b, q.c};
    }
    const auto found = search.nearest(queries, kCandidates, asked);
    for (std::size_t i = 0; i < count; ++i) {
      const Question& q = questions[first + i];
      AnalogyScores& section = sections[q.section];
      ++section.asked;
      for (const Neighbour& n : found[i]) {
        const std::int32_t word = names.first_of(n.word);
        if (word == q.a || word == q.b || word == q.c) continue;
        section.right += word == q.d;
        break;
      }
    }
  }
  return sections;
}

}  // namespace weft::nlp
