#include "lang/label_hint.h"

#include <algorithm>

#include "lang/diagnostic.h"

namespace weft {

std::string label_hint(const std::string& label, const Labels& labels) {
  constexpr std::size_t kNear = 3;
  constexpr std::int64_t kListed = 8;
  const auto quoted = [](const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i)
      out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + ("\"" + names[i] + "\"");
    return out;
  };
  std::vector<std::string> candidates = labels.names(), near;
  while (near.size() < kNear) {
    const std::string next = nearest(label, candidates);
    if (next.empty()) break;
    near.push_back(next);
    std::erase(candidates, next);
  }
  if (!near.empty()) return "did you mean " + quoted(near) + "?";
  return labels.size() <= kListed ? "a label is " + quoted(labels.names()) : "";
}

}  // namespace weft
