#include "lang/run/plateau.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace weft {

std::int64_t count_plateaus(const std::vector<std::string>& history, const std::string& metric,
                            bool larger_is_better, std::int64_t patience) {
  double best = std::numeric_limits<double>::infinity();
  std::int64_t plateaus = 0, waited = 0;
  for (const std::string& epoch : history) {
    const auto record = nlohmann::json::parse(epoch);
    const auto found = record.find(metric);
    const bool known = found != record.end() && found->is_number();
    const double x = known ? found->get<double>() * (larger_is_better ? -1 : 1) : best;
    if (x < best) {
      best = x;
      waited = 0;
    } else if (++waited == patience) {
      ++plateaus;
      waited = 0;
    }
  }
  return plateaus;
}

}  // namespace weft
