#include "nlp/embedding/classifier/token_table.h"

#include <limits>
#include <stdexcept>

namespace weft::nlp {

std::uint32_t TokenTable::insert(std::size_t slot, std::string_view text, std::uint32_t hash, bool label,
                                 std::int64_t times) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  if (entries_.size() >= kMost || text.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::length_error("the corpus has more different words than can be numbered (2^31)");
  entries_.push_back({hash, static_cast<std::uint32_t>(text.size()), texts_.size(), times, label});
  texts_ += text;
  slots_[slot] = {size(), hash};
  if (entries_.size() * 2 > slots_.size()) {
    slots_.assign(slots_.size() * 2, {});
    mask_ = slots_.size() - 1;
    for (std::uint32_t i = 0; i < size(); ++i) {
      std::size_t to = entries_[i].hash & mask_;
      while (slots_[to].number != 0) to = (to + 1) & mask_;
      slots_[to] = {i + 1, entries_[i].hash};
    }
  }
  return size() - 1;
}

}  // namespace weft::nlp
