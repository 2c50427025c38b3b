#pragma once

#include <cstdint>
#include <string>

namespace weft {

/// Bytes of memory that can still be had without another program suffering, of the machine and of the control
/// group this process is in; 2^63 - 1 where the system doesn't say.
std::int64_t free_memory();

/// "1.50 GiB".
std::string memory_size(std::int64_t bytes);

}  // namespace weft
