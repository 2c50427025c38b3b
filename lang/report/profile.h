#pragma once

#include <string>

#include "lang/diagnostic.h"
#include "tensor/profile.h"

namespace weft {

/// Where a run's time went: a table by op and one by source line, the most first, each with its share of the
/// time that kernel calls took, seconds, calls, and the rates of floating-point operations and bytes that
/// plan_cost's counts come to. Ends with a newline.
std::string profile_report(const Profile& profile, const Sources& sources);

/// The last runs of each plan, call by call, as trace events that Chrome (about:tracing) and Perfetto open.
/// Throws system_error.
void write_trace(const std::string& path, const Profile& profile, const Sources& sources);

}  // namespace weft
