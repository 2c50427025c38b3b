#pragma once

#include <string>
#include <string_view>

namespace weft {

/// The texts one after the other.
template <class... Parts>
std::string concat(const Parts&... parts) {
  const std::string_view views[] = {parts...};
  std::size_t size = 0;
  for (const auto view : views) size += view.size();
  std::string out;
  out.reserve(size);
  for (const auto view : views) out += view;
  return out;
}

}  // namespace weft
