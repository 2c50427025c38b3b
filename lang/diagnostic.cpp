#include "lang/diagnostic.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lang/utf8.h"

namespace weft {
namespace {

/// Names longer than this aren't compared: the cost is quadratic.
constexpr std::size_t kLongestName = 128;

std::u32string characters(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character c = decode_utf8(text, at);
    out += c.value;
    at += c.length;
  }
  return out;
}

/// Insertions, deletions, substitutions and swaps of neighbours that make b of a (each place edited once).
/// Source: Damerau 1964; the recurrence of optimal string alignment.
std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::array<std::vector<std::size_t>, 3> rows;  // i - 2, i - 1, i
  for (auto& row : rows) row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows[2][0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[2][j] = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        rows[2][j] = std::min(rows[2][j], rows[0][j - 2] + 1);
      }
    }
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
  }
  return rows[1][b.size()];
}

bool equal_but_for_case(const std::u32string& a, const std::u32string& b) {
  const auto lower = [](char32_t c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char32_t x, char32_t y) { return lower(x) == lower(y); });
}

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text) {
  Source source{std::move(name), std::move(text), {0}};
  for (std::size_t at = source.text.find('\n'); at != std::string::npos;
       at = source.text.find('\n', at + 1)) {
    source.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
  }
  sources_.push_back(std::move(source));
  return size() - 1;
}

std::string_view Sources::text(Span span) const {
  if (span.file >= size()) return {};
  const std::string_view all = sources_[span.file].text;
  if (span.begin >= all.size() || span.end <= span.begin) return {};
  return all.substr(span.begin, span.end - span.begin);
}

Sources::Position Sources::position(std::uint32_t file, std::uint32_t offset) const {
  const Source& source = sources_.at(file);
  const auto& starts = source.line_starts;
  const auto line = std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin();
  Position position;
  position.line = static_cast<std::uint32_t>(line);
  const std::size_t end = std::min<std::size_t>(offset, source.text.size());
  for (std::size_t at = starts[static_cast<std::size_t>(line - 1)]; at < end;) {
    at += decode_utf8(source.text, at).length;
    if (at <= end) ++position.column;
  }
  return position;
}

bool has_errors(const std::vector<Diagnostic>& all) {
  return std::any_of(all.begin(), all.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > kLongestName) return {};
  const std::u32string wanted = characters(name);
  const std::size_t limit = std::max<std::size_t>(1, wanted.size() / 3);
  std::string best;
  std::size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    if (candidate == name || candidate.size() > kLongestName) continue;
    const std::u32string other = characters(candidate);
    std::size_t distance = 0;
    if (equal_but_for_case(wanted, other)) {
      distance = 1;
    } else {
      const std::size_t lengths =
          std::max(wanted.size(), other.size()) - std::min(wanted.size(), other.size());
      if (lengths > limit) continue;
      distance = edit_distance(wanted, other);
      // Of a name of one letter nothing would be left.
      if (distance >= std::max(wanted.size(), other.size())) continue;
    }
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace weft
